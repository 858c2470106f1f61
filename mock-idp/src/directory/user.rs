//! Users, and whether they may sign in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The name by which tests refer to the user.
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
    /// The number of further groups, with made-up ids.
    #[serde(default)]
    pub generated_groups: u16,
    /// App roles assigned to the user, by the identifier URI or client id of the app that defines them.
    #[serde(default)]
    pub assigned_roles: BTreeMap<String, Vec<String>>,
    /// Directory roles, by their template ids (`wids`).
    #[serde(default)]
    pub directory_roles: Vec<String>,
    /// Whether the user may sign in.
    #[serde(default)]
    pub sign_in: SignIn,
    /// Refresh tokens that were issued before are revoked, in seconds since 1970 (`signInSessionsValidFromDateTime`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_valid_from: Option<i64>,
    /// Claims to set in the user's tokens.
    #[serde(default)]
    pub mock_claims: BTreeMap<String, serde_json::Value>,
    /// Claims to leave out of the user's tokens.
    #[serde(default)]
    pub mock_without: Vec<String>,
}

/// Whether a user may sign in, and the error if not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignIn {
    /// The user may sign in.
    #[default]
    Allowed,
    /// The account is disabled: AADSTS50057.
    Disabled,
    /// The account is locked after wrong passwords: AADSTS50053.
    Locked,
    /// The password has expired: AADSTS50055.
    PasswordExpired,
    /// A second factor is required, which only a person can provide: AADSTS50076.
    MfaRequired,
    /// A second factor must be set up first: AADSTS50079.
    MfaEnrollmentRequired,
    /// A Conditional Access policy blocks it: AADSTS53003.
    Blocked,
    /// A Conditional Access policy requires a compliant device: AADSTS53000.
    DeviceNotCompliant,
}

impl SignIn {
    /// Whether whoever signs in has given a second factor.
    pub(crate) fn requires_second_factor(self) -> bool {
        matches!(self, Self::MfaRequired | Self::MfaEnrollmentRequired)
    }
}

impl User {
    /// The name for people.
    #[must_use]
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name).trim().to_owned();
        if name.is_empty() { self.name.clone() } else { name }
    }

    /// The object id.
    #[must_use]
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// The user principal name.
    #[must_use]
    pub fn upn(&self) -> &str {
        &self.upn
    }

    /// The letter shown in place of a picture.
    pub(crate) fn initial(&self) -> char {
        self.display_name().chars().next().unwrap_or('?')
    }

    /// Whether the user's home is another tenant.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.home_tenant.is_some()
    }

    /// Whether the user consents for everyone: one with a directory role that may
    /// ([grant tenant-wide admin consent](https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent)).
    pub(crate) fn is_admin(&self) -> bool {
        const ADMINS: [&str; 4] = [
            "62e90394-69f5-4237-9190-012177145e10",
            "e8611ab8-c189-46e8-94e1-60213ab1f814",
            "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
            "158c047a-c907-4556-b7ef-446551a6b5f7",
        ];
        self.directory_roles.iter().any(|role| ADMINS.contains(&role.as_str()))
    }

    pub(super) fn is_named(&self, key: &str) -> bool {
        self.name == key
            || self.upn.eq_ignore_ascii_case(key)
            || self.oid.eq_ignore_ascii_case(key)
            || self.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(key))
    }

    pub(super) fn is_same_person(&self, other: &Self) -> bool {
        let home = |user: &Self| user.home_tenant.clone().unwrap_or_else(|| user.tenant.clone());
        let names = |user: &Self| [Some(user.upn.clone()), user.email.clone()].into_iter().flatten();
        self.oid == other.oid
            || (home(self) == home(other)
                && names(self).any(|name| names(other).any(|other| other.eq_ignore_ascii_case(&name))))
    }

    /// The number of groups that the user is in.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.groups.len() + usize::from(self.generated_groups)
    }
}
