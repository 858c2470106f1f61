//! Work before the signature: what a stranger's token costs.

use std::sync::LazyLock;

use allocation_counter::{AllocationInfo, measure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::fixture::{FIXTURE, is_before_claims, now};

/// What a good token costs, which a server pays for every honest request.
static GOOD: LazyLock<AllocationInfo> = LazyLock::new(|| {
    let token = FIXTURE.world.token().sign();
    // What is initialised once is not a cost of the token.
    cost(&token);
    cost(&token)
});

/// Any bytes as the header of an unsigned token, as its payload, and as the whole token.
///
/// # Panics
///
/// If a token that the signature step or an earlier one refuses makes more than twice as many allocations as a good token,
/// or has more than twice as much memory in use at once, its own length aside.
pub fn unsigned(input: &[u8]) {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let signature = encode(&[0; 256]);
    let header = format!(r#"{{"typ":"JWT","alg":"RS256","kid":"{}"}}"#, FIXTURE.world.kid());
    check(&format!("{}.e30.{signature}", encode(input)));
    check(&format!("{}.{}.{signature}", encode(header.as_bytes()), encode(input)));
    if let Ok(token) = std::str::from_utf8(input) {
        check(token);
    }
}

fn check(token: &str) {
    match FIXTURE.validator.validate(token, &FIXTURE.keys, now()) {
        Err(rejection) if is_before_claims(&rejection) => {}
        _ => return,
    }
    let (cost, good) = (cost(token), *GOOD);
    assert!(
        cost.count_total <= 2 * good.count_total,
        "{} allocations, a good token makes {}: {token}",
        cost.count_total,
        good.count_total
    );
    let length = token.len() as u64;
    assert!(
        cost.bytes_max <= 2 * good.bytes_max + length,
        "{} bytes at once for a token of {length}, a good token takes {}: {token}",
        cost.bytes_max,
        good.bytes_max
    );
}

fn cost(token: &str) -> AllocationInfo {
    measure(|| {
        let _ = FIXTURE.validator.validate(token, &FIXTURE.keys, now());
    })
}
