//! Settings that any authority may have.

use super::{
    Authority, Family,
    error::AuthorityError,
    guid::guid,
    tenants::{TenantCheck, Tenants},
    url::check_scheme,
};

impl Authority {
    /// Trusts these tenants instead of the one in the URL: for hosts other than Microsoft's, for which [`Cloud::tenants`]
    /// is shorter.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let ours = ["aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"];
    /// let mock = Authority::from_url("http://127.0.0.1:8400/organizations")?.tenants(ours)?;
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if one of them is not a GUID, there is none, or the authority is one tenant's alone: B2C, External
    /// ID, or a discovery document.
    ///
    /// [`Cloud::tenants`]: crate::Cloud::tenants
    pub fn tenants<'a>(self, tenants: impl IntoIterator<Item = &'a str>) -> Result<Self, AuthorityError> {
        let tenants = Tenants::set(tenants)?;
        let Family::Entra { base, v1_base, .. } = &self.family else {
            return Err(AuthorityError(
                "this authority has one issuer: it cannot serve other tenants".into(),
            ));
        };
        Ok(Self::entra(base.clone(), v1_base.clone(), tenants).with_settings_of(self))
    }

    /// Trusts only those of its tenants that pass this check, which is given the `tid`, a GUID in lower case: for customers
    /// who come and go while the API runs. It is called each time that a token is judged, after its signature is verified, and
    /// must not block.
    ///
    /// ```
    /// # use std::{collections::HashSet, sync::{Arc, RwLock}};
    /// # use entra_validator::Cloud;
    /// let customers = Arc::new(RwLock::new(HashSet::from(["72f988bf-86f1-41af-91ab-2d7cd011db47".to_owned()])));
    /// let known = Arc::clone(&customers);
    /// let authority = Cloud::Public
    ///     .any_organization()
    ///     .tenants_where(move |tid| known.read().is_ok_and(|known| known.contains(tid)));
    /// ```
    ///
    /// Where the answer must be awaited, ask after the validation and before anything else:
    ///
    /// ```
    /// # use entra_validator::{Rejection, VerifiedToken};
    /// # async fn is_customer(tid: &str) -> bool { true }
    /// # async fn handler(token: VerifiedToken) -> Result<(), Rejection> {
    /// let tid = token.claims().tid.clone().unwrap_or_default();
    /// if !is_customer(&tid).await {
    ///     return Err(Rejection::TenantNotTrusted { tid }); // as AuthError: 401, like the step itself
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn tenants_where(mut self, check: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.tenant_check = Some(TenantCheck::new(check));
        self
    }

    /// For an app with a signing key of its own (a claims mapping policy, SAML-style custom claims): its key is only in the
    /// key set that is asked for with the app's client id
    /// ([source](https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens)).
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?
    ///     .app_id("6e74172b-be56-4843-9ff4-e66a39bb12e3")?;
    /// assert!(authority.discovery_url().ends_with("/openid-configuration?appid=6e74172b-be56-4843-9ff4-e66a39bb12e3"));
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if `client_id` is not a GUID.
    pub fn app_id(mut self, client_id: &str) -> Result<Self, AuthorityError> {
        let separator = if self.discovery_url.contains('?') { '&' } else { '?' };
        self.discovery_url = format!("{}{separator}appid={}", self.discovery_url, guid(client_id)?);
        Ok(self)
    }

    /// Names the issuer of an authority that was made [from a discovery URL](Self::from_discovery_url): a document that names
    /// another is refused, and a [server of several authorities](crate::ResourceServer::also) knows whose a token is before it
    /// has fetched anything.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let partner = Authority::from_discovery_url("https://id.partner.example/.well-known/openid-configuration")?
    ///     .issuer("https://id.partner.example")?;
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if the issuers of this authority are known already: it is Entra's, External ID's or B2C's.
    pub fn issuer(mut self, issuer: &str) -> Result<Self, AuthorityError> {
        if self.family != Family::Metadata {
            let known = self.usual_issuer().unwrap_or_default();
            return Err(AuthorityError(format!(
                "the issuer of this authority is {known:?}: it needs no other"
            )));
        }
        check_scheme(issuer)?;
        self.v2_issuers = vec![issuer.to_owned()];
        Ok(self)
    }

    /// What was set before the issuers changed.
    pub(super) fn with_settings_of(mut self, other: Self) -> Self {
        if let Some((_, query)) = other.discovery_url.split_once('?') {
            self.discovery_url = format!("{}?{query}", self.discovery_url);
        }
        self.tenant_check = other.tenant_check;
        self
    }
}
