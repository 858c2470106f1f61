//! Which issuers are trusted, and where their metadata is. The only place that spells Entra's URLs.

mod cloud;
mod customers;
mod error;
mod from_url;
mod guid;
mod issuer;
mod settings;
mod tenants;
mod url;

use crate::token::Dialect;

pub use cloud::Cloud;
pub use error::AuthorityError;
pub(crate) use guid::{fold_guid, tenant_in};
use tenants::{TenantCheck, Tenants};
pub(crate) use url::Origin;
use url::check_scheme;

/// The placeholder for the tenant in issuers of metadata and keys that serve many tenants.
const TENANT_TEMPLATE: &str = "{tenantid}";
const DOCUMENT: &str = "/v2.0/.well-known/openid-configuration";

/// The issuers that are trusted, and the URL of their metadata.
///
/// | tokens come from | constructor |
/// |---|---|
/// | one tenant | [`Authority::tenant`], or [`Cloud::tenant`] in a sovereign cloud |
/// | several tenants | [`Cloud::tenants`], or [`Authority::tenants`] and [`Authority::tenants_where`] on any authority |
/// | any tenant | [`Cloud::any_organization`], [`Cloud::any_account`] |
/// | wherever the clients sign in, a mock for instance | [`Authority::from_url`] |
/// | Microsoft Entra External ID | [`Authority::external_id`] |
/// | Azure AD B2C | [`Authority::b2c`] |
/// | another identity provider | [`Authority::from_discovery_url`] |
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
    /// Where clients sign in, without the endpoint's path; `None` if only the metadata's URL is known.
    sign_in: Option<String>,
    /// For several tenants a template, like the others. There is none in directories of customers.
    v1_issuer: Option<String>,
    /// Each of them is accepted; the first is the usual one.
    v2_issuers: Vec<String>,
    family: Family,
    tenant_check: Option<TenantCheck>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Family {
    Entra {
        base: String,
        v1_base: String,
        tenants: Tenants,
    },
    External {
        tenant: String,
    },
    B2c {
        tenant: String,
        policy: String,
    },
    /// Whatever one issuer the metadata names.
    Metadata,
}

impl Authority {
    /// Trusts the one issuer that the document at `url` names: for any identity provider whose document has `issuer` and
    /// `jwks_uri`, and whose tokens are signed with RS256 and have the `typ` `JWT` or none. A document whose issuer is a
    /// template is refused.
    ///
    /// A token needs no `tid`. With `ver` it is judged as Entra's; without, as another provider's: `iss`, `sub`, `aud` and
    /// `exp` are required, `nbf` holds if it is there, the client is in `azp`, `client_id` or `appid`, if anywhere, and
    /// scopes may also be in `scope` ([RFC 9068 §2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2)).
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
        Ok(Self {
            discovery_url: url.to_owned(),
            sign_in: None,
            v1_issuer: None,
            v2_issuers: Vec::new(),
            family: Family::Metadata,
            tenant_check: None,
        })
    }

    fn entra(base: String, v1_base: String, tenants: Tenants) -> Self {
        let (segment, tenant) = match &tenants {
            Tenants::One(tenant) => (tenant.as_str(), tenant.as_str()),
            Tenants::AnyAccount => ("common", TENANT_TEMPLATE),
            Tenants::Set(_) | Tenants::AnyOrganization => ("organizations", TENANT_TEMPLATE),
        };
        let v1_issuer = Some(format!("{v1_base}/{tenant}/"));
        let v2_issuers = vec![format!("{base}/{tenant}/v2.0")];
        let sign_in = format!("{base}/{segment}");
        Self::at(&sign_in, v1_issuer, v2_issuers, Family::Entra { base, v1_base, tenants })
    }

    fn at(sign_in: &str, v1_issuer: Option<String>, v2_issuers: Vec<String>, family: Family) -> Self {
        Self {
            discovery_url: format!("{sign_in}{DOCUMENT}"),
            sign_in: Some(sign_in.to_owned()),
            v1_issuer,
            v2_issuers,
            family,
            tenant_check: None,
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
        self.sign_in.as_ref().map(|sign_in| format!("{sign_in}/oauth2/v2.0/authorize"))
    }

    /// Whether keys come from the metadata's own origin; another provider may keep them elsewhere.
    pub(crate) fn keeps_keys_beside_metadata(&self) -> bool {
        self.family != Family::Metadata
    }

    /// What kind of tokens are issued here.
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.family {
            Family::Entra { .. } | Family::External { .. } => Dialect::Entra,
            Family::B2c { .. } => Dialect::B2c,
            Family::Metadata => Dialect::Any,
        }
    }

    /// The only policy whose tokens are accepted.
    pub(crate) fn policy(&self) -> Option<&str> {
        match &self.family {
            Family::B2c { policy, .. } => Some(policy),
            _ => None,
        }
    }

    /// Whether v1.0 tokens are issued here: the directories of customers have none.
    pub(crate) fn issues_v1(&self) -> bool {
        self.v1_issuer.is_some() || self.family == Family::Metadata
    }

    /// Whether keys that were fetched for `other` are this authority's: from the same metadata, checked for the same issuer.
    #[cfg(feature = "http")]
    pub(crate) fn has_keys_of(&self, other: &Self) -> bool {
        self.discovery_url == other.discovery_url && self.v2_issuers == other.v2_issuers
    }
}
