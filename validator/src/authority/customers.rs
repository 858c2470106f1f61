//! The directories of customers: Microsoft Entra External ID and Azure AD B2C.

use super::{
    Authority, Family,
    error::AuthorityError,
    guid::guid,
    url::{check_host, check_label},
};

impl Authority {
    /// Trusts one external tenant (Microsoft Entra External ID), `https://{name}.ciamlogin.com`, by its name and GUID.
    ///
    /// The issuer is `https://{tenant}.ciamlogin.com/{tenant}/v2.0`. Tokens of daemons and of custom authentication
    /// extensions are reported to name `https://login.microsoftonline.com/{tenant}/v2.0`, the same tenant in other words:
    /// both are accepted, with the keys of this authority only.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let authority = Authority::external_id("contoso", "72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// assert!(authority.discovery_url().starts_with("https://contoso.ciamlogin.com/72f988bf-"));
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `tenant` is not a GUID, or `name` is not a host name's label.
    pub fn external_id(name: &str, tenant: &str) -> Result<Self, AuthorityError> {
        check_label(name)?;
        Ok(Self::external(&format!("{}.ciamlogin.com", name.to_ascii_lowercase()), guid(tenant)?))
    }

    fn external(host: &str, tenant: String) -> Self {
        let mut issuers = vec![format!("https://{tenant}.ciamlogin.com/{tenant}/v2.0")];
        if !host.ends_with(".ciamlogin.com") {
            issuers.push(format!("https://{host}/{tenant}/v2.0"));
        }
        issuers.push(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
        Self::at(&format!("https://{host}/{tenant}"), None, issuers, Family::External { tenant })
    }

    /// Trusts one user flow (policy) of one Azure AD B2C tenant, `https://{name}.b2clogin.com`. The issuer is
    /// `https://{host}/{tenant}/v2.0/`, or names the policy (`/tfp/`), whichever the flow is set to. B2C's tokens have a
    /// form of their own: `ver` is `1.0`, the client is in `azp`, `tid` may be absent, and `tfp` (or `acr`) names the policy,
    /// which must be this one.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// let authority = Authority::b2c("contoso", "72f988bf-86f1-41af-91ab-2d7cd011db47", "B2C_1_sign_in")?;
    /// assert!(authority.discovery_url().starts_with("https://contoso.b2clogin.com/72f988bf-"));
    /// let validator = Validator::for_app(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `tenant` is not a GUID, `name` is not a host name's label, or `policy` is not a policy's name.
    pub fn b2c(name: &str, tenant: &str, policy: &str) -> Result<Self, AuthorityError> {
        check_label(name)?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if policy.is_empty() || !policy.bytes().all(is_name) {
            return Err(AuthorityError(format!("{policy:?} is not a policy's name, like B2C_1_sign_in")));
        }
        let host = format!("{}.b2clogin.com", name.to_ascii_lowercase());
        Ok(Self::b2c_at(&host, guid(tenant)?, policy.to_owned()))
    }

    fn b2c_at(host: &str, tenant: String, policy: String) -> Self {
        // B2C spells the policy in lower case in its issuer, whatever its case in `tfp`.
        let issuers = vec![
            format!("https://{host}/{tenant}/v2.0/"),
            format!("https://{host}/tfp/{tenant}/{}/v2.0/", policy.to_ascii_lowercase()),
            format!("https://{host}/tfp/{tenant}/{policy}/v2.0/"),
        ];
        let root = format!("https://{host}/{tenant}/{policy}");
        Self::at(&root, None, issuers, Family::B2c { tenant, policy })
    }

    /// The customers sign in at a domain of the tenant's own, `login.contoso.com`.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let authority =
    ///     Authority::external_id("contoso", "72f988bf-86f1-41af-91ab-2d7cd011db47")?.custom_domain("login.contoso.com")?;
    /// assert!(authority.discovery_url().starts_with("https://login.contoso.com/72f988bf-"));
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `host` is not a host name, or the authority is neither [`external_id`](Self::external_id) nor
    /// [`b2c`](Self::b2c).
    pub fn custom_domain(self, host: &str) -> Result<Self, AuthorityError> {
        check_host(host)?;
        let host = host.to_ascii_lowercase();
        let moved = match &self.family {
            Family::External { tenant } => Self::external(&host, tenant.clone()),
            Family::B2c { tenant, policy } => Self::b2c_at(&host, tenant.clone(), policy.clone()),
            Family::Entra { .. } | Family::Metadata => {
                return Err(AuthorityError(
                    "only External ID and B2C have custom domains: use Authority::external_id or Authority::b2c"
                        .into(),
                ));
            }
        };
        Ok(moved.with_settings_of(self))
    }
}
