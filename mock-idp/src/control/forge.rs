//! The forge: any token, as the request describes it.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    idp::Idp,
    token::{Signature, SignedToken, TokenBuilder, TokenKind, TokenVersion},
};

use super::refusal::{Refused, read};

/// What the forge makes; every field may be left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ForgeRequest {
    /// The tenant: name, GUID or domain.
    pub tenant: Option<String>,
    /// The client that asks for it: name or client id.
    pub client: Option<String>,
    /// The user: name, user principal name, mail address or object id. Default: an app-only token.
    pub user: Option<String>,
    /// The API: identifier URI or client id. Text that is neither becomes the `aud` itself.
    pub audience: Option<String>,
    /// The delegated scopes, granted or not. Default: those that are granted.
    pub scopes: Option<Vec<String>>,
    /// The app roles, assigned or not. Default: those that are assigned.
    pub roles: Option<Vec<String>>,
    /// The version. Default: the one that the API's registration asks for.
    pub version: Option<TokenVersion>,
    /// The kind.
    pub kind: TokenKind,
    /// Seconds until it expires; negative for an expired token.
    pub expires_in: Option<i64>,
    /// Claims to set or replace; `null` is a value.
    pub claims: Map<String, Value>,
    /// Claims to leave out.
    pub without: Vec<String>,
    /// Members of the header to set or replace.
    pub header: Map<String, Value>,
    /// Members of the header to leave out.
    pub without_header: Vec<String>,
    /// What the third part holds.
    pub signature: Signature,
}

pub(super) async fn forge(State(idp): State<Arc<Idp>>, body: Bytes) -> Result<Json<SignedToken>, Refused> {
    let request: ForgeRequest = read(&body)?;
    let forged = request.apply(idp.token()).try_sign();
    forged.map(Json).map_err(|error| Refused::bad_request(error.to_string()))
}

impl ForgeRequest {
    /// Passes all of it to the builder.
    pub(crate) fn apply(self, mut builder: TokenBuilder) -> TokenBuilder {
        let optional = [
            (self.tenant, TokenBuilder::tenant::<String> as fn(TokenBuilder, String) -> TokenBuilder),
            (self.client, TokenBuilder::client::<String>),
            (self.user, TokenBuilder::user::<String>),
            (self.audience, TokenBuilder::audience::<String>),
        ];
        for (value, ask) in optional {
            if let Some(value) = value {
                builder = ask(builder, value);
            }
        }
        if let Some(scopes) = self.scopes {
            builder = builder.scopes(scopes);
        }
        if let Some(roles) = self.roles {
            builder = builder.roles(roles);
        }
        if let Some(version) = self.version {
            builder = builder.version(version);
        }
        if let Some(seconds) = self.expires_in {
            builder = builder.expires_in(seconds);
        }
        if self.kind == TokenKind::Id {
            builder = builder.id_token();
        }
        builder = self.claims.into_iter().fold(builder, |builder, (name, value)| builder.claim(name, value));
        builder = self.without.into_iter().fold(builder, TokenBuilder::without_if_present);
        builder = self.header.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
        builder = self.without_header.into_iter().fold(builder, TokenBuilder::without_header_if_present);
        builder.signature(self.signature)
    }
}
