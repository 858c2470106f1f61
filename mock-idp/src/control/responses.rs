//! Response bodies of the control surface.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    clock::{Clock, Setting},
    directory::{App, AppKind, Directory, User},
    endpoint::Endpoint,
    requests::RecordedRequest,
    token::KeyRing,
};

/// The mock serves.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Health {
    /// `ok`.
    pub(super) status: &'static str,
    /// The mock's version.
    pub(super) version: &'static str,
}

/// The signing keys.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Keys {
    /// The `kid` of the key that signs.
    current: String,
    /// All published keys as JSON Web Keys: the current one, the next one, then the old ones, newest first.
    keys: Vec<Value>,
}

impl From<&KeyRing> for Keys {
    fn from(ring: &KeyRing) -> Self {
        Self {
            current: ring.current().kid().to_owned(),
            keys: ring.published_keys().map(|key| key.jwk()).collect(),
        }
    }
}

/// The clock.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ClockResponse {
    /// Its time, in seconds since 1970.
    now: i64,
    /// How many seconds it is ahead of the system's clock.
    offset_seconds: i64,
    /// The time it is frozen at, in seconds since 1970; `null` while it runs.
    frozen_at: Option<i64>,
}

impl From<&Clock> for ClockResponse {
    fn from(clock: &Clock) -> Self {
        let Setting { offset_seconds, frozen_at } = clock.setting();
        Self { now: clock.seconds(), offset_seconds, frozen_at }
    }
}

/// The recorded requests.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RequestsResponse {
    /// The number of requests by kind of endpoint, including those no longer kept.
    pub(super) counts: BTreeMap<Endpoint, u64>,
    /// The requests, newest last.
    pub(super) requests: Vec<RecordedRequest>,
}

/// The directory as tests read it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DirectoryResponse {
    tenants: Vec<TenantEntry>,
    apps: Vec<AppEntry>,
    users: Vec<UserEntry>,
}

/// A tenant; the first is the home tenant.
#[derive(Debug, Serialize, JsonSchema)]
struct TenantEntry {
    /// The GUID.
    tenant_id: String,
    name: String,
    domain: String,
}

/// An app registration.
#[derive(Debug, Serialize, JsonSchema)]
struct AppEntry {
    name: String,
    tenant_id: Option<String>,
    client_id: String,
    kind: AppKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier_uri: Option<String>,
    scopes: Vec<String>,
    app_roles: Vec<String>,
    redirect_uris: Vec<String>,
}

/// A user.
#[derive(Debug, Serialize, JsonSchema)]
struct UserEntry {
    name: String,
    /// The name for people.
    display_name: String,
    tenant_id: Option<String>,
    upn: String,
    oid: String,
    password: String,
    /// Whether the user's home is another tenant.
    guest: bool,
    /// The number of groups that the user is in.
    groups: usize,
}

impl From<&Directory> for DirectoryResponse {
    fn from(directory: &Directory) -> Self {
        let tenant_id = |name: &str| directory.tenant(name).map(|tenant| tenant.tenant_id.clone());
        let app = |app: &App| AppEntry {
            name: app.name.clone(),
            tenant_id: tenant_id(&app.tenant),
            client_id: app.client_id.clone(),
            kind: app.kind,
            client_secret: app.client_secret.clone(),
            identifier_uri: app.identifier_uri.clone(),
            scopes: app.scopes.clone(),
            app_roles: app.app_roles.clone(),
            redirect_uris: app.redirect_uris.iter().map(|redirect| redirect.uri.clone()).collect(),
        };
        let user = |user: &User| UserEntry {
            name: user.name.clone(),
            display_name: user.display_name(),
            tenant_id: tenant_id(&user.tenant),
            upn: user.upn.clone(),
            oid: user.oid.clone(),
            password: user.password.clone(),
            guest: user.is_guest(),
            groups: user.group_count(),
        };
        let tenants = directory.tenants.iter().map(|tenant| TenantEntry {
            tenant_id: tenant.tenant_id.clone(),
            name: tenant.name.clone(),
            domain: tenant.domain.clone(),
        });
        Self {
            tenants: tenants.collect(),
            apps: directory.apps.iter().map(app).collect(),
            users: directory.users.iter().map(user).collect(),
        }
    }
}
