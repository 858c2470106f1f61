//! Asking the client for a token that proves more.

use std::{
    error::Error,
    fmt::{self, Write as _},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{Code, VerifiedToken};

use super::response_settings::ResponseSettings;

/// A good token does not prove enough, and the challenge says what to request from Entra ID: HTTP 401, `insufficient_claims`,
/// in the form that Microsoft's client libraries understand
/// ([claims challenge](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
///
/// ```
/// use entra_validator::{ClaimsChallenge, AuthError};
///
/// let challenge = ClaimsChallenge::auth_context("c1", Some("https://login.microsoftonline.com/common/oauth2/v2.0/authorize"));
/// assert_eq!(challenge.claims(), r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#);
/// assert!(AuthError::from(challenge).challenge().unwrap().contains(r#"error="insufficient_claims""#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimsChallenge {
    claims: String,
    authorization_url: Option<String>,
    settings: Option<Arc<ResponseSettings>>,
}

impl ClaimsChallenge {
    /// Requests an authentication context. `authorization_url` is where the client can get such a token.
    #[must_use]
    pub fn auth_context(context: &str, authorization_url: Option<&str>) -> Self {
        let request = serde_json::json!({"access_token": {"acrs": {"essential": true, "value": context}}});
        Self::new(request.to_string(), authorization_url)
    }

    /// Passes a claims request (JSON) on to the client: the member `claims` of Entra's response to an on-behalf-of request, for
    /// an API that cannot fulfil it itself.
    ///
    /// ```
    /// # use entra_validator::ClaimsChallenge;
    /// let claims = r#"{"access_token":{"polids":{"essential":true,"values":["9ab03e19-ed42-4168-b6b7-7001fb3e933a"]}}}"#;
    /// assert_eq!(ClaimsChallenge::new(claims, None).claims(), claims);
    /// ```
    #[must_use]
    pub fn new(claims: impl Into<String>, authorization_url: Option<&str>) -> Self {
        Self {
            claims: claims.into(),
            authorization_url: authorization_url.map(str::to_owned),
            settings: None,
        }
    }

    /// Adds the settings of the server that accepted this token.
    pub(crate) fn of(self, token: &VerifiedToken) -> Self {
        Self { settings: token.settings().cloned(), ..self }
    }

    #[cfg(feature = "http")]
    pub(crate) fn settings(&self) -> Option<&ResponseSettings> {
        self.settings.as_deref()
    }

    /// The claims request (JSON) that the client is to send to Entra ID.
    #[must_use]
    pub fn claims(&self) -> &str {
        &self.claims
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::InsufficientClaims
    }

    /// The HTTP status, always 401.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status()
    }

    /// The members of the `Bearer` challenge. The claims travel in standard base64 with padding.
    pub(crate) fn members(&self) -> String {
        let url = quotable(self.authorization_url.as_deref().unwrap_or_default());
        let claims = STANDARD.encode(&self.claims);
        format!("realm=\"\", authorization_uri=\"{url}\", error=\"insufficient_claims\", claims=\"{claims}\"")
    }
}

/// A URL between the quotes of a challenge: what could end the quoted string, or the header, is percent-encoded.
pub(crate) fn quotable(url: &str) -> String {
    url.bytes().fold(String::with_capacity(url.len()), |mut quoted, byte| {
        if byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' {
            quoted.push(char::from(byte));
        } else {
            let _ = write!(quoted, "%{byte:02X}");
        }
        quoted
    })
}

impl fmt::Display for ClaimsChallenge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the token does not prove what is required: {}", self.claims)
    }
}

impl Error for ClaimsChallenge {}
