//! Successful responses of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3): exactly the members that Entra
//! sends for the grant.

use serde::Serialize;
use serde_json::{Value, json};

use crate::directory::Platform;

use super::{
    granted::Grant, mint::Mint, protocol_version::ProtocolVersion, response_options::ResponseOptions,
};

/// From this lifetime on, in seconds, `refresh_in` tells clients to renew a token at half its life
/// ([continuous access evaluation](https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation)).
const LONG_LIVED: i64 = 7200;

#[derive(Debug, Serialize)]
struct TokenResponse {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    expires_in: i64,
    ext_expires_in: i64,
    /// From when a client should ask for the next token, of one that lives long.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_in: Option<i64>,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Of a single-page app's refresh token, which ends however often it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<String>,
}

impl Mint<'_> {
    /// The response with the tokens that the grant allows.
    pub(crate) fn respond(&self, grant: Grant<'_>, options: &ResponseOptions) -> Value {
        match options.version {
            ProtocolVersion::V1 => self.respond_v1(grant, options),
            ProtocolVersion::V2 => serde_json::to_value(self.respond_v2(grant, options)).unwrap_or_default(),
        }
    }

    fn respond_v2(&self, grant: Grant<'_>, options: &ResponseOptions) -> TokenResponse {
        let access_token = self.access_token(&grant, options);
        let expires_in = self.expires_in(&access_token);
        TokenResponse {
            token_type: "Bearer",
            scope: grant.user.map(|_| grant.scopes.in_response()),
            expires_in,
            ext_expires_in: expires_in,
            refresh_in: (expires_in >= LONG_LIVED).then_some(expires_in / 2),
            access_token: access_token.token,
            id_token: self.id_token_if_asked(&grant, options),
            client_info: self.client_info(&grant, options),
            refresh_token_expires_in: grant
                .refresh_token
                .as_ref()
                .filter(|_| grant.platform == Platform::Spa)
                .map(|issued| issued.expires.saturating_sub(self.now).saturating_sub(1)),
            refresh_token: grant.refresh_token.map(|issued| issued.token),
        }
    }

    /// Numbers are strings, and the resource is named.
    fn respond_v1(&self, grant: Grant<'_>, options: &ResponseOptions) -> Value {
        let access_token = self.access_token(&grant, options);
        let claim = |name: &str| access_token.claims.get(name).cloned().unwrap_or_default().to_string();
        let mut body = json!({
            "token_type": "Bearer",
            "expires_in": self.expires_in(&access_token).to_string(),
            "ext_expires_in": self.expires_in(&access_token).to_string(),
            "expires_on": claim("exp"),
            "not_before": claim("nbf"),
            "resource": grant.scopes.identifier(),
            "access_token": access_token.token,
        });
        for (name, value) in [
            ("scope", grant.user.map(|_| grant.scopes.names.join(" "))),
            ("id_token", self.id_token_if_asked(&grant, options)),
            ("client_info", self.client_info(&grant, options)),
            ("refresh_token", grant.refresh_token.map(|issued| issued.token)),
        ] {
            if let Some(value) = value {
                body[name] = value.into();
            }
        }
        body
    }

    fn id_token_if_asked(&self, grant: &Grant<'_>, options: &ResponseOptions) -> Option<String> {
        grant.scopes.request.openid.then(|| self.id_token(grant, options, &[])).flatten()
    }
}
