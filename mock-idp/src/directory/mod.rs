//! Tenants, users, groups and app registrations: plain data, read from a config file.

mod check;

use std::{collections::BTreeMap, error::Error, fmt};

use serde::{Deserialize, Serialize};

/// The text of the built-in directory, printed by `mock-idp config`.
pub const BUILTIN_TOML: &str = include_str!("builtin.toml");

/// Microsoft Graph's application id, the resource of scopes without an address.
pub(crate) const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Microsoft Graph's identifier URI.
pub(crate) const GRAPH_URI: &str = "https://graph.microsoft.com";

/// Everything that the mock knows: the tenants with their users, groups and apps. The first tenant is home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Directory {
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// The security groups.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The app registrations, with their service principals.
    #[serde(default)]
    pub apps: Vec<App>,
    /// The users, guests included.
    #[serde(default)]
    pub users: Vec<User>,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tenant {
    /// What other entries call it.
    pub name: String,
    /// Its GUID.
    pub tenant_id: String,
    /// Its verified domain.
    pub domain: String,
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Group {
    /// What users' entries call it.
    pub name: String,
    /// The tenant's name.
    pub tenant: String,
    /// Its object id, a GUID: what tokens carry.
    pub id: String,
}

/// What an app registration is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// A protected API.
    Api,
    /// A client that can keep no secret.
    Public,
    /// A client with a secret and people signing in.
    Confidential,
    /// A client with a secret that speaks for itself.
    Daemon,
}

/// An app registration and its service principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct App {
    /// What other entries call it.
    pub name: String,
    /// The home tenant's name.
    pub tenant: String,
    /// What it is used as.
    pub kind: AppKind,
    /// The application (client) id, a GUID.
    pub client_id: String,
    /// The object id of its service principal, a GUID: `oid` and `sub` of its app-only tokens.
    pub service_principal_id: String,
    /// Its secret; none for public clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The identifier URI (App ID URI) of an API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier_uri: Option<String>,
    /// The delegated permissions that the API exposes.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The app roles that the API defines.
    #[serde(default)]
    pub app_roles: Vec<String>,
    /// Where sign-in may return to.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// Which version of access tokens the API wants (`requestedAccessTokenVersion`).
    #[serde(default)]
    pub token_version: RequestedVersion,
    /// Whether tokens for the API carry users' groups (`groupMembershipClaims`).
    #[serde(default)]
    pub group_claims: bool,
    /// Delegated scopes consented to for everyone, by the API's identifier URI.
    #[serde(default)]
    pub delegated: BTreeMap<String, Vec<String>>,
    /// App roles assigned to the app itself, by the API's identifier URI.
    #[serde(default)]
    pub assigned_roles: BTreeMap<String, Vec<String>>,
}

/// The version of access tokens that an API asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum RequestedVersion {
    /// 1, which an unset `requestedAccessTokenVersion` means too.
    #[default]
    V1,
    /// 2.
    V2,
}

impl TryFrom<u8> for RequestedVersion {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            1 => Ok(Self::V1),
            2 => Ok(Self::V2),
            other => Err(format!("token_version {other} does not exist: 1 or 2 is expected")),
        }
    }
}

impl From<RequestedVersion> for u8 {
    fn from(version: RequestedVersion) -> Self {
        match version {
            RequestedVersion::V1 => 1,
            RequestedVersion::V2 => 2,
        }
    }
}

/// An address where sign-in may return to, and the platform it is registered for, which decides how codes are redeemed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RedirectUri {
    /// The address.
    pub uri: String,
    /// The platform.
    #[serde(rename = "type")]
    pub platform: Platform,
}

