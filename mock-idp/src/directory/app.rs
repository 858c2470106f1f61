//! App registrations and their service principals.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tenant::Tenant;

/// How an app registration is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AppKind {
    /// A protected API.
    Api,
    /// A client that cannot keep a secret.
    Public,
    /// A client with a secret that people sign in to.
    Confidential,
    /// A client with a secret that acts for itself.
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
    /// The name by which other entries refer to it.
    pub name: String,
    /// The home tenant's name.
    pub tenant: String,
    /// How it is used.
    pub kind: AppKind,
    /// The application (client) id, a GUID.
    pub client_id: String,
    /// The object id of its service principal, a GUID: `oid` and `sub` of its app-only tokens.
    pub service_principal_id: String,
    /// Its secret; none for public clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// When the secret expires, in seconds since 1970. Default: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_expires_at: Option<i64>,
    /// The certificates (PEM) by whose keys it may sign assertions instead of presenting a secret.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// The tokens of other issuers by which it may authenticate instead of a secret.
    #[serde(default)]
    pub federated_credentials: Vec<FederatedCredential>,
    /// Whether it may sign in at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Which tenants' accounts may sign in to it.
    #[serde(default)]
    pub sign_in_audience: SignInAudience,
    /// The names of the other tenants that an app of many tenants is in from the start, where it has a service principal. In
    /// any other it appears when somebody there consents. Default: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installed_in: Option<Vec<String>>,
    /// Whether only users and apps with one of its app roles get tokens for it.
    #[serde(default)]
    pub assignment_required: bool,
    /// Whether the authorize endpoint itself may respond with ID tokens (implicit and hybrid flow).
    #[serde(default)]
    pub implicit_id_tokens: bool,
    /// Whether the authorize endpoint itself may respond with access tokens (implicit flow).
    #[serde(default)]
    pub implicit_access_tokens: bool,
    /// The front-channel logout URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logout_url: Option<String>,
    /// Whether it is a managed identity of this machine, which gets tokens without a credential.
    #[serde(default)]
    pub managed_identity: bool,
    /// The id of the Azure resource that names a managed identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The lifetime of access tokens for it, in seconds. Default: 60 to 90 minutes, as in Entra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_lifetime: Option<i64>,
    /// Its optional claims.
    #[serde(default)]
    pub optional_claims: OptionalClaims,
    /// Claims to set in its tokens: as client, and as API.
    #[serde(default)]
    pub mock_claims: BTreeMap<String, serde_json::Value>,
    /// Claims to leave out of its tokens: as client, and as API.
    #[serde(default)]
    pub mock_without: Vec<String>,
    /// The identifier URI (App ID URI) of an API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier_uri: Option<String>,
    /// The delegated permissions that the API exposes.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The app roles that the app defines: for access tokens to it, and for its own ID tokens.
    #[serde(default)]
    pub app_roles: Vec<String>,
    /// Where sign-in may return to.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// The version of access tokens for the API (`requestedAccessTokenVersion`).
    #[serde(default)]
    pub token_version: RequestedVersion,
    /// Whether access tokens for the app and its own ID tokens carry users' groups (`groupMembershipClaims`).
    /// `optional_claims` with `groups` asks for them in one kind of token.
    #[serde(default)]
    pub group_claims: bool,
    /// Delegated scopes that an administrator consented to for everyone, by the API's identifier URI. Users consent to others
    /// when they sign in.
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
#[non_exhaustive]
pub enum SignInAudience {
    /// Accounts of its own tenant.
    #[default]
    #[serde(rename = "AzureADMyOrg")]
    MyOrg,
    /// Those of every tenant.
    #[serde(rename = "AzureADMultipleOrgs")]
    MultipleOrgs,
}

/// A token of another issuer that replaces a secret
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

/// A URL where sign-in may return to, and the platform it is registered for, which decides how codes are redeemed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RedirectUri {
    /// The URL.
    pub uri: String,
    /// The platform.
    #[serde(rename = "type")]
    pub platform: Platform,
}

/// The platform of a redirect URI ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Platform {
    /// A web application with a server.
    Web,
    /// A page that redeems its code in the browser, across origins.
    Spa,
    /// A program on a person's machine.
    Public,
}

impl App {
    /// The application (client) id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client secret.
    ///
    /// # Panics
    ///
    /// If it has none, as a public client.
    #[must_use]
    #[track_caller]
    pub fn secret(&self) -> &str {
        self.client_secret
            .as_deref()
            .unwrap_or_else(|| panic!("the app {:?} has no client_secret", self.name))
    }

    /// Whether it can authenticate.
    pub(crate) fn has_credential(&self) -> bool {
        self.client_secret.is_some()
            || !self.certificates.is_empty()
            || !self.federated_credentials.is_empty()
    }

    /// Whether accounts of this tenant may use it.
    pub(crate) fn is_in(&self, tenant: &Tenant) -> bool {
        self.tenant == tenant.name || self.sign_in_audience == SignInAudience::MultipleOrgs
    }

    /// Whether a tenant whose accounts may use it has it from the start.
    pub(crate) fn is_installed_in(&self, tenant: &Tenant) -> bool {
        self.tenant == tenant.name
            || self.installed_in.as_ref().is_none_or(|tenants| tenants.contains(&tenant.name))
    }
}
