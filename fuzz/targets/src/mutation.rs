//! Changes to a genuine token, in the structure of tokens.

use arbitrary::{Arbitrary as _, Unstructured};
use entra_test_harness::Mutation;

use crate::fixture::{FIXTURE, Verdict};

/// At most this many changes are made.
const MOST: usize = 16;

/// A list of changes to a genuine token.
///
/// # Panics
///
/// If the result passes the signature step and is not, byte for byte, a genuine token, or is accepted and is not for us.
pub fn mutation(input: &[u8]) {
    let (world, mutations) = (&FIXTURE.world, mutations(input));
    let changed = |token: String, mutation: &Mutation| mutation.apply(world, &token);
    let token = mutations.iter().fold(FIXTURE.acceptable[0].clone(), changed);
    let expected = match world.is_genuine(&token) {
        _ if FIXTURE.acceptable.contains(&token) => Verdict::Accepted,
        true => Verdict::Signed,
        false => Verdict::Unsigned,
    };
    assert_eq!(FIXTURE.judge(&token), expected, "{token}\n{mutations:#?}");
}

/// The changes that these bytes encode.
#[must_use]
pub fn mutations(input: &[u8]) -> Vec<Mutation> {
    let mut bytes = Unstructured::new(input);
    let mut mutations = Vec::new();
    while !bytes.is_empty() && mutations.len() < MOST {
        match Mutation::arbitrary(&mut bytes) {
            Ok(mutation) => mutations.push(mutation),
            Err(_) => break,
        }
    }
    mutations
}
