//! A running mock.

use std::{collections::BTreeMap, fmt, io, net::SocketAddr, sync::Arc, thread::JoinHandle};

use tokio::sync::oneshot;

use crate::{
    clock::Clock,
    control::{self, ForgeRequest},
    decoder::{DecodeRequest, Decoded},
    directory::{App, Directory, User},
    endpoint::Endpoint,
    faults::FaultRule,
    idp::Idp,
    requests::Requests,
    token::{ForgeError, Rotation, SignedToken, SigningKey, TokenBuilder},
};

/// A running mock identity provider. It stops when it is dropped.
///
/// Each has its own port, keys, clock and store; hundreds may run side by side. It serves on its own thread, so it works
/// in plain tests and under any runtime.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use entra_mock_idp::{Endpoint, Fault, MockIdp, Rotation};
///
/// let idp = MockIdp::start().await;
/// println!("configure the API with {}", idp.authority());
/// let token = idp.token().user("alice").scopes(["Orders.Read"]).sign();
///
/// idp.rotate_keys(Rotation::Planned);
/// assert!(idp.published_keys().iter().any(|key| key.kid() != idp.signing_key().kid()));
///
/// idp.inject(Fault::Status(503).on(Endpoint::Jwks).times(1));
/// assert_eq!(reqwest::get(idp.jwks_uri()).await.unwrap().status(), 503);
/// assert_eq!(idp.requests().to(Endpoint::Jwks).count(), 1);
/// # }
/// ```
pub struct MockIdp {
    pub(super) idp: Arc<Idp>,
    pub(super) address: SocketAddr,
    pub(super) ca_pem: Option<String>,
    /// Stops it when it is dropped.
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<JoinHandle<io::Result<()>>>,
}

impl MockIdp {
    /// The description of the control surface ([OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html)): the same as
    /// `GET /_mock/openapi.json`.
    #[must_use]
    pub fn openapi() -> serde_json::Value {
        control::openapi()
    }

