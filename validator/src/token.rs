//! A token that passed every step.

use serde::de::DeserializeOwned;

use crate::{Claims, Forbidden, Introspection, TokenVersion, compact::VerifiedPayload};

/// A token that [`Validator::validate`](crate::Validator::validate) let pass. There is no other way to get one, so where
/// a function takes it, the check has been made.
///
/// It is not judged again: keep it for one request, not longer.
///
/// ```compile_fail
/// let forged = entra_validator::VerifiedToken { };
/// ```
#[derive(Debug, Clone)]
pub struct VerifiedToken {
    kid: String,
    version: TokenVersion,
    claims: Claims,
    payload: Vec<u8>,
}

impl VerifiedToken {
    pub(crate) fn new(kid: &str, version: TokenVersion, claims: Claims, payload: VerifiedPayload) -> Self {
        Self { kid: kid.to_owned(), version, claims, payload: payload.into_bytes() }
    }

    /// The claims that were judged.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The token's version.
    #[must_use]
    pub fn version(&self) -> TokenVersion {
        self.version
    }

    /// The `kid` of the key that signed it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Any claim by name, read as the type that is asked for; `None` if it is not there or has another type.
    #[must_use]
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let mut claims = self.all_claims();
        serde_json::from_value(claims.remove(name)?).ok()
    }

    /// The whole claims set as it was signed.
    #[must_use]
    pub fn all_claims(&self) -> serde_json::Map<String, serde_json::Value> {
        // The pipeline has read these very bytes as an object, and more strictly.
        serde_json::from_slice(&self.payload).unwrap_or_default()
    }

    /// Whether an application speaks for itself: no user has delegated a scope (`scp`) to it. `roles` prove nothing here,
    /// since users have app roles too, and `idtyp` is sent only to APIs that ask for it.
    #[must_use]
    pub fn is_app_only(&self) -> bool {
        self.claims.scopes.is_empty()
    }

    /// Asks for delegated scopes (`scp`): one of the alternatives, each a list of scopes separated by spaces that must
    /// all be there. `["Orders.Read Orders.Write", "Orders.Admin"]` means (read and write) or admin.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met; none is where there is none or it is empty.
    pub fn require_scopes<S: AsRef<str>>(&self, alternatives: impl IntoIterator<Item = S>) -> Result<(), Forbidden> {
        Forbidden::scopes(alternatives, |scope| self.claims.scopes.iter().any(|held| held == scope))
    }

    /// Asks for app roles (`roles`), with alternatives as in [`require_scopes`](Self::require_scopes).
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met.
    pub fn require_roles<S: AsRef<str>>(&self, alternatives: impl IntoIterator<Item = S>) -> Result<(), Forbidden> {
        Forbidden::roles(alternatives, |role| self.claims.roles.iter().any(|held| held == role))
    }

    /// Asks for permissions as flask-entra-auth does, whose "scopes" are the union of `scp`, `roles` and the list `scps`.
    ///
    /// A user who holds the scope `Admin` passes here where the app role `Admin` was meant. Use it to move from that
    /// package; then ask for scopes and roles apart.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is met.
    pub fn require_permissions<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        let Claims { scopes, roles, scps, .. } = &self.claims;
        Forbidden::scopes(alternatives, |wanted| scopes.iter().chain(roles).chain(scps).any(|held| held == wanted))
    }

    /// What [RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2) answers for this token.
    #[must_use]
    pub fn introspection(&self) -> Introspection {
        Introspection::of(self)
    }
}
