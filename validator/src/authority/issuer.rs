//! Who may issue a token: issuers, the tenants that they speak for, and the keys that may sign for them.

use std::borrow::Cow;

#[cfg(feature = "http")]
use crate::AuthorityError;
use crate::{KeySet, TokenVersion};

use super::{
    Authority, Family, TENANT_TEMPLATE,
    guid::tenant_in,
    tenants::{TenantCheck, Tenants},
};

impl Authority {
    /// Whether the document's `issuer` is what this authority expects. It must equal the tokens' `iss`
    /// ([OpenID Connect Discovery §4.3](https://openid.net/specs/openid-connect-discovery-1_0.html)).
    pub(crate) fn check_metadata_issuer(&self, issuer: &str) -> Result<(), String> {
        if self.family == Family::Metadata && self.v2_issuers.is_empty() {
            return if issuer.contains(['{', '}']) {
                Err(format!(
                    "its issuer {issuer:?} is a template for many tenants: name the tenants that are served"
                ))
            } else {
                Ok(())
            };
        }
        if self.v2_issuers.iter().any(|expected| expected == issuer) {
            return Ok(());
        }
        let instead = match issuer {
            _ if issuer.contains(".ciamlogin.com/") => ": use Authority::external_id and its custom_domain",
            _ if issuer.contains(".b2clogin.") || issuer.contains("/tfp/") => ": use Authority::b2c",
            _ => "",
        };
        let expected = self.usual_issuer().unwrap_or_default();
        Err(format!("its issuer is {issuer:?}, not {expected:?}{instead}"))
    }

    /// The first of the issuers that are known; a template where many tenants are served.
    pub(crate) fn usual_issuer(&self) -> Option<String> {
        self.v2_issuers.first().cloned()
    }

    pub(crate) fn serves_tenant(&self, tid: Option<&str>, keys: &KeySet) -> bool {
        let served = match (&self.family, tid) {
            (Family::Metadata | Family::B2c { .. }, None) => true,
            // An issuer that names a tenant speaks for that one alone.
            (Family::Metadata, Some(tid)) => {
                keys.issuer().and_then(tenant_in).is_none_or(|tenant| tenant == tid)
            }
            (_, None) => false,
            (Family::External { tenant } | Family::B2c { tenant, .. }, Some(tid)) => tenant == tid,
            (Family::Entra { tenants, .. }, Some(tid)) => tenants.contains(tid),
        };
        let passes = |check: &TenantCheck| tid.is_some_and(|tid| check.passes(tid));
        served && self.tenant_check.as_ref().is_none_or(passes)
    }

    /// The issuers that a token of that tenant and version may have. No version means: none of Entra's own.
    pub(crate) fn issuers<'a>(
        &'a self,
        tid: Option<&'a str>,
        version: Option<TokenVersion>,
        keys: &'a KeySet,
    ) -> impl Iterator<Item = Cow<'a, str>> {
        let known = match version {
            Some(TokenVersion::V1) => self.v1_issuer.as_slice(),
            _ => &self.v2_issuers,
        };
        let of_metadata = keys.issuer().filter(|_| self.family == Family::Metadata);
        let known = known.iter().filter_map(move |template| fill(template, tid));
        of_metadata.map(Cow::Borrowed).into_iter().chain(known)
    }

    /// Whether a key that names `key_issuer` may sign for `issuer`. A template covers every tenant. A v1.0 token's
    /// issuer differs from the one that the keys name, which is the tenant's for v2.0.
    pub(crate) fn key_may_sign(
        &self,
        key_issuer: Option<&str>,
        tid: Option<&str>,
        issuer: &str,
        keys: &KeySet,
    ) -> bool {
        let Some(template) = key_issuer else {
            // The provider of one tenant need not say whose its keys are; that of many must.
            return !matches!(&self.family, Family::Entra { tenants, .. } if !matches!(tenants, Tenants::One(_)));
        };
        let allowed = fill(template, tid).unwrap_or(Cow::Borrowed(template));
        allowed == issuer || self.issuers(tid, None, keys).any(|own| own == allowed)
    }

    /// Whether a token with this `iss`, and this policy if it is known, may be one of this authority's, as far as is known
    /// without the metadata.
    #[cfg(feature = "http")]
    pub(crate) fn may_issue(&self, iss: &str, policy: Option<&str>) -> bool {
        let tid = tenant_in(iss);
        let served = match &self.family {
            Family::Metadata if self.v2_issuers.is_empty() => return true,
            Family::Entra { tenants, .. } => tid.as_deref().is_some_and(|tid| tenants.contains(tid)),
            Family::B2c { policy: ours, .. } => policy.is_none_or(|policy| policy.eq_ignore_ascii_case(ours)),
            Family::External { .. } | Family::Metadata => true,
        };
        let mut templates = self.v1_issuer.iter().chain(&self.v2_issuers);
        served && templates.any(|template| fill(template, tid.as_deref()).is_some_and(|own| own == iss))
    }

    /// An issuer whose tokens either of them could accept.
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if only the metadata of one of them names its issuer.
    #[cfg(feature = "http")]
    pub(crate) fn shared_issuer(&self, other: &Self) -> Result<Option<String>, AuthorityError> {
        let (ours, theirs) = (self.example_issuers()?, other.example_issuers()?);
        let shared = ours.into_iter().find(|iss| other.may_issue(iss, self.policy()));
        Ok(shared.or_else(|| theirs.into_iter().find(|iss| self.may_issue(iss, other.policy()))))
    }

    /// The issuers of every tenant that is named, or of one of each kind.
    #[cfg(feature = "http")]
    fn example_issuers(&self) -> Result<Vec<String>, AuthorityError> {
        let tenants = match &self.family {
            Family::Entra { tenants, .. } => tenants.examples(),
            Family::Metadata if self.v2_issuers.is_empty() => {
                return Err(AuthorityError(format!(
                    "{}: only its metadata names its issuer, by which tokens find their authority: name it with \
                     Authority::issuer",
                    self.discovery_url
                )));
            }
            _ => vec![TENANT_TEMPLATE],
        };
        let templates = self.v1_issuer.iter().chain(&self.v2_issuers);
        let of = |template: &String| {
            tenants.iter().map(|tid| template.replace(TENANT_TEMPLATE, tid)).collect::<Vec<_>>()
        };
        Ok(templates.flat_map(of).collect())
    }
}

/// A template is nobody's issuer until its tenant is known.
fn fill<'a>(template: &'a str, tid: Option<&str>) -> Option<Cow<'a, str>> {
    if template.contains('{') {
        Some(template.replace(TENANT_TEMPLATE, tid?).into())
    } else {
        Some(template.into())
    }
}
