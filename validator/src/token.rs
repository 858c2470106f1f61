//! A token that passed every step.

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;

use crate::{Claims, ClaimsChallenge, Forbidden, Introspection, Refusal, TokenVersion, validator::Signed};

/// A token that [`Validator::validate`](crate::Validator::validate) let pass. There is no other way to get one, so where
/// a function takes it, the check has been made.
///
/// It is not judged again: keep it for one request, not longer.
///
/// ```compile_fail
/// let forged = entra_validator::VerifiedToken { };
/// ```
#[derive(Clone)]
pub struct VerifiedToken {
    signed: Arc<Signed>,
    version: TokenVersion,
    authorization_url: Option<Arc<str>>,
}

/// Which groups a user is in, as far as the token tells
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
    /// The user is in more groups than fit into a token. The address in `_claim_sources` is never fetched here.
    Overage,
    /// The token says nothing of groups: there are none, or the API's registration does not ask for them.
    NotInToken,
}

impl VerifiedToken {
    pub(crate) fn new(
        signed: Arc<Signed>,
        version: TokenVersion,
        authorization_url: Option<Arc<str>>,
    ) -> Self {
        Self { signed, version, authorization_url }
    }

    /// The claims that were judged.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").scopes(["Orders.Read"]).sign()).await?;
    /// assert_eq!(token.claims().scopes, ["Orders.Read"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.signed.claims
    }

    /// The token's version.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").sign()).await?;
    /// assert_eq!(token.version().as_str(), "2.0");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn version(&self) -> TokenVersion {
        self.version
    }

    /// The `kid` of the key that signed it.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").sign()).await?;
    /// assert_eq!(token.kid(), idp.signing_key().kid());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.signed.kid
    }

    /// Any claim by name, read as the type that is asked for; `None` if it is not there or has another type.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").claim("amr", vec!["pwd", "mfa"]).sign()).await?;
    /// assert_eq!(token.claim::<Vec<String>>("amr").unwrap(), ["pwd", "mfa"]);
    /// assert_eq!(token.claim::<u64>("amr"), None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let mut claims = self.all_claims();
        serde_json::from_value(claims.remove(name)?).ok()
    }

    /// The whole claims set as it was signed.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").claim("email", "alice@contoso.example").sign()).await?;
    /// assert_eq!(token.all_claims()["email"], "alice@contoso.example");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn all_claims(&self) -> serde_json::Map<String, serde_json::Value> {
        // The pipeline has read these very bytes as an object, and more strictly.
        serde_json::from_slice(self.signed.payload.bytes()).unwrap_or_default()
    }

    /// Whether an application speaks for itself: no user has delegated a scope (`scp`) to it. `roles` prove nothing here,
    /// since users have app roles too, and `idtyp` is sent only to APIs that ask for it.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// assert!(server.validate(&idp.token().sign()).await?.is_app_only());
    /// assert!(!server.validate(&idp.token().user("alice").sign()).await?.is_app_only());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_app_only(&self) -> bool {
        self.claims().is_app_only()
    }

    /// Whether the user is a guest, at home in another tenant: `acct`, or an `idp` that is not the issuer. Entra sends
    /// `acct` only to APIs that ask for it.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// assert!(server.validate(&idp.token().user("carol").sign()).await?.is_guest());
    /// assert!(!server.validate(&idp.token().user("alice").sign()).await?.is_guest());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.claims().is_guest()
    }

    /// The user's groups.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("dave").sign()).await?;
    /// assert_eq!(token.groups(), entra_validator::Groups::Overage);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn groups(&self) -> Groups {
        if let Some(groups) = self.claim::<Vec<String>>("groups") {
            return Groups::Listed(groups);
        }
        let elsewhere = self
            .claim::<serde_json::Value>("_claim_names")
            .is_some_and(|names| names.get("groups").is_some());
        if elsewhere || self.claim("hasgroups") == Some(true) { Groups::Overage } else { Groups::NotInToken }
    }

    /// Asks for an authentication context (`acrs`), `c1` for instance: that the user has signed in strongly enough.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").claim("acrs", vec!["c1"]).sign()).await?;
    /// assert!(token.require_auth_context("c1").is_ok());
    /// assert!(token.require_auth_context("c2").is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ClaimsChallenge`], which makes the client ask for such a token, if the client says that it understands one
    /// (`xms_cc` holds `cp1`); else [`Forbidden`]
    /// ([claims challenge](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
    pub fn require_auth_context(&self, context: &str) -> Result<(), Refusal> {
        let holds = |claim: &str, wanted: &dyn Fn(&str) -> bool| {
            self.claim::<Vec<String>>(claim).is_some_and(|values| values.iter().any(|value| wanted(value)))
        };
        if !context.is_empty() && holds("acrs", &|value| value == context) {
            return Ok(());
        }
        if holds("xms_cc", &|value| value.eq_ignore_ascii_case("cp1")) {
            return Err(ClaimsChallenge::auth_context(context, self.authorization_url.as_deref()).into());
        }
        Err(Forbidden::auth_context(context).into())
    }

    /// Asks for delegated scopes (`scp`): one of the alternatives, each a list of scopes separated by spaces that must
    /// all be there. `["Orders.Read Orders.Write", "Orders.Admin"]` means (read and write) or admin.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").scopes(["Orders.Read"]).sign()).await?;
    /// assert!(token.require_scopes(["Orders.Read Orders.Write", "Orders.Admin"]).is_err());
    /// assert!(token.require_scopes(["Orders.Read"]).is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met; none is where there is none or it is empty.
    pub fn require_scopes<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        Forbidden::scopes(alternatives, |scope| self.claims().scopes.iter().any(|held| held == scope))
    }

    /// Asks for app roles (`roles`), with alternatives as in [`require_scopes`](Self::require_scopes).
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().sign()).await?;
    /// assert!(token.require_roles(["Orders.Read.All"]).is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met.
    pub fn require_roles<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        Forbidden::roles(alternatives, |role| self.claims().roles.iter().any(|held| held == role))
    }

    /// Asks for permissions as flask-entra-auth does, whose "scopes" are the union of `scp`, `roles` and the list `scps`.
    ///
    /// A user who holds the scope `Admin` passes here where the app role `Admin` was meant. Use it to move from that
    /// package; then ask for scopes and roles apart.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").scopes(["SCOPE_A"]).roles(["ROLE_1"]).sign()).await?;
    /// assert!(token.require_permissions(["SCOPE_A ROLE_1"]).is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met.
    pub fn require_permissions<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        let Claims { scopes, roles, scps, .. } = self.claims();
        Forbidden::scopes(alternatives, |wanted| {
            scopes.iter().chain(roles).chain(scps).any(|held| held == wanted)
        })
    }

    /// What [RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2) answers for this token.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = server.validate(&idp.token().user("alice").sign()).await?;
    /// assert!(token.introspection().active);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn introspection(&self) -> Introspection {
        Introspection::of(self)
    }
}

/// Nothing of the person: what is printed for debugging ends up in logs.
impl fmt::Debug for VerifiedToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("VerifiedToken")
            .field("version", &self.version)
            .field("kid", &self.kid())
            .field("client", &self.claims().client)
            .finish_non_exhaustive()
    }
}
