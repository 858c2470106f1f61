//! The secret that lets other machines use the control surface.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};

/// What everyone must present to use the control surface. Kept as a digest: it is compared in constant time, whatever its
/// length, and cannot be printed.
#[derive(Debug)]
pub(crate) struct ControlToken([u8; 32]);

impl ControlToken {
    /// # Errors
    ///
    /// If the text cannot travel as a bearer token
    /// ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err("the control token must consist of letters, digits and -._~+/=".to_owned());
        }
        Ok(Self(Self::digest(text)))
    }

    pub(crate) fn matches(&self, presented: &str) -> bool {
        verify_slices_are_equal(&Self::digest(presented), &self.0).is_ok()
    }

    fn digest(text: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        bytes
    }
}
