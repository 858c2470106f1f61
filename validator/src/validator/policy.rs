//! What a validator can be told: every setting adds a demand or says what stands in for one.

use crate::TokenVersion;

use super::{Leeway, Permissions, Validator};

impl Validator {
    /// Accepts v2.0 tokens for one more audience.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.audience("d1a3f2a4-6c64-4a3e-8a3c-2f8f6d3c9b10");
    /// ```
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.v2_audiences.insert(audience.into());
        self
    }

    /// Accepts v1.0 tokens too, for this audience: usually the API's identifier URI, `api://{client-id}`.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.v1_audience("api://6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// ```
    #[must_use]
    pub fn v1_audience(mut self, audience: impl Into<String>) -> Self {
        if !self.versions.contains(&TokenVersion::V1) {
            self.versions.push(TokenVersion::V1);
        }
        self.v1_audiences.insert(audience.into());
        self
    }

    /// Lets clocks differ by this much; 60 seconds unless set.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.leeway(entra_validator::Leeway::ZERO);
    /// ```
    #[must_use]
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// Lets in these client applications only (`azp`, or `appid` in v1.0). With this list a token need not carry a scope
    /// or role. An empty list lets no one in.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.allow_clients(["11111111-0000-4000-8000-000000000001"]);
    /// ```
    #[must_use]
    pub fn allow_clients<S: Into<String>>(mut self, clients: impl IntoIterator<Item = S>) -> Self {
        self.allowed_clients = Some(clients.into_iter().map(Into::into).collect());
        self
    }

    /// Lets in these users and service principals only, each named by its `sub` (another one for each API) or its `oid`.
    /// An empty list lets no one in.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.allow_subjects(["22222222-0000-4000-8000-000000000002"]);
    /// ```
    #[must_use]
    pub fn allow_subjects<S: Into<String>>(mut self, subjects: impl IntoIterator<Item = S>) -> Self {
        self.allowed_subjects = Some(subjects.into_iter().map(Into::into).collect());
        self
    }

    /// Lets in tokens that carry neither a scope nor a role. Entra issues an app-only token for any API to any client of
    /// the tenant, asked or not
    /// ([source](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow)): use this only
    /// where something else decides who may come in.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.allow_without_permissions();
    /// ```
    #[must_use]
    pub fn allow_without_permissions(mut self) -> Self {
        self.permissions = Permissions::NoneNeeded;
        self
    }

    /// Lets in tokens only that a user has delegated (`scp`). Users' app roles alone will not do.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.delegated_only();
    /// ```
    #[must_use]
    pub fn delegated_only(mut self) -> Self {
        self.permissions = Permissions::Scopes;
        self
    }

    /// Lets in applications only that speak for themselves and were given an app role (`roles` and no `scp`).
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.app_only();
    /// ```
    #[must_use]
    pub fn app_only(mut self) -> Self {
        self.permissions = Permissions::AppOnlyRoles;
        self
    }

    /// Asks for one more claim, whatever its value.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.require_claim("email");
    /// ```
    #[must_use]
    pub fn require_claim(mut self, name: impl Into<String>) -> Self {
        self.required_claims.push((name.into(), None));
        self
    }

    /// Asks for one more claim with this very value.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.require_claim_value("xms_tpl", "en").require_claim_value("acct", 0);
    /// ```
    #[must_use]
    pub fn require_claim_value(
        mut self,
        name: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.required_claims.push((name.into(), Some(value.into())));
        self
    }

    /// Refuses guests: users whose home is another tenant. Let the API's registration ask for the optional claim `acct`,
    /// without which a guest is known by `idp` only.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.refuse_guests();
    /// ```
    #[must_use]
    pub fn refuse_guests(mut self) -> Self {
        self.guests_allowed = false;
        self
    }

    /// Counts the list `scps`, which real Entra never sends, as permissions: for tests carried over from
    /// flask-entra-auth. See [`VerifiedToken::require_permissions`](crate::VerifiedToken::require_permissions).
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let validator = validator.flask_entra_auth_permissions();
    /// ```
    #[must_use]
    pub fn flask_entra_auth_permissions(mut self) -> Self {
        self.flask_permissions = true;
        self
    }
}
