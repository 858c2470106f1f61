//! Microsoft's clouds.

use super::{Authority, error::AuthorityError, guid::guid, tenants::Tenants};

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
    /// The bases of the issuers of v2.0 and v1.0 tokens. The v1.0 ones of the sovereign clouds are from the lists of
    /// issuers in Microsoft's Bot Framework SDK and Spring Cloud Azure.
    fn bases(self) -> (&'static str, &'static str) {
        match self {
            Self::Public => ("https://login.microsoftonline.com", "https://sts.windows.net"),
            Self::UsGovernment => ("https://login.microsoftonline.us", "https://sts.windows.net"),
            Self::China => ("https://login.partner.microsoftonline.cn", "https://sts.chinacloudapi.cn"),
        }
    }

    pub(super) fn authority(self, tenants: Tenants) -> Authority {
        let (v2, v1) = self.bases();
        Authority::entra(v2.to_owned(), v1.to_owned(), tenants)
    }

    /// The cloud that has this host, by any of the names in Microsoft's own table of aliases.
    pub(super) fn of_host(host: &str) -> Option<Self> {
        match host {
            "login.microsoftonline.com" | "login.windows.net" | "login.microsoft.com" | "sts.windows.net" => {
                Some(Self::Public)
            }
            "login.microsoftonline.us" | "login.usgovcloudapi.net" => Some(Self::UsGovernment),
            "login.partner.microsoftonline.cn" | "login.chinacloudapi.cn" | "sts.chinacloudapi.cn" => {
                Some(Self::China)
            }
            _ => None,
        }
    }

    /// Trusts one tenant of this cloud.
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `tenant` is not a GUID, a domain name for example: tokens name their tenant by GUID.
    pub fn tenant(self, tenant: &str) -> Result<Authority, AuthorityError> {
        Ok(self.authority(Tenants::One(guid(tenant)?)))
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
        Ok(self.authority(Tenants::set(tenants)?))
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
        self.authority(Tenants::AnyOrganization)
    }

    /// Trusts every tenant of this cloud, and personal accounts too.
    ///
    /// ```
    /// let authority = entra_validator::Cloud::Public.any_account();
    /// assert!(authority.discovery_url().contains("/common/"));
    /// ```
    #[must_use]
    pub fn any_account(self) -> Authority {
        self.authority(Tenants::AnyAccount)
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
    fn each_cloud_has_its_own_issuers_of_both_versions() {
        for (cloud, v2, v1) in [
            (Cloud::Public, "login.microsoftonline.com", "sts.windows.net"),
            (Cloud::UsGovernment, "login.microsoftonline.us", "sts.windows.net"),
            (Cloud::China, "login.partner.microsoftonline.cn", "sts.chinacloudapi.cn"),
        ] {
            let keys = KeySet::empty();
            for authority in
                [cloud.tenant(TENANT).unwrap(), cloud.any_organization(), cloud.tenants([TENANT]).unwrap()]
            {
                let issuers = |version| -> Vec<String> {
                    authority.issuers(Some(TENANT), Some(version), &keys).map(Into::into).collect()
                };
                assert_eq!(issuers(TokenVersion::V2), [format!("https://{v2}/{TENANT}/v2.0")]);
                assert_eq!(issuers(TokenVersion::V1), [format!("https://{v1}/{TENANT}/")]);
            }
        }
    }
}