    /// The socket address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of every URL here, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.idp.base_url.clone()
    }

    /// What clients and APIs are configured with: `{base}/{tenant}`, for the home tenant.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("{}/{}", self.idp.base_url, self.tenant_id())
    }

    /// The CA's certificate (PEM) that a client must trust: of a mock with `Tls::Ephemeral` or `Tls::LocalCa`.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The home tenant's GUID.
    #[must_use]
    pub fn tenant_id(&self) -> String {
        self.idp.directory().home_tenant().tenant_id.clone()
    }

    /// The home tenant's discovery document (v2.0).
    #[must_use]
    pub fn discovery_url(&self) -> String {
        format!("{}/v2.0/.well-known/openid-configuration", self.authority())
    }

    /// The home tenant's key set (v2.0).
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        format!("{}/discovery/v2.0/keys", self.authority())
    }

    /// The home tenant's issuer (v2.0).
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/v2.0", self.authority())
    }

    /// The directory that it serves now.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.idp.directory()
    }

    /// An app of the directory as it is now, by name or client id.
    ///
    /// ```
    /// # let idp = entra_mock_idp::MockIdp::start_blocking();
    /// let daemon = idp.app("orders-daemon");
    /// let form = [("client_id", daemon.client_id()), ("client_secret", daemon.secret())];
    /// assert!(form[1].1.contains("for-tests-only"));
    /// ```
    ///
    /// # Panics
    ///
    /// If there is none; the message lists those that there are.
    #[must_use]
    #[track_caller]
    pub fn app(&self, name: &str) -> App {
        let directory = self.directory();
        directory.app(name).cloned().unwrap_or_else(|| {
            let known: Vec<&str> = directory.apps.iter().map(|app| app.name.as_str()).collect();
            panic!("there is no app {name:?} in the directory, which has {known:?}")
        })
    }

    /// A user of the directory as it is now, by name, user principal name, mail address or object id.
    ///
    /// ```
    /// # let idp = entra_mock_idp::MockIdp::start_blocking();
    /// assert_eq!(idp.user("alice").upn(), "alice@contoso.example");
    /// ```
    ///
    /// # Panics
    ///
    /// If there is none; the message lists those that there are.
    #[must_use]
    #[track_caller]
    pub fn user(&self, name: &str) -> User {
        let directory = self.directory();
        directory.user(name).cloned().unwrap_or_else(|| {
            let known: Vec<&str> = directory.users.iter().map(|user| user.name.as_str()).collect();
            panic!("there is no user {name:?} in the directory, which has {known:?}")
        })
    }

    /// Serves this directory from now on. Codes, sessions and refresh tokens stay valid as far as the new directory has
    /// their users and apps.
    ///
    /// ```
    /// # let idp = entra_mock_idp::MockIdp::start_blocking();
    /// use entra_mock_idp::{BUILTIN_TOML, Directory};
    ///
    /// let text = BUILTIN_TOML.replace("Orders.Write", "Orders.Change");
    /// idp.set_directory(Directory::from_toml(&text)?);
    /// assert!(idp.directory().app("orders-api").unwrap().scopes.contains(&"Orders.Change".to_owned()));
    /// # Ok::<_, entra_mock_idp::ConfigError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If it is invalid ([`Directory::check`]): one that was read from a file or text is not.
    #[track_caller]
    pub fn set_directory(&self, directory: Directory) {
        if let Err(error) = directory.check() {
            panic!("the directory is invalid: {error}");
        }
        self.idp.set_directory(Arc::new(directory));
    }

    /// Builds a token of this mock, as honest or as bent as a test needs it.
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        self.idp.token()
    }

    /// A token as the request describes it: the same as `POST /_mock/tokens`.
    ///
    /// ```
    /// # let idp = entra_mock_idp::MockIdp::start_blocking();
    /// let request = serde_json::from_value(serde_json::json!({"user": "alice", "without": ["nbf"]}))?;
    /// assert!(idp.forge(request)?.claims.get("nbf").is_none());
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ForgeError`] if the directory does not have a name in it.
    pub fn forge(&self, request: ForgeRequest) -> Result<SignedToken, ForgeError> {
        request.apply(self.token()).try_sign()
    }

    /// What a token says, and who signed it: the same as `POST /_mock/decode`.
    ///
    /// ```
    /// # let idp = entra_mock_idp::MockIdp::start_blocking();
    /// use entra_mock_idp::SignatureVerdict;
    ///
    /// let token = idp.token().user("alice").sign();
    /// let request = serde_json::from_value(serde_json::json!({"token": token}))?;
    /// assert_eq!(idp.decode(&request)?.signature.state, SignatureVerdict::Valid);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ForgeError`] if the directory does not have the tenant. A token that cannot be read is not an error: `problem` says
    /// what is wrong with it.
    pub fn decode(&self, request: &DecodeRequest) -> Result<Decoded, ForgeError> {
        self.idp.decode(request)
    }

    /// The key that signs now.
    #[must_use]
    pub fn signing_key(&self) -> Arc<SigningKey> {
        self.idp.keys().current()
    }

    /// All published keys: the current one, the next one, then the old ones, newest first.
    #[must_use]
    pub fn published_keys(&self) -> Vec<Arc<SigningKey>> {
        self.idp.keys().published_keys().map(Arc::clone).collect()
    }

    /// Signs with another key from now on.
    pub fn rotate_keys(&self, rotation: Rotation) {
        self.idp.rotate_keys(rotation);
    }

    /// The clock that dates the tokens, for an API to share and for a test to set.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.idp.clock.clone()
    }

    /// The time by that clock, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.idp.clock.seconds()
    }

    /// The recorded requests: those that have no response yet, and at most the latest 2,000 of the others.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.idp.requests.all()
    }

    /// The number of requests to each kind of endpoint, including those no longer kept and those whose client gave up before
    /// the response.
    #[must_use]
    pub fn request_counts(&self) -> BTreeMap<Endpoint, u64> {
        self.idp.requests.counts()
    }

    /// Waits until there are requests with a higher number than this, and returns them; 0 is before the first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # let idp = entra_mock_idp::MockIdp::start().await;
    /// # let url = idp.jwks_uri();
    /// # let asked = tokio::spawn(async { reqwest::get(url).await });
    /// let asked_so_far = idp.requests_after(0).await;
    /// assert_eq!(asked_so_far.iter().next().unwrap().number, 1);
    /// # asked.await.unwrap().unwrap();
    /// # }
    /// ```
    pub async fn requests_after(&self, number: u64) -> Requests {
        self.idp.requests.after(number).await
    }

    /// Forgets the recorded requests and their counts.
    pub fn clear_requests(&self) {
        self.idp.requests.clear();
    }

    /// Makes an endpoint fail from now on. Of several faults that apply to a request, the oldest counts.
    ///
    /// # Panics
    ///
    /// If the rule is invalid: a probability outside 0 to 1, a status outside 200 to 599, zero times, a URL or content
    /// type that cannot be a header.
    #[track_caller]
    pub fn inject(&self, rule: FaultRule) {
        if let Err(message) = rule.check() {
            panic!("{message}");
        }
        self.idp.faults.add(rule);
    }

    /// The faults in force, oldest first.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRule> {
        self.idp.faults.all()
    }

    /// Removes all faults.
    pub fn heal(&self) {
        self.idp.faults.clear();
    }

    /// Revokes every consent to an app (name or client id), those of the directory included, until
    /// [`reset`](Self::reset): refresh tokens are refused (AADSTS65001), and the next sign-in asks again. Access tokens stay
    /// valid.
    ///
    /// # Panics
    ///
    /// If there is no such app.
    #[track_caller]
    pub fn revoke_consent(&self, client: &str) {
        assert!(self.idp.revoke_consents(Some(client)), "there is no app {client:?} in the directory");
    }

    /// Resets keys, clock, faults, requests, sessions, consents, codes and refresh tokens. The directory stays.
    pub fn reset(&self) {
        self.idp.reset();
    }
}

/// Not what it holds: secrets, passwords and tokens.
impl fmt::Debug for MockIdp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MockIdp").field("base_url", &self.idp.base_url).finish_non_exhaustive()
    }
}

impl Drop for MockIdp {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was reported where it happened; another one while dropping would end the process.
            _ = thread.join();
        }
    }
}
