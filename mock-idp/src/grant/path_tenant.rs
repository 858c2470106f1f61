//! The tenant that a path names.

use crate::{
    aadsts::Aadsts,
    directory::{Directory, Tenant},
    error::OAuthError,
};

/// The tenant that a path names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PathTenant<'a> {
    One(&'a Tenant),
    /// `common`, `organizations` or `consumers`.
    Any(&'static str),
}

impl<'a> PathTenant<'a> {
    /// By GUID or domain; a tenant's short name is for the config file only.
    pub(crate) fn of(directory: &'a Directory, segment: &str) -> Result<Self, OAuthError> {
        if let Some(any) = ["common", "organizations", "consumers"].into_iter().find(|any| *any == segment) {
            return Ok(Self::Any(any));
        }
        let tenant = directory.tenant(segment).filter(|tenant| tenant.name != segment);
        tenant.map(Self::One).ok_or_else(|| {
            Aadsts::TenantUnknown.because(format!(
                "Tenant '{segment}' was not found. Check the id, and that it is the right directory."
            ))
        })
    }

    pub(crate) fn one(self) -> Option<&'a Tenant> {
        match self {
            Self::One(tenant) => Some(tenant),
            Self::Any(_) => None,
        }
    }

    /// The tenant in an issuer: its GUID, or a template for those of any tenant.
    pub(crate) fn in_issuer(self) -> &'a str {
        match self {
            Self::One(tenant) => &tenant.tenant_id,
            Self::Any("consumers") => "9188040d-6c67-4c5b-b112-36a304b66dad",
            Self::Any(_) => "{tenantid}",
        }
    }

    /// The tenant in the URLs of a document.
    pub(crate) fn segment(self) -> &'a str {
        match self {
            Self::One(tenant) => &tenant.tenant_id,
            Self::Any(segment) => segment,
        }
    }
}
