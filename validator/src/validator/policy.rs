//! The settings of a validator: each adds a requirement or says what replaces one.

use crate::TokenVersion;

use super::{Leeway, Permissions, Validator};

impl Validator {
    /// Accepts v2.0 tokens for one more audience.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.v2_audiences.insert(audience.into());
        self
    }

    /// Accepts v1.0 tokens too, for this audience: usually the API's identifier URI, `api://{client-id}`.
    #[must_use]
    pub fn v1_audience(mut self, audience: impl Into<String>) -> Self {
        if !self.versions.contains(&TokenVersion::V1) {
            self.versions.push(TokenVersion::V1);
        }
        self.v1_audiences.insert(audience.into());
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
        self.allowed_clients = Some(clients.into_iter().map(Into::into).collect());
        self
    }

    /// Accepts these users and service principals only, each named by its `sub` (different in each API) or its `oid`. An
    /// empty list accepts none.
    #[must_use]
    pub fn allow_subjects<S: Into<String>>(mut self, subjects: impl IntoIterator<Item = S>) -> Self {
        self.allowed_subjects = Some(subjects.into_iter().map(Into::into).collect());
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

    /// Accepts only applications that speak for themselves and were given an app role (`roles` and no `scp`).
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

    /// Counts the list `scps`, which real Entra never sends, as permissions: for tests carried over from
    /// flask-entra-auth. See [`VerifiedToken::require_permissions`](crate::VerifiedToken::require_permissions).
    #[must_use]
    pub fn flask_entra_auth_permissions(mut self) -> Self {
        self.flask_permissions = true;
        self
    }
}
