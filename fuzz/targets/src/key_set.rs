//! Any bytes as a key set.

use std::sync::LazyLock;

use allocation_counter::measure;
use entra_validator::{KeySet, Rejection, VerifiedToken};
use serde_json::Value;

use crate::fixture::{FIXTURE, now};

/// What reading a key set of up to 256 KiB may take, in bytes.
const MOST_MEMORY: u64 = 8_000_000;

/// A token, and the modulus of the key that signed it, in the form of key sets.
struct Signed {
    token: String,
    kid: String,
    modulus: String,
}

static SIGNED: LazyLock<[Signed; 2]> = LazyLock::new(|| {
    let world = &FIXTURE.world;
    let modulus = |jwk: &Value| jwk["n"].as_str().unwrap_or_default().to_owned();
    let honest = &world.key_set()["keys"][0];
    let attacker = world.attacker_key();
    [
        Signed { token: world.token().sign(), kid: world.kid().to_owned(), modulus: modulus(honest) },
        // It claims to be signed by the honest key.
        Signed {
            token: world.token().signed_by(attacker.clone()).header("kid", world.kid()).sign(),
            kid: world.kid().to_owned(),
            modulus: modulus(&attacker.jwk()),
        },
    ]
});

/// Any bytes as a key set.
///
/// # Panics
///
/// If reading it takes more than 8 MB; if a set without keys or with more than 64 is accepted; if a token is accepted whose key is not in the set under the
/// token's `kid`; if the order of the keys matters.
pub fn key_set(input: &[u8]) {
    let mut keys = None;
    let memory = measure(|| keys = KeySet::from_jwks(input).ok()).bytes_max;
    assert!(memory <= MOST_MEMORY, "reading the key set takes {memory} bytes");
    let Some(keys) = keys else { return };
    assert!((1..=64).contains(&keys.len()), "{} keys", keys.len());
    // The strict reader takes nothing that an ordinary one does not.
    let document: Value = serde_json::from_slice(input).expect("a key set that is taken is JSON");
    let reversed = reversed(&document);
    for signed in SIGNED.iter() {
        let verdict = judge(signed, &keys);
        assert!(verdict.is_err() || publishes(&document, signed), "accepted by a key that is not published");
        if let Some(reversed) = &reversed {
            assert_eq!(verdict.is_ok(), judge(signed, reversed).is_ok(), "the order of the keys decides");
        }
    }
}

fn judge(signed: &Signed, keys: &KeySet) -> Result<VerifiedToken, Rejection> {
    FIXTURE.validator.validate(&signed.token, keys, now())
}

fn publishes(document: &Value, signed: &Signed) -> bool {
    let keys = document["keys"].as_array().map_or(&[][..], Vec::as_slice);
    keys.iter().any(|key| {
        key["kid"] == signed.kid.as_str()
            && key["n"] == signed.modulus.as_str()
            && key["kty"] == "RSA"
            && key["e"] == "AQAB"
    })
}

/// The same keys in reverse order. A rewritten document may exceed the size limit.
fn reversed(document: &Value) -> Option<KeySet> {
    let mut document = document.clone();
    document["keys"].as_array_mut()?.reverse();
    KeySet::from_jwks(document.to_string().as_bytes()).ok()
}
