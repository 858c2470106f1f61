//! Tenants.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tenant {
    /// The name by which other entries refer to it.
    pub name: String,
    /// Its GUID.
    pub tenant_id: String,
    /// Its verified domain.
    pub domain: String,
    /// Who consents to scopes that nobody has consented to for everyone.
    #[serde(default)]
    pub user_consent: UserConsent,
    /// Scopes that only an administrator can consent to, by the API's identifier URI. A user with the directory role Global
    /// Administrator, Privileged Role Administrator, Application Administrator or Cloud Application Administrator is one.
    #[serde(default)]
    pub admin_consent: BTreeMap<String, Vec<String>>,
}

/// Who consents to scopes that nobody has consented to for everyone
/// ([user consent settings](https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UserConsent {
    /// Users. With automatic sign-in nobody is asked.
    #[default]
    Allowed,
    /// Users, on the page, even with automatic sign-in.
    Asked,
    /// Administrators only.
    AdminsOnly,
}
