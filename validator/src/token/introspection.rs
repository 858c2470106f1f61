//! Token introspection (RFC 7662).

use std::fmt;

use serde::Serialize;

use crate::VerifiedToken;

/// The response to an introspection request
/// ([RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)), ready to be serialised.
///
/// Whoever serves it must authenticate the caller (§2.1), so that nobody can try tokens.
///
/// ```
/// use entra_validator::Introspection;
///
/// assert_eq!(serde_json::to_string(&Introspection::inactive()).unwrap(), r#"{"active":false}"#);
/// ```
///
/// `Debug` shows nothing about the person.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether the token is good for this API now.
    pub active: bool,
    /// Its scopes, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Its app roles, apart from the scopes: a user can consent to a scope of any name, but not to a role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The client application that it was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The user's name, for people to read (`preferred_username`, or `upn` in v1.0); never to decide by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was issued, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// From when it is valid, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Who it speaks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The API it was issued for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Its identifier, Entra's `uti`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

impl Introspection {
    /// The response for a token that is refused, for whatever reason: `active` is false and nothing else is said.
    #[must_use]
    pub fn inactive() -> Self {
        Self::default()
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Introspection")
            .field("active", &self.active)
            .field("scope", &self.scope)
            .field("roles", &self.roles)
            .field("client_id", &self.client_id)
            .field("exp", &self.exp)
            .field("aud", &self.aud)
            .field("iss", &self.iss)
            .finish_non_exhaustive()
    }
}

impl VerifiedToken {
    /// What [RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2) responds for this token.
    #[must_use]
    pub fn introspection(&self) -> Introspection {
        let claims = self.claims();
        let scopes: Vec<&str> = claims.scopes.iter().chain(&claims.scps).map(String::as_str).collect();
        Introspection {
            active: true,
            scope: (!scopes.is_empty()).then(|| scopes.join(" ")),
            roles: claims.roles.clone(),
            client_id: Some(claims.client.clone()).filter(|client| !client.is_empty()),
            username: self.claim("preferred_username").or_else(|| self.claim("upn")),
            token_type: Some("Bearer"),
            exp: Some(claims.exp),
            iat: claims.iat,
            nbf: claims.nbf,
            sub: Some(claims.sub.clone()),
            aud: claims.aud.first().cloned(),
            iss: Some(claims.iss.clone()),
            jti: self.claim("uti"),
        }
    }
}
