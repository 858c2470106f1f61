//! Who a token is about, and which client it is issued to for which API: every name looked up.

use std::{error::Error, fmt};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::directory::{App, AppKind, Directory, Tenant, User};

use super::{kind::TokenKind, signed::Members, spec::Spec};

/// Who a token is about, and which client it is issued to for which API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) tenant: &'a Tenant,
    pub(crate) client: &'a App,
    /// `None`: the client itself.
    pub(crate) user: Option<&'a User>,
    /// The API of an access token; `None` if the directory does not have it, Microsoft Graph for instance.
    pub(crate) api: Option<&'a App>,
    /// The identifier by which the API was asked for.
    pub(crate) audience: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// Looks up the names of a [`Spec`], and fills in defaults that fit.
    pub(super) fn named(directory: &'a Directory, spec: &'a Spec) -> Result<Self, ForgeError> {
        let user_key = spec.user.as_deref().or((spec.kind == TokenKind::Id).then_some("alice"));
        let user = match user_key {
            Some(key) => Some(directory.user(key).ok_or_else(|| ForgeError::unknown("user", key))?),
            None => None,
        };
        let client = match &spec.client {
            Some(key) => directory.app(key).ok_or_else(|| ForgeError::unknown("client", key))?,
            None => default_client(directory, user)?,
        };
        let tenant_key =
            spec.tenant.as_deref().or(user.map(|user| user.tenant.as_str())).unwrap_or(&client.tenant);
        let tenant = directory.tenant(tenant_key).ok_or_else(|| ForgeError::unknown("tenant", tenant_key))?;
        let (api, audience) = match (spec.audience.as_deref(), spec.kind) {
            (_, TokenKind::Id) => (None, None),
            (None, TokenKind::Access) => (directory.apps.iter().find(|app| app.kind == AppKind::Api), None),
            (Some(audience), TokenKind::Access) => (directory.api(audience), Some(audience)),
        };
        Ok(Self { directory, tenant, client, user, api, audience })
    }
}

fn default_client<'a>(directory: &'a Directory, user: Option<&User>) -> Result<&'a App, ForgeError> {
    let kind = if user.is_some() { AppKind::Public } else { AppKind::Daemon };
    directory.apps.iter().find(|app| app.kind == kind).ok_or_else(|| {
        let kind = if user.is_some() { "public client" } else { "daemon" };
        ForgeError(format!("the directory has no {kind} that could ask for the token: name a client"))
    })
}

/// The `sub` of a user for this reader: pairwise, it differs between the applications that read it.
pub(super) fn pairwise(user: &User, reader: &str) -> String {
    let pair = digest::digest(&digest::SHA256, format!("{} {reader}", user.oid).as_bytes());
    URL_SAFE_NO_PAD.encode(pair)
}

/// A token cannot be built: the directory does not have a tenant, client or user of that name, or the token does not have what
/// is to be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeError(String);

impl ForgeError {
    pub(crate) fn unknown(what: &str, key: &str) -> Self {
        Self(format!(
            "unknown {what} {key:?}: GET /_mock/directory and `mock-idp config` list the known ones"
        ))
    }

    pub(super) fn absent(what: &str, name: &str, members: &Members) -> Self {
        let present = members.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Self(format!("there is no {what} {name:?} to leave out: the token has {present}"))
    }
}

impl fmt::Display for ForgeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for ForgeError {}
