//! What every case of the catalogue is made from.

mod documents;
mod genuine;
mod tokens;

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use entra_mock_idp::{Directory, MockIdp, SigningKey};

use genuine::Genuine;

/// An API, its tenant and an honest identity provider at one moment: the one input of every case.
///
/// ```
/// use entra_test_harness::World;
///
/// let world = World::now("https://mock-idp.example");
/// let token = world.token().scopes(["Orders.Read"]).sign();
/// let keys = world.key_set(); // for the validator under test, with `world.issuer()` and `world.audience()`
/// ```
#[derive(Debug, Clone)]
pub struct World {
    directory: Arc<Directory>,
    pub(crate) key: Arc<SigningKey>,
    issuer_base: String,
    tenant_id: String,
    audience: String,
    client_id: String,
    now: i64,
    api: Api,
    genuine: Genuine,
}

/// What the API under test requires of a token, where that is not what the built-in directory says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Api {
    pub(crate) version_one: bool,
    audience: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) client: Option<String>,
    pub(crate) subject: Option<String>,
}

impl World {
    /// The built-in directory and the first published key, at the present time. `issuer_base` is the identity provider's URL
    /// without a path.
    #[must_use]
    pub fn now(issuer_base: &str) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self::fixed(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)), issuer_base)
    }

    /// As [`now`](Self::now), at a fixed time in seconds since 1970: for output that is the same on every machine. A validator
    /// that reads the system's clock refuses every token of a past moment, and so tells nothing about itself.
    ///
    /// ```
    /// # use entra_test_harness::World;
    /// let world = World::fixed(1_767_225_600, "https://mock-idp.example");
    /// assert_eq!(world.token().sign(), world.token().sign());
    /// ```
    #[must_use]
    pub fn fixed(now: i64, issuer_base: &str) -> Self {
        Self::new(Arc::new(Directory::builtin()), SigningKey::published(0), issuer_base, now)
    }

    /// A running mock identity provider: its directory, current key, URL and clock.
    #[must_use]
    pub fn of(idp: &MockIdp) -> Self {
        Self::new(idp.directory(), idp.signing_key(), &idp.base_url(), idp.now())
    }

    /// The same API, and the identity provider as it is now: its current key and clock.
    #[must_use]
    pub fn now_at(&self, idp: &MockIdp) -> Self {
        self.at_time(idp.signing_key(), idp.now())
    }

    pub(crate) fn at_time(&self, key: Arc<SigningKey>, now: i64) -> Self {
        Self { key, now, ..self.clone() }
    }

    fn new(directory: Arc<Directory>, key: Arc<SigningKey>, issuer_base: &str, now: i64) -> Self {
        let id = |name: &str| directory.app(name).map(|app| app.client_id.clone()).unwrap_or_default();
        Self {
            tenant_id: directory.home_tenant().tenant_id.clone(),
            audience: id("orders-api"),
            client_id: id("orders-spa"),
            directory,
            key,
            issuer_base: issuer_base.to_owned(),
            now,
            api: Api::default(),
            genuine: Genuine::default(),
        }
    }

    /// For an API that accepts v1.0 tokens, whose `aud` is its identifier URI.
    #[must_use]
    pub fn version_one(self) -> Self {
        let uri = self.directory.app("orders-api").and_then(|app| app.identifier_uri.clone());
        let world = self.requiring(|api| api.version_one = true);
        match uri {
            Some(uri) if world.api.audience.is_none() => world.for_audience(uri),
            _ => world,
        }
    }

    fn requiring(mut self, change: impl FnOnce(&mut Api)) -> Self {
        change(&mut self.api);
        self.genuine = Genuine::default();
        self
    }

    /// For an API that accepts this `aud`.
    #[must_use]
    pub fn for_audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = audience.into();
        let audience = self.audience.clone();
        self.requiring(|api| api.audience = Some(audience))
    }

    /// For a route that requires all of these scopes: honest users' tokens have them.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.requiring(|api| api.scopes = scopes.into_iter().map(Into::into).collect())
    }

    /// For a route that requires all of these app roles: honest tokens have them.
    #[must_use]
    pub fn with_roles<S: Into<String>>(self, roles: impl IntoIterator<Item = S>) -> Self {
        self.requiring(|api| api.roles = roles.into_iter().map(Into::into).collect())
    }

    /// For an API that accepts only this client application: honest tokens are issued to it.
    #[must_use]
    pub fn with_client(self, client_id: impl Into<String>) -> Self {
        self.requiring(|api| api.client = Some(client_id.into()))
    }

    /// For an API that accepts only this subject (`oid`): honest tokens are about it.
    #[must_use]
    pub fn with_subject(self, subject: impl Into<String>) -> Self {
        self.requiring(|api| api.subject = Some(subject.into()))
    }

    /// What the API requires.
    #[cfg(feature = "runner")]
    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// The scopes that the route requires, in cases about them.
    #[must_use]
    pub fn scopes(&self) -> Vec<&str> {
        asked_for(&self.api.scopes, "Files.Read")
    }

    /// The first of them.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.scopes()[0]
    }

    /// The app roles that the route requires, in cases about them.
    #[must_use]
    pub fn roles(&self) -> Vec<&str> {
        asked_for(&self.api.roles, "Admin")
    }

    /// The first of them.
    #[must_use]
    pub fn role(&self) -> &str {
        self.roles()[0]
    }

    /// The only client that is accepted, in cases about one.
    #[must_use]
    pub fn allowed_client(&self) -> &str {
        self.api.client.as_deref().unwrap_or("dddddddd-0000-4000-8000-00000000a110")
    }

    /// The only subject that is accepted, in cases about one.
    #[must_use]
    pub fn allowed_subject(&self) -> &str {
        self.api.subject.as_deref().unwrap_or("an-allowed-subject")
    }

    /// The time, in seconds since 1970.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.now
    }

    /// This many seconds from now, with the fraction.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 fit a float until far beyond the year 9999"
    )]
    pub fn at(&self, seconds: f64) -> f64 {
        self.now as f64 + seconds
    }

    /// The tenant's GUID.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// The API's client id, the `aud` of its v2.0 tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The client application's id, the `azp` of [`token`](Self::token).
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }
}

fn asked_for<'a>(given: &'a [String], usual: &'a str) -> Vec<&'a str> {
    if given.is_empty() { vec![usual] } else { given.iter().map(String::as_str).collect() }
}
