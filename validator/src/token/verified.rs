//! A token that passed every step.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    Authority, Claims, TokenVersion,
    jose::{KeyOrigin, VerifiedPayload},
};

use super::response_settings::ResponseSettings;

/// A token that [`Validator::validate`](crate::Validator::validate) accepted. There is no other way to get one, so where
/// a function takes it, the check has been made.
///
/// It is not validated again: keep it for one request, not longer.
///
/// ```
/// # use entra_mock_idp::MockIdp;
/// # use entra_validator::{Authority, Groups, Requirement, ResourceServer, Validator};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let idp = MockIdp::start().await;
/// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
/// # let server = ResourceServer::new(validator);
/// # let bearer = idp.token().user("alice").scopes(["Orders.Read"]).claim("amr", vec!["pwd", "mfa"]).sign();
/// let token = server.validate(&bearer).await?;
///
/// // What it permits: scopes that a user delegated, or app roles that an application was given.
/// token.require_scopes(["Orders.Read Orders.Write", "Orders.Read"])?;
/// assert!(Requirement::scopes(["Orders.Admin"]).or_roles(["Orders.Read.All"]).check(&token).is_err());
///
/// // Who it speaks for.
/// assert!(!token.is_app_only() && !token.is_guest());
/// assert!(matches!(token.groups(), Groups::Listed(ids) if ids.len() == 2));
///
/// // Any other claim, read as the type that you ask for.
/// assert_eq!(token.claim::<Vec<String>>("amr").unwrap(), ["pwd", "mfa"]);
/// assert_eq!(token.claim::<u64>("amr"), None);
/// # Ok(()) }
/// ```
///
/// Nothing outside of this crate can make one:
///
/// ```compile_fail,E0624
/// let forged = entra_validator::VerifiedToken::new();
/// ```
#[derive(Clone)]
pub struct VerifiedToken {
    signed: Arc<Signed>,
    version: Option<TokenVersion>,
    settings: Option<Arc<ResponseSettings>>,
}

/// What the first half of the validation makes of a token: the signature is right, and nothing else is known yet.
pub(crate) struct Signed {
    pub(crate) kid: Arc<str>,
    pub(crate) key: KeyOrigin,
    pub(crate) claims: Claims,
    pub(crate) payload: VerifiedPayload,
    /// Whose token it is. It is here, and not in each [`VerifiedToken`], because all threads would count its references on
    /// one cache line.
    pub(crate) authority: Arc<Authority>,
    /// The payload as the application reads it, once it does.
    pub(crate) all_claims: OnceLock<Map<String, Value>>,
}

/// Which groups a user is in, as far as the token says
/// ([groups overage](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim)).
///
/// ```
/// # use entra_validator::Groups;
/// # fn allowed(groups: &Groups) -> Option<bool> {
/// match groups {
///     Groups::Listed(ids) => Some(ids.iter().any(|id| id == "b0f1a1c5-3a44-4e0b-a0d3-0a3e7c0a4a5e")),
///     Groups::NotInToken => Some(false),
///     // Too many to fit: ask Microsoft Graph. "Unknown" is not "no".
///     Groups::Overage => None,
/// }
/// # }
/// # assert_eq!(allowed(&Groups::Overage), None);
/// ```
///
/// Exhaustive on purpose: a decision must be made for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groups {
    /// The object ids of the groups.
    Listed(Vec<String>),
    /// The user is in more groups than fit into a token. The URL in `_claim_sources` is never fetched here.
    Overage,
    /// The token says nothing about groups: there are none, or the API's registration does not ask for them.
    NotInToken,
}

impl VerifiedToken {
    pub(crate) fn new(signed: Arc<Signed>, version: Option<TokenVersion>) -> Self {
        Self { signed, version, settings: None }
    }

    /// Adds the settings of the server that accepted the token.
    #[cfg(feature = "http")]
    pub(crate) fn accepted_by(mut self, settings: Arc<ResponseSettings>) -> Self {
        self.settings = Some(settings);
        self
    }

