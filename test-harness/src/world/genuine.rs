//! What is made of the honest key once, because a fuzzer asks a hundred thousand times a second.

use std::sync::OnceLock;

/// A copy of a world may be another moment, so it begins without them.
#[derive(Debug, Default)]
pub(super) struct Genuine {
    /// Tokens that the honest key signs, for whatever purpose.
    pub(super) tokens: OnceLock<Vec<String>>,
    /// Its public key in PEM, and the modulus.
    pub(super) public_key: OnceLock<(String, Vec<u8>)>,
}

impl Clone for Genuine {
    fn clone(&self) -> Self {
        Self::default()
    }
}
