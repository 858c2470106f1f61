//! Why an authority was refused.

use std::{error::Error, fmt};

/// An invalid authority. The message says what is expected.
///
/// ```
/// let error = entra_validator::Authority::tenant("contoso.com").unwrap_err();
/// assert!(error.to_string().contains("GUID"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityError(pub(crate) String);

impl fmt::Display for AuthorityError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for AuthorityError {}
