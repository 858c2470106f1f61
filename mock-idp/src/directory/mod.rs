//! Tenants, users, groups and app registrations: plain data, read from a config file.

mod check;

use std::{collections::BTreeMap, error::Error, fmt, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The text of the built-in directory, printed by `mock-idp config`.
pub const BUILTIN_TOML: &str = include_str!("builtin.toml");

/// Microsoft Graph's application id, the resource of scopes without an address.
pub(crate) const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Microsoft Graph's identifier URI.
pub(crate) const GRAPH_URI: &str = "https://graph.microsoft.com";

/// Everything that the mock knows: the tenants with their users, groups and apps. The first tenant is home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Whether a refresh token may be used again.
    #[serde(default)]
    pub refresh_tokens: RefreshTokens,
}

/// Whether a refresh token may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefreshTokens {
    /// It may, until it expires: as in Entra
    /// ([refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens)).
    #[default]
    Reusable,
    /// It may not: using one again revokes all that descend from the same sign-in
    /// ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).
    SingleUse,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the registration, on or off by itself"
)]
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
    /// When the secret ends, in seconds since 1970; never if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_expires_at: Option<i64>,
    /// The certificates (PEM) whose keys it may sign assertions with instead of presenting a secret.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// The tokens of other issuers that it may present instead of a secret.
    #[serde(default)]
    pub federated_credentials: Vec<FederatedCredential>,
    /// Whether it may sign in at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Which tenants' accounts may sign in to it.
    #[serde(default)]
    pub sign_in_audience: SignInAudience,
    /// Whether only users and apps that were assigned a role of it get tokens for it.
    #[serde(default)]
    pub assignment_required: bool,
    /// Whether the authorize endpoint itself may answer with ID tokens (implicit and hybrid flow).
    #[serde(default)]
    pub implicit_id_tokens: bool,
    /// Whether the authorize endpoint itself may answer with access tokens (implicit flow).
    #[serde(default)]
    pub implicit_access_tokens: bool,
    /// Where it is told that a person signed out (front-channel logout).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logout_url: Option<String>,
    /// Whether it is a managed identity of this machine, which gets its tokens without any credential.
    #[serde(default)]
    pub managed_identity: bool,
    /// The Azure resource that a managed identity is named by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// How long access tokens for it last, in seconds; 60 to 90 minutes if left out, as in Entra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_lifetime: Option<i64>,
    /// The optional claims that it asks for.
    #[serde(default)]
    pub optional_claims: OptionalClaims,
    /// Claims that its tokens carry instead of the honest ones: as client, and as API.
    #[serde(default)]
    pub mock_claims: BTreeMap<String, serde_json::Value>,
    /// Claims that its tokens lack: as client, and as API.
    #[serde(default)]
    pub mock_without: Vec<String>,
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

fn yes() -> bool {
    true
}

/// Which tenants' accounts may sign in to an app (`signInAudience`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum SignInAudience {
    /// Those of its own tenant.
    #[default]
    #[serde(rename = "AzureADMyOrg")]
    MyOrg,
    /// Those of every tenant.
    #[serde(rename = "AzureADMultipleOrgs")]
    MultipleOrgs,
}

/// A token of another issuer that stands in for a secret
/// ([workload identity federation](https://learn.microsoft.com/entra/workload-id/workload-identity-federation)). All
/// three are compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FederatedCredential {
    /// The other token's `iss`; its discovery document says where its keys are.
    pub issuer: String,
    /// The other token's `sub`.
    pub subject: String,
    /// The other token's `aud`.
    #[serde(default = "token_exchange")]
    pub audience: String,
}

fn token_exchange() -> String {
    "api://AzureADTokenExchange".to_owned()
}

/// The optional claims that an app registration asks for
/// ([optional claims](https://learn.microsoft.com/entra/identity-platform/optional-claims-reference)).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct OptionalClaims {
    /// In access tokens for the app.
    pub access_token: Vec<String>,
    /// In ID tokens for the app.
    pub id_token: Vec<String>,
}

/// The version of access tokens that an API asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8", extend("enum" = [1, 2]))]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Directory roles, by their template ids (`wids`).
    #[serde(default)]
    pub directory_roles: Vec<String>,
    /// What stands against signing in.
    #[serde(default)]
    pub sign_in: SignIn,
    /// Refresh tokens that were issued before are revoked, in seconds since 1970 (`signInSessionsValidFromDateTime`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_valid_from: Option<i64>,
    /// Claims that the user's tokens carry instead of the honest ones.
    #[serde(default)]
    pub mock_claims: BTreeMap<String, serde_json::Value>,
    /// Claims that the user's tokens lack.
    #[serde(default)]
    pub mock_without: Vec<String>,
}

/// What stands against a user's signing in, and the error that Entra answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// Nothing.
    #[default]
    Allowed,
    /// The account is disabled: AADSTS50057.
    Disabled,
    /// The account is locked after wrong passwords: AADSTS50053.
    Locked,
    /// The password has expired: AADSTS50055.
    PasswordExpired,
    /// A second factor is asked for, which no request without a person can give: AADSTS50076.
    MfaRequired,
    /// A second factor must be set up first: AADSTS50079.
    MfaEnrollmentRequired,
    /// A Conditional Access policy blocks it: AADSTS53003.
    Blocked,
    /// A Conditional Access policy asks for a compliant device: AADSTS53000.
    DeviceNotCompliant,
}

impl App {
    /// Whether it can prove who it is.
    pub(crate) fn has_credential(&self) -> bool {
        self.client_secret.is_some()
            || !self.certificates.is_empty()
            || !self.federated_credentials.is_empty()
    }

    /// Whether accounts of this tenant may use it.
    pub(crate) fn is_in(&self, tenant: &Tenant) -> bool {
        self.tenant == tenant.name || self.sign_in_audience == SignInAudience::MultipleOrgs
    }
}

impl User {
    /// The name for people.
    #[must_use]
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name).trim().to_owned();
        if name.is_empty() { self.name.clone() } else { name }
    }

    /// What stands for a picture of the user.
    pub(crate) fn initial(&self) -> char {
        self.display_name().chars().next().unwrap_or('?')
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

    /// Reads a directory from JSON.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml).
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let directory: Self = serde_json::from_str(text).map_err(|error| ConfigError::in_json(&error))?;
        check::check(&directory).map_err(|problem| problem.into_error(text))?;
        Ok(directory)
    }

    /// Reads a directory from a file: JSON if its name ends so, else TOML.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), and if the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError { line: None, message: format!("cannot be read: {error}") })?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Self::from_json(&text) } else { Self::from_toml(&text) }
    }

    /// The JSON Schema of a config file
    /// ([draft 2020-12](https://json-schema.org/draft/2020-12)), for editors that complete and check it.
    ///
    /// ```
    /// let schema = entra_mock_idp::Directory::schema();
    /// assert!(schema["properties"]["apps"].is_object());
    /// ```
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
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

impl ConfigError {
    /// Such a message ends with the place, which is told in front here.
    fn in_json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message =
            message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        Self { line: Some(error.line()), message }
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