    pub(crate) fn settings(&self) -> Option<&Arc<ResponseSettings>> {
        self.settings.as_ref()
    }

    /// The claims that were judged.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.signed.claims
    }

    /// Which of Entra's two forms the token has; `None` for a token of Azure AD B2C or of another identity provider.
    #[must_use]
    pub fn version(&self) -> Option<TokenVersion> {
        self.version
    }

    /// The `kid` of the key that signed it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.signed.kid
    }

    /// The authority whose token it is: which one, where an API accepts [several](crate::ResourceServer::also).
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.signed.authority
    }

    /// Any claim by name, read as the type that is asked for; `None` if it is absent or has another type.
    #[must_use]
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.all_claims().get(name)?).ok()
    }

    /// The whole claims set, read as a type of your own.
    ///
    /// ```
    /// # fn handler(token: &entra_validator::VerifiedToken) -> Result<String, serde_json::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Person {
    ///     oid: String,
    ///     name: Option<String>,
    /// }
    ///
    /// let person: Person = token.claims_as()?;
    /// # Ok(person.name.unwrap_or(person.oid)) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`serde_json::Error`] if a claim is missing or has another type. Its text may quote the claim: keep it out of logs.
    pub fn claims_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(self.all_claims())
    }

    /// The whole claims set as it was signed. It is read when it is first asked for, once for each token.
    #[must_use]
    pub fn all_claims(&self) -> &Map<String, Value> {
        self.signed.all_claims.get_or_init(|| {
            // The validation has read these very bytes as an object, and more strictly.
            serde_json::from_slice(self.signed.payload.bytes()).unwrap_or_default()
        })
    }

    /// The token itself, to be sent on: as the assertion of an
    /// [on-behalf-of request](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow), and to nobody
    /// but the identity provider. Whoever has it can call this API as the user, so keep it out of logs and errors; `Debug` does
    /// not show it.
    ///
    /// ```
    /// # fn handler(token: &entra_validator::VerifiedToken, secret: &str) {
    /// let parameters = [
    ///     ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
    ///     ("requested_token_use", "on_behalf_of"),
    ///     ("assertion", &token.expose_secret()),
    ///     ("client_id", "6e74172b-be56-4843-9ff4-e66a39bb12e3"),
    ///     ("client_secret", secret),
    ///     ("scope", "https://graph.microsoft.com/User.Read"),
    /// ];
    /// # }
    /// ```
    #[must_use]
    pub fn expose_secret(&self) -> String {
        self.signed.payload.token()
    }

    /// Whether an application speaks for itself: `idtyp` says so, or, where it is not sent, no user has delegated a scope
    /// (`scp`) to it. `roles` prove nothing here, since users have app roles too. Let the API's registration ask for `idtyp`.
    #[must_use]
    pub fn is_app_only(&self) -> bool {
        self.claims().is_app_only()
    }

    /// Whether the user is a guest, at home in another tenant: `acct`, or an `idp` of another tenant. Entra sends
    /// `acct` only to APIs that ask for it.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.claims().is_guest()
    }

    /// The user's groups.
    #[must_use]
    pub fn groups(&self) -> Groups {
        if let Some(groups) = self.claim::<Vec<String>>("groups") {
            return Groups::Listed(groups);
        }
        let elsewhere =
            self.all_claims().get("_claim_names").is_some_and(|names| names.get("groups").is_some());
        if elsewhere || self.claim("hasgroups") == Some(true) { Groups::Overage } else { Groups::NotInToken }
    }
}

/// Nothing about the person: what is printed for debugging ends up in logs.
impl fmt::Debug for VerifiedToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("VerifiedToken")
            .field("version", &self.version)
            .field("kid", &self.kid())
            .field("client", &self.claims().client)
            .finish_non_exhaustive()
    }
}
