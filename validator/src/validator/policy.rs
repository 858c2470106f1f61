//! The settings of a validator: each adds a requirement or says what replaces one.

use std::sync::Arc;

use crate::{AuthorityError, TokenVersion, VerifiedToken, authority::fold_guid};

use super::{Leeway, Permissions, Validator, checks::without_slash, rule::Rule};

impl Validator {
    /// The most that [`max_token_bytes`](Self::max_token_bytes) allows: 64 KiB.
    pub const MOST_TOKEN_BYTES: usize = 64 * 1024;

    /// Accepts v2.0 tokens for one more audience.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.v2_audiences.insert(fold_guid(audience.into()));
        self
    }

    /// Accepts v1.0 tokens too, for this audience: usually the API's identifier URI, `api://{client-id}`. One slash at its
    /// end makes no difference.
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if the authority has no v1.0 tokens: External ID and B2C.
    pub fn v1_audience(self, audience: impl Into<String>) -> Result<Self, AuthorityError> {
        if !self.authority.issues_v1() {
            let reason = "External ID and B2C have no v1.0 tokens: use Validator::for_app";
            return Err(AuthorityError(reason.into()));
        }
        Ok(self.accept_v1(&audience.into()))
    }

    pub(super) fn accept_v1(mut self, audience: &str) -> Self {
        if !self.versions.contains(&TokenVersion::V1) {
            self.versions.push(TokenVersion::V1);
        }
        self.v1_audiences.insert(fold_guid(without_slash(audience).to_owned()));
        self
    }

    /// Accepts tokens of up to this many bytes, [`MOST_TOKEN_BYTES`](Self::MOST_TOKEN_BYTES) at most. Default: 16 KiB.
    ///
    /// Entra limits how many groups a token lists, not how long their names are: 200 on-premises names of 64 characters make
    /// 19 KiB. The HTTP server's limit for headers must allow such a token as well.
    #[must_use]
    pub fn max_token_bytes(mut self, bytes: usize) -> Self {
        self.max_token_bytes = bytes.min(Self::MOST_TOKEN_BYTES);
        self
    }

    /// Allows clocks to differ by this much. Default: 60 seconds.
    #[must_use]
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// Accepts these client applications only (`azp`, or `appid` in v1.0). With this list a token need not carry a scope
    /// or role. An empty list accepts none.
    #[must_use]
    pub fn allow_clients<S: Into<String>>(mut self, clients: impl IntoIterator<Item = S>) -> Self {
        self.allowed_clients = Some(clients.into_iter().map(|client| fold_guid(client.into())).collect());
        self
    }

    /// Accepts these users and service principals only, each named by its `sub` (different in each API) or its `oid`. An
    /// empty list accepts none.
    #[must_use]
    pub fn allow_subjects<S: Into<String>>(mut self, subjects: impl IntoIterator<Item = S>) -> Self {
        self.allowed_subjects = Some(subjects.into_iter().map(|subject| fold_guid(subject.into())).collect());
        self
    }

    /// Accepts tokens that carry neither a scope nor a role. Entra issues an app-only token for any API to any client of
    /// the tenant, whether or not it was granted anything
    /// ([source](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow)): use this only
    /// where something else decides who may enter.
    #[must_use]
    pub fn allow_without_permissions(mut self) -> Self {
        self.permissions = Permissions::NoneNeeded;
        self
    }

    /// Accepts only tokens that a user has delegated (`scp`). Users' app roles alone are not enough.
    #[must_use]
    pub fn delegated_only(mut self) -> Self {
        self.permissions = Permissions::Scopes;
        self
    }

    /// Accepts only applications that speak for themselves and were given an app role (`roles`). If the API's registration
    /// asks for `idtyp`, that claim decides who speaks for itself; without it, whether there is an `scp`.
    #[must_use]
    pub fn app_only(mut self) -> Self {
        self.permissions = Permissions::AppOnlyRoles;
        self
    }

    /// Requires one more claim, whatever its value.
    #[must_use]
    pub fn require_claim(mut self, name: impl Into<String>) -> Self {
        self.required_claims.push((name.into(), None));
        self
    }

    /// Requires one more claim with exactly this value.
    #[must_use]
    pub fn require_claim_value(
        mut self,
        name: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.required_claims.push((name.into(), Some(value.into())));
        self
    }

    /// Refuses guests: users whose home is another tenant. Let the API's registration ask for the optional claim `acct`;
    /// without it, a guest is recognised by `idp` only.
    #[must_use]
    pub fn refuse_guests(mut self) -> Self {
        self.guests_allowed = false;
        self
    }

    /// Adds a rule of your own. It is asked last, when the token has passed every step; a token for which it is false is
    /// refused with `auth_token_check_failed`, and the log says `name`.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// let validator = Validator::for_app(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3")
    ///     .check("two-factors", |token| {
    ///         token.claim::<Vec<String>>("amr").is_some_and(|methods| methods.iter().any(|method| method == "mfa"))
    ///     });
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    #[must_use]
    pub fn check(
        mut self,
        name: &'static str,
        holds: impl Fn(&VerifiedToken) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.rules.push(Rule { name, holds: Arc::new(holds) });
        self
    }

    /// Counts the list `scps`, which real Entra never sends, as permissions: for tests carried over from
    /// flask-entra-auth. See [`VerifiedToken::require_permissions`](crate::VerifiedToken::require_permissions).
    #[must_use]
    pub fn flask_entra_auth_permissions(mut self) -> Self {
        self.flask_permissions = true;
        self
    }
}
