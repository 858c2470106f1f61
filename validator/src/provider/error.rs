//! Why the keys are unavailable.

use std::{error::Error, fmt};

use crate::Code;

/// The identity provider's metadata or keys are unavailable. That says nothing about any token: an API responds with 503,
/// not 401.
///
/// ```
/// use entra_validator::{Code, KeySetError};
///
/// let error = KeySetError::Discovery { reason: "connection refused".into() };
/// assert_eq!((error.code(), error.status()), (Code::OidcError, 503));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// The discovery document could not be fetched, or does not fit the configured authority.
    Discovery {
        /// What went wrong.
        reason: String,
    },
    /// The key set could not be fetched or is unusable.
    Jwks {
        /// What went wrong.
        reason: String,
    },
}

impl KeySetError {
    /// The stable code: `auth_oidc_error` or `auth_jwks_error`.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Discovery { .. } => Code::OidcError,
            Self::Jwks { .. } => Code::JwksError,
        }
    }

    /// The HTTP status, always 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status()
    }
}

impl fmt::Display for KeySetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discovery { reason } => write!(out, "no usable discovery document: {reason}"),
            Self::Jwks { reason } => write!(out, "no usable key set: {reason}"),
        }
    }
}

impl Error for KeySetError {}
