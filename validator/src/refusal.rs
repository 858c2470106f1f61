//! What a client is told when it is not let in.

use std::{error::Error, fmt};

use serde::Serialize;

use crate::{ClaimsChallenge, Forbidden, KeySetError, Rejection};

/// Every way in which a request is not let in: its header, the keys, its token, its permissions.
///
/// `Display` is for the operator's log; [`problem`](Self::problem) and [`challenge`](Self::challenge) are what the
/// client sees, and tell nothing of what the token held.
///
/// ```
/// use entra_validator::{Refusal, Rejection};
///
/// let refusal = Refusal::from(Rejection::KidMissing);
/// assert_eq!(refusal.status(), 401);
/// assert_eq!(refusal.problem(None).code, "auth_token_kid_missing");
/// assert_eq!(
///     refusal.challenge().unwrap(),
///     r#"Bearer error="invalid_token", error_description="auth_token_kid_missing""#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The request carries no usable bearer token.
    Header(HeaderError),
    /// The keys are not at hand; the token was not judged.
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
///
/// ```
/// assert_eq!(entra_validator::HeaderError::Missing.code(), "auth_header_missing");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is none.
    Missing,
    /// There is more than one, or it is not a scheme and one token.
    Malformed,
    /// It is of another scheme than `Bearer`.
    SchemeUnsupported,
    /// It is `Bearer` and nothing else.
    CredentialMissing,
}

/// A refusal's parts, for a log. Strangers' text in it is escaped and cut.
#[cfg(all(feature = "tracing", feature = "http", feature = "remote-keys"))]
#[derive(Debug, Default)]
pub(crate) struct Details {
    pub(crate) step: Option<u8>,
    pub(crate) kid: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) actual: Option<String>,
}

impl HeaderError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "auth_header_missing",
            Self::Malformed => "auth_header_malformed",
            Self::SchemeUnsupported => "auth_header_scheme_unsupported",
            Self::CredentialMissing => "auth_header_credential_missing",
        }
    }
}

impl Refusal {
    /// The stable code, the `type` of the problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Header(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Token(rejection) => rejection.code(),
            Self::Forbidden(forbidden) => forbidden.code(),
            Self::Claims(challenge) => challenge.code(),
        }
    }

    /// The HTTP status: 401, 403 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Header(_) => 401,
            Self::Keys(error) => error.status(),
            Self::Token(rejection) => rejection.status(),
            Self::Forbidden(forbidden) => forbidden.status(),
            Self::Claims(challenge) => challenge.status(),
        }
    }

    #[cfg(all(feature = "tracing", feature = "http", feature = "remote-keys"))]
    pub(crate) fn details(&self) -> Details {
        match self {
            Self::Token(rejection) => rejection.details(),
            _ => Details::default(),
        }
    }

    /// The body of the answer, `application/problem+json`
    /// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). `contact` is where the client's people can ask for help, a
    /// web or `mailto:` address.
    #[must_use]
    pub fn problem<'a>(&self, contact: Option<&'a str>) -> Problem<'a> {
        let (title, detail) = explanation(self.code());
        let detail = match self {
            Self::Token(Rejection::ClaimMissing { claim }) => {
                format!("The token lacks the claim '{claim}'. {detail}")
            }
            _ => detail.to_owned(),
        };
        Problem { code: self.code(), title, status: self.status(), detail, contact }
    }

    /// The value of `WWW-Authenticate` ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)); `None` where a
    /// better token would not help (503). A request without any credentials is told the scheme and nothing else (§3.1).
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        let error = match self {
            Self::Keys(_) => return None,
            Self::Header(HeaderError::Missing) => return Some("Bearer".to_owned()),
            Self::Claims(challenge) => return Some(format!("Bearer {}", challenge.members())),
            Self::Header(_) => "invalid_request",
            Self::Token(rejection) if rejection.status() == 401 => "invalid_token",
            Self::Token(_) | Self::Forbidden(_) => "insufficient_scope",
        };
        let scope = match self {
            Self::Forbidden(forbidden) => forbidden.scope().filter(|scope| is_scope(scope)),
            _ => None,
        };
        let scope = scope.map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
        Some(format!("Bearer error=\"{error}\", error_description=\"{}\"{scope}", self.code()))
    }
}

/// `scope-token`s separated by spaces (RFC 6749 §3.3): nothing in them can end the quoted string.
fn is_scope(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

/// The members of a problem ([RFC 9457 §3.1](https://www.rfc-editor.org/rfc/rfc9457#section-3.1)).
///
/// ```
/// # use entra_validator::{HeaderError, Refusal};
/// let problem = Refusal::Header(HeaderError::Missing).problem(Some("mailto:help@example.com"));
/// let json = serde_json::to_value(&problem).unwrap();
/// assert_eq!(json["type"], "auth_header_missing");
/// assert_eq!(json["contact"], "mailto:help@example.com");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem<'a> {
    /// The code, as a relative `type` reference.
    #[serde(rename = "type")]
    pub code: &'static str,
    /// A short sentence for people, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the client can do.
    pub detail: String,
    /// Where to ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<&'a str>,
}

