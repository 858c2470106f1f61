//! Microsoft's clouds.

use std::collections::BTreeSet;

use super::{Authority, AuthorityError, Tenants, guid::guid};

/// One of Microsoft's clouds
/// ([national clouds](https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud)).
///
/// ```
/// use entra_validator::Cloud;
///
/// let authority = Cloud::UsGovernment.tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// assert!(authority.discovery_url().starts_with("https://login.microsoftonline.us/72f988bf-"));
/// # Ok::<_, entra_validator::AuthorityError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Cloud {
    /// The worldwide cloud, `login.microsoftonline.com`.
    #[default]
    Public,
    /// The cloud for the government of the USA, `login.microsoftonline.us`.
    UsGovernment,
    /// The cloud run by 21Vianet in China, `login.partner.microsoftonline.cn`.
    China,
}

impl Cloud {
    fn base(self) -> &'static str {
        match self {
            Self::Public => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    /// Trusts one tenant of this cloud.
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `tenant` is not a GUID, a domain name for example: tokens name their tenant by GUID.
    pub fn tenant(self, tenant: &str) -> Result<Authority, AuthorityError> {
        Ok(Authority::entra(self.base(), Tenants::One(guid(tenant)?)))
    }

    /// Trusts several tenants of this cloud.
    ///
    /// ```
    /// use entra_validator::Cloud;
    ///
    /// let ours = ["72f988bf-86f1-41af-91ab-2d7cd011db47", "aaaaaaaa-0000-4000-8000-000000000001"];
    /// assert!(Cloud::Public.tenants(ours).is_ok());
    /// assert!(Cloud::Public.tenants([]).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if one of them is not a GUID, or there is none.
    pub fn tenants<'a>(
        self,
        tenants: impl IntoIterator<Item = &'a str>,
    ) -> Result<Authority, AuthorityError> {
        let tenants = tenants.into_iter().map(guid).collect::<Result<BTreeSet<_>, _>>()?;
        if tenants.is_empty() {
            return Err(AuthorityError("no tenant is given: name the tenants that are served".into()));
        }
        Ok(Authority::entra(self.base(), Tenants::Set(tenants)))
    }

    /// Trusts every tenant of this cloud, but no personal accounts: anyone with a work or school account can get a token
    /// for an API that is registered as multi-tenant. Who may enter is then the API's decision.
    ///
    /// ```
    /// let authority = entra_validator::Cloud::Public.any_organization();
    /// assert!(authority.discovery_url().contains("/organizations/"));
    /// ```
    #[must_use]
    pub fn any_organization(self) -> Authority {
        Authority::entra(self.base(), Tenants::AnyOrganization)
    }

    /// Trusts every tenant of this cloud, and personal accounts too.
    ///
    /// ```
    /// let authority = entra_validator::Cloud::Public.any_account();
    /// assert!(authority.discovery_url().contains("/common/"));
    /// ```
    #[must_use]
    pub fn any_account(self) -> Authority {
        Authority::entra(self.base(), Tenants::AnyAccount)
    }
}

impl Authority {
    /// Trusts one tenant of the worldwide cloud, named by its GUID: [`Cloud::tenant`] of [`Cloud::Public`].
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `tenant` is not a GUID.
    pub fn tenant(tenant: &str) -> Result<Self, AuthorityError> {
        Cloud::Public.tenant(tenant)
    }
}

#[cfg(test)]
mod tests {
    use crate::{KeySet, TokenVersion};

    use super::*;

    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    #[test]
    fn each_cloud_has_its_own_issuer() {
        let issuer = |cloud: Cloud| {
            let (authority, keys) = (cloud.tenant(TENANT).unwrap(), KeySet::empty());
            authority.issuer(Some(TENANT), TokenVersion::V2, &keys).unwrap().into_owned()
        };
        assert_eq!(issuer(Cloud::Public), format!("https://login.microsoftonline.com/{TENANT}/v2.0"));
        assert_eq!(issuer(Cloud::UsGovernment), format!("https://login.microsoftonline.us/{TENANT}/v2.0"));
        assert_eq!(issuer(Cloud::China), format!("https://login.partner.microsoftonline.cn/{TENANT}/v2.0"));
    }
}
