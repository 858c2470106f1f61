//! Any text as a token.

use std::{collections::HashSet, sync::LazyLock};

use entra_test_harness::catalogue;

use crate::fixture::{FIXTURE, Verdict};

/// The tokens of the catalogue. Some of them the honest key has signed; nobody can write another one without it.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let tokens = catalogue().filter_map(|case| (case.forge)(&FIXTURE.scene).bearer().map(str::to_owned));
    tokens.collect()
});

/// Any text as a token.
///
/// # Panics
///
/// If a token that is not in the catalogue gets past the signature.
pub fn token(input: &[u8]) {
    let Ok(token) = std::str::from_utf8(input) else { return };
    let verdict = FIXTURE.judge(token);
    assert!(verdict == Verdict::Unsigned || KNOWN.contains(token), "{verdict:?}: {token}");
}