/// The platform of a redirect URI ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// A web application with a server.
    Web,
    /// A page that redeems its code in the browser, across origins.
    Spa,
    /// A program on a person's machine.
    Public,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// What tests call the user.
    pub name: String,
    /// The tenant's name: for a guest the inviting one.
    pub tenant: String,
    /// The user principal name.
    pub upn: String,
    /// The object id, a GUID.
    pub oid: String,
    /// The password.
    pub password: String,
    /// The given name.
    #[serde(default)]
    pub given_name: String,
    /// The family name.
    #[serde(default)]
    pub family_name: String,
    /// The mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The home tenant's name, for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_tenant: Option<String>,
    /// The names of the user's groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// So many groups more, with made-up ids.
    #[serde(default)]
    pub generated_groups: u16,
    /// App roles assigned to the user, by the API's identifier URI.
    #[serde(default)]
    pub assigned_roles: BTreeMap<String, Vec<String>>,
}

impl User {
    /// The name for people.
    #[must_use]
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name).trim().to_owned();
        if name.is_empty() { self.name.clone() } else { name }
    }

    /// Whether the user's home is another tenant.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.home_tenant.is_some()
    }

    /// In how many groups the user is.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.groups.len() + usize::from(self.generated_groups)
    }
}

impl Directory {
    /// The built-in directory: tenants `contoso` and `fabrikam`, an API with three clients, four users.
    ///
    /// # Panics
    ///
    /// Never: the crate's tests read the same text.
    #[must_use]
    pub fn builtin() -> Self {
        Self::from_toml(BUILTIN_TOML).expect("the built-in directory is valid")
    }

    /// Reads a directory from TOML.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the line and the key, and what is expected there.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let directory: Self = toml::from_str(text).map_err(|error| ConfigError::in_toml(text, &error))?;
        check::check(&directory).map_err(|problem| problem.into_error(text))?;
        Ok(directory)
    }

    /// The first tenant.
    ///
    /// # Panics
    ///
    /// If the directory was built by hand without any tenant; one that was read has at least one.
    #[must_use]
    pub fn home_tenant(&self) -> &Tenant {
        self.tenants.first().expect("a directory has at least one tenant")
    }

    /// A tenant by name, GUID or domain.
    #[must_use]
    pub fn tenant(&self, key: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| {
            tenant.name == key
                || tenant.tenant_id.eq_ignore_ascii_case(key)
                || tenant.domain.eq_ignore_ascii_case(key)
        })
    }

    /// An app by name or client id.
    #[must_use]
    pub fn app(&self, key: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.name == key || app.client_id.eq_ignore_ascii_case(key))
    }

    /// An app by what names it as an API: identifier URI, client id, or `api://` and client id.
    #[must_use]
    pub fn api(&self, identifier: &str) -> Option<&App> {
        let bare = identifier.strip_suffix('/').unwrap_or(identifier);
        self.apps.iter().find(|app| {
            app.identifier_uri.as_deref() == Some(bare)
                || app.client_id.eq_ignore_ascii_case(bare.strip_prefix("api://").unwrap_or(bare))
        })
    }

    /// A user by name, user principal name, mail address or object id.
    #[must_use]
    pub fn user(&self, key: &str) -> Option<&User> {
        self.users.iter().find(|user| {
            user.name == key
                || user.upn.eq_ignore_ascii_case(key)
                || user.oid.eq_ignore_ascii_case(key)
                || user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(key))
        })
    }

    /// The object ids of the groups that the user is in.
    #[must_use]
    pub fn group_ids(&self, user: &User) -> Vec<String> {
        let named = self
            .groups
            .iter()
            .filter(|group| group.tenant == user.tenant && user.groups.contains(&group.name));
        let generated = (0..user.generated_groups).map(|n| format!("eeeeeeee-0000-4000-9000-{n:012x}"));
        named.map(|group| group.id.clone()).chain(generated).collect()
    }
}

/// A config file that cannot be used: one line that tells where and what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    line: Option<usize>,
    message: String,
}

impl ConfigError {
    fn in_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| line_of(text, span.start));
        let key =
            error.span().and_then(|span| text.get(span)).map(str::trim).filter(|key| !key.contains('\n'));
        let message = error.message().replace('\n', " ");
        let message = match key.filter(|key| !key.is_empty() && !message.contains(*key)) {
            Some(key) => format!("{message} at `{key}`"),
            None => message,
        };
        Self { line, message }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl Error for ConfigError {}
