//! An authority as client libraries spell it.

use super::{
    Authority, Cloud,
    error::AuthorityError,
    guid::guid,
    tenants::{PERSONAL_ACCOUNTS, Tenants},
    url::check_scheme,
};

impl Authority {
    /// Trusts the authority that the clients are configured with: `https://{host}/{tenant}`, where the tenant is a GUID,
    /// `organizations` or `common`. `http` is accepted for loopback only.
    ///
    /// All names of Microsoft's hosts are known (`login.windows.net`, `sts.windows.net`, `login.chinacloudapi.cn` ..), as is
    /// External ID (`{name}.ciamlogin.com`); a `/v2.0` at the end is left out. Any other host, a mock for instance, is
    /// expected to issue tokens as `https://{host}/{tenant}/v2.0`.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let mock = Authority::from_url("http://127.0.0.1:8400/aaaaaaaa-0000-4000-8000-000000000001")?;
    /// assert!(mock.discovery_url().ends_with("/v2.0/.well-known/openid-configuration"));
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if the URL has another form. It names the constructor to use, if another one fits.
    pub fn from_url(url: &str) -> Result<Self, AuthorityError> {
        check_scheme(url)?;
        let refused = |reason: &str| AuthorityError(format!("{url:?} {reason}"));
        if url.contains("/.well-known/") {
            return Err(refused("is a discovery document's URL: use Authority::from_discovery_url"));
        }
        let trimmed = url.strip_suffix('/').unwrap_or(url);
        let trimmed = trimmed.strip_suffix("/v2.0").unwrap_or(trimmed);
        let (scheme, rest) = trimmed.split_once("://").unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = host.to_ascii_lowercase();
        if is_b2c(&host, path) {
            return Err(refused("is Azure AD B2C: use Authority::b2c"));
        }
        if path.is_empty() && host.ends_with(EXTERNAL_ID) {
            return Err(refused("names no tenant: use Authority::external_id with the tenant's GUID"));
        }
        let (folder, tenant) = path.rsplit_once('/').map_or((None, path), |(f, t)| (Some(f), t));
        if tenant.is_empty() || folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/')) {
            return Err(refused("names no tenant: https://HOST/TENANT is expected"));
        }
        let known = Cloud::of_host(&host);
        if folder.is_some() && (known.is_some() || host.ends_with(EXTERNAL_ID)) {
            return Err(refused("has a path before the tenant: https://HOST/TENANT is expected"));
        }
        if let Some(name) = host.strip_suffix(EXTERNAL_ID) {
            return Self::external_id(name, tenant);
        }
        let tenants = tenants(tenant)?;
        Ok(match (known, folder) {
            (Some(cloud), _) => cloud.authority(tenants),
            (None, None) => Self::elsewhere(format!("{scheme}://{host}"), tenants),
            (None, Some(folder)) => Self::elsewhere(format!("{scheme}://{host}/{folder}"), tenants),
        })
    }

    fn elsewhere(base: String, tenants: Tenants) -> Self {
        Self::entra(base.clone(), base, tenants)
    }
}

const EXTERNAL_ID: &str = ".ciamlogin.com";

fn is_b2c(host: &str, path: &str) -> bool {
    host.ends_with(".b2clogin.com") || host.ends_with(".b2clogin.cn") || path.starts_with("tfp/")
}

fn tenants(tenant: &str) -> Result<Tenants, AuthorityError> {
    match tenant {
        "organizations" => Ok(Tenants::AnyOrganization),
        "common" => Ok(Tenants::AnyAccount),
        "consumers" => Err(AuthorityError(format!(
            "`consumers` is the tenant {PERSONAL_ACCOUNTS}: name it, or use Cloud::any_account"
        ))),
        tenant => guid(tenant).map(Tenants::One),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    #[test]
    fn a_url_without_a_tenant_is_no_authority() {
        for url in [
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.com/",
            "https://login.microsoftonline.com/v2.0",
            "https://x/contoso.com",
            "https://x//72f988bf-86f1-41af-91ab-2d7cd011db47",
            "https://x/a//72f988bf-86f1-41af-91ab-2d7cd011db47",
        ] {
            assert!(Authority::from_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn every_name_of_a_microsoft_host_is_its_cloud() {
        for (hosts, cloud) in [
            (
                &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
                    [..],
                Cloud::Public,
            ),
            (&["login.microsoftonline.us", "login.usgovcloudapi.net"], Cloud::UsGovernment),
            (
                &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn", "sts.chinacloudapi.cn"],
                Cloud::China,
            ),
        ] {
            for host in hosts {
                for end in ["", "/", "/v2.0", "/v2.0/"] {
                    let url = format!("https://{host}/{TENANT}{end}");
                    assert_eq!(Authority::from_url(&url), cloud.tenant(TENANT), "{url}");
                }
            }
        }
        let spelt = format!("https://Login.MicrosoftOnline.com/{}", TENANT.to_uppercase());
        assert_eq!(Authority::from_url(&spelt), Authority::tenant(TENANT));
        let any = Authority::from_url("https://login.windows.net/organizations/v2.0").unwrap();
        assert_eq!(any, Cloud::Public.any_organization());
    }

    #[test]
    fn an_external_tenants_url_is_recognised() {
        let url = format!("https://contoso.ciamlogin.com/{TENANT}/v2.0");
        assert_eq!(Authority::from_url(&url), Authority::external_id("contoso", TENANT));
    }

    #[test]
    fn a_url_for_another_constructor_is_refused_with_its_name() {
        let host = "https://login.microsoftonline.com";
        for (url, named) in [
            ("https://contoso.ciamlogin.com/".to_owned(), "Authority::external_id"),
            ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x".to_owned(), "Authority::b2c"),
            (format!("https://login.contoso.com/tfp/{TENANT}/B2C_1_x"), "Authority::b2c"),
            ("https://contoso.b2clogin.cn/contoso.partner.onmschina.cn/B2C_1_x".to_owned(), "Authority::b2c"),
            (format!("https://contoso.ciamlogin.com/x/{TENANT}"), "path before the tenant"),
            (
                format!("{host}/{TENANT}/v2.0/.well-known/openid-configuration"),
                "Authority::from_discovery_url",
            ),
            (format!("{host}/consumers"), "9188040d-"),
            (format!("{host}/contoso.com"), "GUID"),
            (format!("{host}/x/{TENANT}"), "path before the tenant"),
        ] {
            let error = Authority::from_url(&url).unwrap_err().to_string();
            assert!(error.contains(named), "{url}: {error}");
        }
    }
}
