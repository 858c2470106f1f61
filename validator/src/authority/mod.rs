//! Which issuers are trusted, and where their metadata is. The only place that spells Entra's URLs.

mod cloud;
mod error;
mod guid;
mod url;

use std::{borrow::Cow, collections::BTreeSet};

use crate::{KeySet, TokenVersion};

pub use cloud::Cloud;
pub use error::AuthorityError;
use guid::{guid, is_guid};
pub(crate) use url::Origin;
use url::check_scheme;

/// The placeholder for the tenant in issuers of metadata and keys that serve many tenants.
const TENANT_TEMPLATE: &str = "{tenantid}";
/// The tenant of all personal Microsoft accounts.
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The issuers that are trusted, and the URL of their metadata.
///
/// ```
/// use entra_validator::Authority;
///
/// // The tenant's own: what most APIs want.
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// // The same, as a client library spells it; a mock on this machine looks like this too.
/// assert_eq!(authority, Authority::from_url("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47")?);
/// # Ok::<_, entra_validator::AuthorityError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    discovery_url: String,
    issuers: Issuers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Issuers {
    /// Known ahead of any metadata; for several tenants, as templates with the tenant to be filled in.
    Entra { v1: Option<String>, v2: String, tenants: Tenants },
    /// Whatever one issuer the metadata names.
    Metadata,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tenants {
    One(String),
    Set(BTreeSet<String>),
    AnyOrganization,
    AnyAccount,
}

impl Authority {
    /// Trusts the authority that the clients are configured with: `https://{host}/{tenant}`, where the tenant is a GUID,
    /// `organizations` or `common`. `http` is accepted for loopback only.
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
    /// [`AuthorityError`] if the URL has another form.
    pub fn from_url(url: &str) -> Result<Self, AuthorityError> {
        check_scheme(url)?;
        let trimmed = url.strip_suffix('/').unwrap_or(url);
        let (base, tenant) = trimmed
            .rsplit_once('/')
            .filter(|(base, _)| base.contains("://") && !base.ends_with('/'))
            .ok_or_else(|| {
                AuthorityError(format!("{url:?} names no tenant: https://HOST/TENANT is expected"))
            })?;
        let tenants = match tenant {
            "organizations" => Tenants::AnyOrganization,
            "common" => Tenants::AnyAccount,
            tenant => Tenants::One(guid(tenant)?),
        };
        Ok(Self::entra(base, tenants))
    }

    /// Trusts one external tenant (Microsoft Entra External ID), `https://{name}.ciamlogin.com`. Its issuer's host is the
    /// tenant's GUID, not its name.
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
    /// [`AuthorityError`] if `tenant` is not a GUID or `name` is not a host name's label.
    pub fn external_id(name: &str, tenant: &str) -> Result<Self, AuthorityError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(AuthorityError(format!("{name:?} is not the name of an external tenant")));
        }
        let tenant = guid(tenant)?;
        Ok(Self {
            discovery_url: discovery_url(&format!("https://{name}.ciamlogin.com"), &tenant),
            issuers: Issuers::Entra {
                v1: None,
                v2: format!("https://{tenant}.ciamlogin.com/{tenant}/v2.0"),
                tenants: Tenants::One(tenant),
            },
        })
    }

    /// Trusts the one issuer that the document at `url` names. For any identity provider whose document has
    /// `issuer` and `jwks_uri`. A token then needs no `tid`, and a document whose issuer is a template is refused.
    ///
    /// ```
    /// # use entra_validator::Authority;
    /// let authority = Authority::from_discovery_url("https://issuer.example.com/.well-known/openid-configuration")?;
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] unless `url` is `https`, or `http` on loopback.
    pub fn from_discovery_url(url: &str) -> Result<Self, AuthorityError> {
        check_scheme(url)?;
        Ok(Self { discovery_url: url.to_owned(), issuers: Issuers::Metadata })
    }

    fn entra(base: &str, tenants: Tenants) -> Self {
        let (segment, tenant) = match &tenants {
            Tenants::One(tenant) => (tenant.as_str(), tenant.as_str()),
            Tenants::AnyAccount => ("common", TENANT_TEMPLATE),
            Tenants::Set(_) | Tenants::AnyOrganization => ("organizations", TENANT_TEMPLATE),
        };
        // The v1.0 issuers of the other clouds are not documented: better none than a guess.
        let v1 = match base {
            "https://login.microsoftonline.com" => Some(format!("https://sts.windows.net/{tenant}/")),
            "https://login.microsoftonline.us" | "https://login.partner.microsoftonline.cn" => None,
            base => Some(format!("{base}/{tenant}/")),
        };
        Self {
            discovery_url: discovery_url(base, segment),
            issuers: Issuers::Entra { v1, v2: format!("{base}/{tenant}/v2.0"), tenants },
        }
    }

    /// The URL of the discovery document.
    ///
    /// ```
    /// let authority = entra_validator::Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// assert!(authority.discovery_url().ends_with("/v2.0/.well-known/openid-configuration"));
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    #[must_use]
    pub fn discovery_url(&self) -> &str {
        &self.discovery_url
    }

    /// Where clients send people to sign in; `None` if it is not known ahead.
    ///
    /// ```
    /// let authority = entra_validator::Cloud::Public.any_account();
    /// let url = authority.authorization_url().unwrap();
    /// assert_eq!(url, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize");
    /// ```
    #[must_use]
    pub fn authorization_url(&self) -> Option<String> {
        let base = self.discovery_url.strip_suffix("/v2.0/.well-known/openid-configuration")?;
        matches!(self.issuers, Issuers::Entra { .. }).then(|| format!("{base}/oauth2/v2.0/authorize"))
    }

    /// Whether the document's `issuer` is what this authority expects. It must equal the tokens' `iss`
    /// ([OpenID Connect Discovery §4.3](https://openid.net/specs/openid-connect-discovery-1_0.html)).
    pub(crate) fn check_metadata_issuer(&self, issuer: &str) -> Result<(), String> {
        match &self.issuers {
            Issuers::Metadata if issuer.contains(['{', '}']) => Err(format!(
                "its issuer {issuer:?} is a template for many tenants: name the tenants that are served"
            )),
            Issuers::Entra { v2, .. } if issuer != v2 => Err(format!("its issuer is {issuer:?}, not {v2:?}")),
            _ => Ok(()),
        }
    }

    /// Whether keys that were fetched for `other` are this authority's: from the same metadata, checked for the same issuer.
    #[cfg(feature = "http")]
    pub(crate) fn has_keys_of(&self, other: &Self) -> bool {
        let issuer = |authority: &Self| match &authority.issuers {
            Issuers::Entra { v2, .. } => Some(v2.clone()),
            Issuers::Metadata => None,
        };
        self.discovery_url == other.discovery_url && issuer(self) == issuer(other)
    }

    pub(crate) fn requires_tid(&self) -> bool {
        matches!(self.issuers, Issuers::Entra { .. })
    }

    pub(crate) fn serves_tenant(&self, tid: Option<&str>, keys: &KeySet) -> bool {
        match (&self.issuers, tid) {
            (Issuers::Metadata, None) => true,
            // An issuer that names a tenant speaks for that one alone.
            (Issuers::Metadata, Some(tid)) => {
                let mut tenants =
                    keys.issuer().into_iter().flat_map(|issuer| issuer.split('/')).filter(|s| is_guid(s));
                tenants.next().is_none_or(|tenant| tenant == tid)
            }
            (Issuers::Entra { .. }, None) => false,
            (Issuers::Entra { tenants, .. }, Some(tid)) => match tenants {
                Tenants::One(tenant) => tenant == tid,
                Tenants::Set(tenants) => tenants.contains(tid),
                Tenants::AnyOrganization => is_guid(tid) && tid != PERSONAL_ACCOUNTS,
                Tenants::AnyAccount => is_guid(tid),
            },
        }
    }

    /// The one issuer that a token of that tenant and version may have.
    pub(crate) fn issuer<'a>(
        &'a self,
        tid: Option<&str>,
        version: TokenVersion,
        keys: &'a KeySet,
    ) -> Option<Cow<'a, str>> {
        match &self.issuers {
            Issuers::Metadata => keys.issuer().map(Cow::Borrowed),
            Issuers::Entra { v1, v2, .. } => {
                let template = if version == TokenVersion::V1 { v1.as_ref()? } else { v2 };
                Some(fill(template, tid?))
            }
        }
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
        match (key_issuer, &self.issuers) {
            // The provider of one tenant need not say whose its keys are; that of many must.
            (None, Issuers::Metadata | Issuers::Entra { tenants: Tenants::One(_), .. }) => true,
            (None, _) => false,
            (Some(template), _) => {
                let allowed = fill(template, tid.unwrap_or(TENANT_TEMPLATE));
                allowed == issuer || self.issuer(tid, TokenVersion::V2, keys).is_some_and(|v2| v2 == allowed)
            }
        }
    }
}

fn fill<'a>(template: &'a str, tenant: &str) -> Cow<'a, str> {
    if template.contains('{') { template.replace(TENANT_TEMPLATE, tenant).into() } else { template.into() }
}

fn discovery_url(base: &str, segment: &str) -> String {
    format!("{base}/{segment}/v2.0/.well-known/openid-configuration")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_tenant_is_no_authority() {
        for url in [
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.com/",
            "https://x/contoso.com",
        ] {
            assert!(Authority::from_url(url).is_err(), "{url}");
        }
    }
}