fn explanation(code: &str) -> (&'static str, &'static str) {
    const NEW_TOKEN: &str = "Get a new token from Entra ID for this API and try again.";
    const LOOK: &str = "Look at it with a decoder such as https://jwt.ms, then get a new one for this API.";
    const ASK: &str = "Ask the people who run this API for access.";
    match code {
        "auth_header_missing" => (
            "No credentials were sent",
            "Send the header 'Authorization: Bearer TOKEN' with a token for this API.",
        ),
        "auth_header_malformed" => (
            "The authorization header is malformed",
            "Send the header once, as 'Authorization: Bearer TOKEN' with one space and one token.",
        ),
        "auth_header_scheme_unsupported" => (
            "The authorization scheme is not supported",
            "This API takes bearer tokens: 'Authorization: Bearer TOKEN'.",
        ),
        "auth_header_credential_missing" => (
            "The authorization header holds no token",
            "Put the token behind the scheme: 'Authorization: Bearer TOKEN'.",
        ),
        "auth_oidc_error" => (
            "The identity provider's metadata is not available",
            "Nothing is wrong with the token as far as we know. Try again later.",
        ),
        "auth_jwks_error" => (
            "The identity provider's signing keys are not available",
            "Nothing is wrong with the token as far as we know. Try again later.",
        ),
        "auth_token_invalid" => ("The token is not a signed JSON Web Token", LOOK),
        "auth_token_header_invalid" => ("The token's header is not usable", LOOK),
        "auth_token_algorithm_not_allowed" => ("The token's algorithm is not allowed", NEW_TOKEN),
        "auth_token_type_not_allowed" => {
            ("The token is of another type", "Send an access token, no other kind.")
        }
        "auth_token_kid_missing" => ("The token names no signing key", NEW_TOKEN),
        "auth_token_key_unknown" => ("The token's signing key is not known", NEW_TOKEN),
        "auth_token_key_unsuitable" => ("The token's signing key is not suitable", NEW_TOKEN),
        "auth_token_signature_untrusted" => ("The token's signature is not trusted", NEW_TOKEN),
        "auth_token_claims_invalid" => ("The token's claims are not usable", LOOK),
        "auth_token_claim_missing" => {
            ("The token lacks a required claim", "Send an access token, not an ID token.")
        }
        "auth_token_ver_not_supported" => (
            "The token's version is not supported",
            "The version follows from the API's registration ('requestedAccessTokenVersion'); report this.",
        ),
        "auth_token_tenant_not_trusted" => {
            ("The token's tenant is not served here", "Sign in with another tenant.")
        }
        "auth_token_issuer_untrusted" => ("The token's issuer is not trusted", LOOK),
        "auth_token_audience_invalid" => {
            ("The token was issued for another API", "Ask Entra ID for a token for this API and try again.")
        }
        "auth_token_expired" => ("The token has expired", NEW_TOKEN),
        "auth_token_immature" => {
            ("The token is not valid yet", "Try again later, or set the clock that issued it.")
        }
        "auth_token_issued_in_future" => {
            ("The token was issued in the future", "Try again later, or set the clock that issued it.")
        }
        "auth_token_permissions_missing" => ("The token carries no permission", ASK),
        "auth_token_azp_not_trusted" => ("The client application is not allowed here", ASK),
        "auth_token_subject_not_trusted" => ("The account is not allowed here", ASK),
        "auth_token_insufficient_claims" => (
            "The token does not prove enough",
            "Ask Entra ID for a new token with the claims in the challenge; Microsoft's client libraries do that.",
        ),
        "auth_token_insufficient_scopes" => ("The token does not allow this", ASK),
        _ => ("The request was refused", ASK),
    }
}

impl From<HeaderError> for Refusal {
    fn from(error: HeaderError) -> Self {
        Self::Header(error)
    }
}

impl From<KeySetError> for Refusal {
    fn from(error: KeySetError) -> Self {
        Self::Keys(error)
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Token(rejection)
    }
}

impl From<ClaimsChallenge> for Refusal {
    fn from(challenge: ClaimsChallenge) -> Self {
        Self::Claims(challenge)
    }
}

impl From<Forbidden> for Refusal {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden)
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Missing => "no Authorization header",
            Self::Malformed => "malformed Authorization header",
            Self::SchemeUnsupported => "the Authorization header is not of the scheme Bearer",
            Self::CredentialMissing => "the Authorization header holds no token",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(error) => error.fmt(out),
            Self::Keys(error) => error.fmt(out),
            Self::Token(rejection) => rejection.fmt(out),
            Self::Forbidden(forbidden) => forbidden.fmt(out),
            Self::Claims(challenge) => challenge.fmt(out),
        }
    }
}

impl Error for HeaderError {}
impl Error for Refusal {}
