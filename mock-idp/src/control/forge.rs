//! The forge: any token, as the request describes it.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Shared, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    state::State,
    token::{Signature, SignedToken, TokenBuilder, TokenVersion},
};

use super::{bad_request, read};

/// What the forge is asked for; every field may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ForgeRequest {
    pub(crate) tenant: Option<String>,
    pub(crate) client: Option<String>,
    /// None makes an app-only token.
    pub(crate) user: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) version: Option<Version>,
    pub(crate) kind: Kind,
    pub(crate) expires_in: Option<i64>,
    /// Set or replaced; `null` is a value.
    pub(crate) claims: Map<String, Value>,
    pub(crate) without: Vec<String>,
    pub(crate) header: Map<String, Value>,
    pub(crate) without_header: Vec<String>,
    pub(crate) signature: Signature,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) enum Version {
    #[serde(rename = "1.0")]
    V1,
    #[serde(rename = "2.0")]
    V2,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    #[default]
    Access,
    Id,
}

pub(super) async fn forge(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<SignedToken>, (StatusCode, Json<Value>)> {
    let request: ForgeRequest = read(&body)?;
    request.apply(state.token()).try_sign().map(Json).map_err(|error| bad_request(error.to_string()))
}

impl ForgeRequest {
    /// Asks all of it of the builder.
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
            builder = builder.version(match version {
                Version::V1 => TokenVersion::V1,
                Version::V2 => TokenVersion::V2,
            });
        }
        if let Some(seconds) = self.expires_in {
            builder = builder.expires_in(seconds);
        }
        if matches!(self.kind, Kind::Id) {
            builder = builder.id_token();
        }
        builder = self.claims.into_iter().fold(builder, |builder, (name, value)| builder.claim(name, value));
        builder = self.without.into_iter().fold(builder, TokenBuilder::without);
        builder = self.header.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
        builder = self.without_header.into_iter().fold(builder, TokenBuilder::without_header);
        builder.signature(self.signature)
    }
}
