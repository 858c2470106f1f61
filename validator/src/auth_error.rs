//! Why a request was refused.

use std::{error::Error, fmt};

use crate::{ClaimsChallenge, Code, Forbidden, KeySetError, Rejection};

/// Why a request was refused: its `Authorization` header, the keys, its token, or its permissions.
///
/// `Display` is for the operator's log. [`problem`](Self::problem) and [`challenge`](Self::challenge) are what the client
/// sees: they say nothing about what the token held.
///
/// ```
/// use entra_validator::{AuthError, Code, Rejection};
///
/// let error = AuthError::from(Rejection::KidMissing);
/// assert_eq!((error.code(), error.status()), (Code::KidMissing, 401));
/// assert_eq!(error.problem(None).title, "The token names no key");
/// assert_eq!(
///     error.challenge().unwrap(),
///     r#"Bearer error="invalid_token", error_description="auth_token_kid_missing""#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The request carries no usable bearer token.
    Credentials(CredentialsError),
    /// The keys are unavailable; the token was not judged.
    Keys(KeySetError),
    /// The token was refused.
    Token(Rejection),
    /// The token is good, but does not allow this.
    Forbidden(Forbidden),
    /// The token is good, but the client must get one that proves more.
    Claims(ClaimsChallenge),
}

/// What is wrong with the request's `Authorization` header
/// ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// There is none.
    Missing,
    /// There is more than one, or it is not a scheme and one token.
    Malformed,
    /// Its scheme is not `Bearer`.
    SchemeUnsupported,
    /// It is `Bearer` and nothing else.
    CredentialMissing,
}

impl CredentialsError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            Self::Missing => Code::HeaderMissing,
            Self::Malformed => Code::HeaderMalformed,
            Self::SchemeUnsupported => Code::HeaderSchemeUnsupported,
            Self::CredentialMissing => Code::HeaderCredentialMissing,
        }
    }
}

impl AuthError {
    /// The stable code, the `type` of the problem.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Credentials(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Token(rejection) => rejection.code(),
            Self::Forbidden(forbidden) => forbidden.code(),
            Self::Claims(challenge) => challenge.code(),
        }
    }

    /// The HTTP status: 401, 403 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status()
    }
}

impl From<CredentialsError> for AuthError {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

impl From<KeySetError> for AuthError {
    fn from(error: KeySetError) -> Self {
        Self::Keys(error)
    }
}

impl From<Rejection> for AuthError {
    fn from(rejection: Rejection) -> Self {
        Self::Token(rejection)
    }
}

impl From<Forbidden> for AuthError {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden)
    }
}

impl From<ClaimsChallenge> for AuthError {
    fn from(challenge: ClaimsChallenge) -> Self {
        Self::Claims(challenge)
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Missing => "no Authorization header",
            Self::Malformed => "malformed Authorization header",
            Self::SchemeUnsupported => "the scheme of the Authorization header is not Bearer",
            Self::CredentialMissing => "the Authorization header holds no token",
        })
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials(error) => error.fmt(out),
            Self::Keys(error) => error.fmt(out),
            Self::Token(rejection) => rejection.fmt(out),
            Self::Forbidden(forbidden) => forbidden.fmt(out),
            Self::Claims(challenge) => challenge.fmt(out),
        }
    }
}

impl Error for CredentialsError {}
impl Error for AuthError {}
