//! Tokens that the honest key signs, for whatever purpose.

use std::sync::OnceLock;

/// Signed once for each world: a fuzzer asks a hundred thousand times a second. A copy of a world may be another moment, so it
/// begins without them.
#[derive(Debug, Default)]
pub(super) struct Genuine(OnceLock<Vec<String>>);

impl Clone for Genuine {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Genuine {
    pub(super) fn get(&self, sign: impl FnOnce() -> Vec<String>) -> &[String] {
        self.0.get_or_init(sign)
    }
}
