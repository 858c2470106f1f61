//! Successful responses of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3): exactly the members that Entra
//! sends for the grant.

use serde::Serialize;

use crate::directory::Platform;

use super::{
    granted::Grant, mint::Mint, protocol_version::ProtocolVersion, response_options::ResponseOptions,
};

/// From this lifetime on, in seconds, `refresh_in` tells clients to renew a token at half its life
/// ([continuous access evaluation](https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation)).
const LONG_LIVED: i64 = 7200;

/// A response of one of the token endpoints, its members in Entra's order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum TokenResponse {
    V1(Box<ResponseV1>),
    V2(Box<ResponseV2>),
}

#[derive(Debug, Serialize)]
pub(crate) struct ResponseV2 {
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

/// Numbers are strings, and the resource is named.
#[derive(Debug, Serialize)]
pub(crate) struct ResponseV1 {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    expires_in: String,
    ext_expires_in: String,
    expires_on: String,
    not_before: String,
    resource: String,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<String>,
}

impl Mint<'_> {
    /// The response with the tokens that the grant allows.
    pub(crate) fn respond(&self, grant: Grant<'_>, options: &ResponseOptions) -> TokenResponse {
        match options.version {
            ProtocolVersion::V1 => TokenResponse::V1(Box::new(self.respond_v1(grant, options))),
            ProtocolVersion::V2 => TokenResponse::V2(Box::new(self.respond_v2(grant, options))),
        }
    }

    fn respond_v2(&self, grant: Grant<'_>, options: &ResponseOptions) -> ResponseV2 {
        let access_token = self.access_token(&grant, options);
        let expires_in = self.expires_in(&access_token);
        ResponseV2 {
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

    fn respond_v1(&self, grant: Grant<'_>, options: &ResponseOptions) -> ResponseV1 {
        let access_token = self.access_token(&grant, options);
        let claim = |name: &str| access_token.claims.get(name).cloned().unwrap_or_default().to_string();
        let expires_in = self.expires_in(&access_token).to_string();
        ResponseV1 {
            token_type: "Bearer",
            scope: grant.user.map(|_| grant.scopes.names.join(" ")),
            ext_expires_in: expires_in.clone(),
            expires_in,
            expires_on: claim("exp"),
            not_before: claim("nbf"),
            resource: grant.scopes.identifier(),
            id_token: self.id_token_if_asked(&grant, options),
            client_info: self.client_info(&grant, options),
            refresh_token: grant.refresh_token.map(|issued| issued.token),
            access_token: access_token.token,
        }
    }

    fn id_token_if_asked(&self, grant: &Grant<'_>, options: &ResponseOptions) -> Option<String> {
        grant.scopes.request.openid.then(|| self.id_token(grant, options, &[])).flatten()
    }
}
