//! Any text as a token.

use std::{collections::HashSet, sync::LazyLock};

use crate::fixture::{ATTEMPTS, FIXTURE, Verdict};

/// The tokens of the catalogue. The honest key has signed some of them, and nobody can write another one without it.
static KNOWN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| ATTEMPTS.iter().filter_map(|(_, attempt)| attempt.bearer()).collect());

/// Any text as a token.
///
/// # Panics
///
/// If a token that is not in the catalogue passes the signature step.
pub fn token(input: &[u8]) {
    let Ok(token) = std::str::from_utf8(input) else { return };
    let verdict = FIXTURE.judge(token);
    assert!(verdict == Verdict::Unsigned || KNOWN.contains(token), "{verdict:?}: {token}");
}
