//! Tenants, users, groups and app registrations: plain data, read from a config file.

mod app;
mod built;
mod check;
mod config;
mod group;
mod made_up_id;
mod tenant;
mod user;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use app::{
    App, AppKind, FederatedCredential, OptionalClaims, Platform, RedirectUri, RequestedVersion,
    SignInAudience,
};
pub use config::{BUILTIN_TOML, ConfigError};
pub use group::Group;
pub use tenant::{Tenant, UserConsent};
pub use user::{SignIn, User};

use made_up_id::made_up_id;

/// Microsoft Graph's application id, the resource of scopes without an identifier.
pub(crate) const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Microsoft Graph's identifier URI.
pub(crate) const GRAPH_URI: &str = "https://graph.microsoft.com";

/// Whether an audience is Microsoft Graph, by either of its names.
pub(crate) fn is_graph(audience: &str) -> bool {
    [GRAPH_ID, GRAPH_URI].contains(&audience.strip_suffix('/').unwrap_or(audience))
}

/// Everything that the mock knows: tenants with their users, groups and apps. The first tenant is the home tenant.
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
#[non_exhaustive]
pub enum RefreshTokens {
    /// It may, until it expires: as in Entra
    /// ([refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens)).
    #[default]
    Reusable,
    /// It may not: using one again revokes all that descend from the same sign-in
    /// ([RFC 9700 §4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)).
    SingleUse,
}

impl Directory {
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

    /// The permissions of this API among those that were granted, whichever of its names they are under.
    pub(crate) fn permissions_of<'a>(
        &self,
        api: &App,
        granted: &'a BTreeMap<String, Vec<String>>,
    ) -> Option<&'a Vec<String>> {
        let by_uri = api.identifier_uri.as_ref().and_then(|uri| granted.get(uri));
        by_uri.or_else(|| {
            let is_this = |name: &str| self.api(name).is_some_and(|named| named.client_id == api.client_id);
            granted.iter().find(|(name, _)| is_this(name)).map(|(_, permissions)| permissions)
        })
    }

    /// A user by name, user principal name, mail address or object id.
    #[must_use]
    pub fn user(&self, key: &str) -> Option<&User> {
        self.users.iter().find(|user| user.is_named(key))
    }

    /// As [`user`](Self::user), of this tenant: a guest's mail address is the user principal name of another account.
    pub(crate) fn user_of(&self, tenant: &Tenant, key: &str) -> Option<&User> {
        self.users.iter().find(|user| user.tenant == tenant.name && user.is_named(key))
    }

    /// The account that a person has in a tenant: the user itself, or the one as whom the same person was invited there, or
    /// from there. Accounts are of one person if they have a home tenant and a user principal name or mail address in
    /// common.
    #[must_use]
    pub fn account_in(&self, user: &User, tenant: &Tenant) -> Option<&User> {
        self.users.iter().find(|other| other.tenant == tenant.name && other.is_same_person(user))
    }

    /// The object id of the user's account at home: for a guest whose home account is not in the directory, made up.
    pub(crate) fn home_id(&self, user: &User) -> String {
        let Some(home) = &user.home_tenant else { return user.oid.clone() };
        let account = self.tenant(home).and_then(|tenant| self.account_in(user, tenant));
        account.map_or_else(
            || made_up_id("home", &format!("{home} {}", user.oid)),
            |account| account.oid.clone(),
        )
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
