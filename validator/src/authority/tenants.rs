//! Which tenants are served.

use std::{collections::BTreeSet, fmt, sync::Arc};

use super::{
    error::AuthorityError,
    guid::{guid, is_guid},
};

/// The tenant of all personal Microsoft accounts.
pub(super) const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tenants {
    One(String),
    Set(BTreeSet<String>),
    AnyOrganization,
    AnyAccount,
}

impl Tenants {
    pub(super) fn set<'a>(tenants: impl IntoIterator<Item = &'a str>) -> Result<Self, AuthorityError> {
        let tenants = tenants.into_iter().map(guid).collect::<Result<BTreeSet<_>, _>>()?;
        if tenants.is_empty() {
            return Err(AuthorityError("no tenant is given: name the tenants that are served".into()));
        }
        Ok(Self::Set(tenants))
    }

    pub(super) fn contains(&self, tid: &str) -> bool {
        match self {
            Self::One(tenant) => tenant == tid,
            Self::Set(tenants) => tenants.contains(tid),
            Self::AnyOrganization => is_guid(tid) && tid != PERSONAL_ACCOUNTS,
            Self::AnyAccount => is_guid(tid),
        }
    }

    /// Every tenant that is named, or one of each kind.
    #[cfg(feature = "http")]
    pub(super) fn examples(&self) -> Vec<&str> {
        const AN_ORGANIZATION: &str = "00000000-0000-0000-0000-000000000001";
        match self {
            Self::One(tenant) => vec![tenant],
            Self::Set(tenants) => tenants.iter().map(String::as_str).collect(),
            Self::AnyOrganization => vec![AN_ORGANIZATION],
            Self::AnyAccount => vec![AN_ORGANIZATION, PERSONAL_ACCOUNTS],
        }
    }
}

/// The caller's own word on a tenant.
#[derive(Clone)]
pub(super) struct TenantCheck(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl TenantCheck {
    pub(super) fn new(check: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    pub(super) fn passes(&self, tid: &str) -> bool {
        (self.0)(tid)
    }
}

/// Two functions cannot be compared: a check equals itself and its clones.
impl PartialEq for TenantCheck {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for TenantCheck {}

impl fmt::Debug for TenantCheck {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TenantCheck(..)")
    }
}
