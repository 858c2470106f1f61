//! Directories that are built in Rust: what is not named gets the default of a file, and ids are made from names.

use std::collections::BTreeMap;

use super::{
    Directory, RefreshTokens,
    app::{App, AppKind, OptionalClaims, Platform, RedirectUri, RequestedVersion, SignInAudience},
    made_up_id::made_up_id,
    tenant::{Tenant, UserConsent},
    user::{SignIn, User},
};

impl Directory {
    /// A directory with this tenant, and nobody in it yet.
    ///
    /// ```
    /// use entra_mock_idp::{App, Directory, MockIdp, Tenant, User};
    ///
    /// let mut directory = Directory::new(Tenant::new("contoso", "contoso.example"));
    /// let mut api = App::api("billing-api", "contoso", "api://billing");
    /// api.scopes = vec!["Bills.Read".to_owned()];
    /// let mut web = App::confidential("billing-web", "contoso");
    /// web.delegated.insert("api://billing".to_owned(), api.scopes.clone());
    /// directory.apps.extend([api, web]);
    /// directory.users.push(User::new("erin", "contoso", "erin@contoso.example"));
    ///
    /// let idp = MockIdp::builder().directory(directory).start()?;
    /// let token = idp.token().user("erin").client("billing-web").audience("api://billing").try_sign().unwrap();
    /// assert_eq!(token.claims["scp"], "Bills.Read");
    /// # Ok::<_, entra_mock_idp::StartError>(())
    /// ```
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self {
            tenants: vec![tenant],
            groups: Vec::new(),
            apps: Vec::new(),
            users: Vec::new(),
            refresh_tokens: RefreshTokens::default(),
        }
    }
}

impl Tenant {
    /// A tenant with this name and domain, and an id made from the name.
    #[must_use]
    pub fn new(name: impl Into<String>, domain: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            tenant_id: made_up_id("tenant", &name),
            name,
            domain: domain.into(),
            user_consent: UserConsent::default(),
            admin_consent: BTreeMap::new(),
        }
    }
}

impl User {
    /// A user of this tenant (its name), with an id and a password made from the name.
    #[must_use]
    pub fn new(name: impl Into<String>, tenant: impl Into<String>, upn: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            oid: made_up_id("user", &name),
            password: format!("{name}-password-for-tests-only"),
            name,
            tenant: tenant.into(),
            upn: upn.into(),
            given_name: String::new(),
            family_name: String::new(),
            email: None,
            home_tenant: None,
            groups: Vec::new(),
            generated_groups: 0,
            assigned_roles: BTreeMap::new(),
            directory_roles: Vec::new(),
            sign_in: SignIn::default(),
            sessions_valid_from: None,
            mock_claims: BTreeMap::new(),
            mock_without: Vec::new(),
        }
    }
}

impl RedirectUri {
    /// A redirect URI of this platform.
    #[must_use]
    pub fn new(uri: impl Into<String>, platform: Platform) -> Self {
        Self { uri: uri.into(), platform }
    }
}

impl App {
    /// A protected API of this tenant (its name), for v2.0 tokens, with ids made from the name.
    #[must_use]
    pub fn api(
        name: impl Into<String>,
        tenant: impl Into<String>,
        identifier_uri: impl Into<String>,
    ) -> Self {
        let app = Self::of_kind(AppKind::Api, name.into(), tenant.into());
        Self { identifier_uri: Some(identifier_uri.into()), token_version: RequestedVersion::V2, ..app }
    }

    /// A client that cannot keep a secret.
    #[must_use]
    pub fn public(name: impl Into<String>, tenant: impl Into<String>) -> Self {
        Self::of_kind(AppKind::Public, name.into(), tenant.into())
    }

    /// A client that people sign in to, with a secret made from the name.
    #[must_use]
    pub fn confidential(name: impl Into<String>, tenant: impl Into<String>) -> Self {
        Self::of_kind(AppKind::Confidential, name.into(), tenant.into()).with_secret()
    }

    /// A client that acts for itself, with a secret made from the name.
    #[must_use]
    pub fn daemon(name: impl Into<String>, tenant: impl Into<String>) -> Self {
        Self::of_kind(AppKind::Daemon, name.into(), tenant.into()).with_secret()
    }

    fn with_secret(self) -> Self {
        Self { client_secret: Some(format!("{}-secret-for-tests-only", self.name)), ..self }
    }

    fn of_kind(kind: AppKind, name: String, tenant: String) -> Self {
        Self {
            client_id: made_up_id("client", &name),
            service_principal_id: made_up_id("service principal", &name),
            name,
            tenant,
            kind,
            client_secret: None,
            secret_expires_at: None,
            certificates: Vec::new(),
            federated_credentials: Vec::new(),
            enabled: true,
            sign_in_audience: SignInAudience::default(),
            installed_in: None,
            assignment_required: false,
            implicit_id_tokens: false,
            implicit_access_tokens: false,
            logout_url: None,
            managed_identity: false,
            resource_id: None,
            token_lifetime: None,
            optional_claims: OptionalClaims::default(),
            mock_claims: BTreeMap::new(),
            mock_without: Vec::new(),
            identifier_uri: None,
            scopes: Vec::new(),
            app_roles: Vec::new(),
            redirect_uris: Vec::new(),
            token_version: RequestedVersion::default(),
            group_claims: false,
            delegated: BTreeMap::new(),
            assigned_roles: BTreeMap::new(),
        }
    }
}
