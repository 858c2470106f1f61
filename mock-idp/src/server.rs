//! The mock in a test: one line to start, nothing to stop.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use url::Url;

use crate::{
    clock::Clock,
    control::{self, ControlToken, DecodeRequest, Decoded, ForgeRequest, Judge, Step, Trial},
    directory::Directory,
    faults::FaultRule,
    protocol,
    requests::{Endpoint, Requests},
    state::State,
    tls::Tls,
    token::{ForgeError, SignedToken, SigningKey, TokenBuilder},
};

/// A running mock identity provider. It stops when it is dropped.
///
/// Each has a port, keys, a clock and a memory of its own; hundreds may run side by side. It serves on a thread of its
/// own, so it works in plain tests and under any runtime.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use entra_mock_idp::MockIdp;
///
/// let idp = MockIdp::start().await;
/// let token = idp.token().user("alice").scopes(["Orders.Read"]).sign();
/// assert!(idp.discovery_url().starts_with("http://127.0.0.1:"));
/// # }
/// ```
#[derive(Debug)]
pub struct MockIdp {
    state: Arc<State>,
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// How a mock is to run.
///
/// ```
/// let idp = entra_mock_idp::MockIdp::builder().frozen_at(1_767_225_600).start().unwrap();
/// assert_eq!(idp.now(), 1_767_225_600);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MockIdpBuilder {
    directory: Option<Arc<Directory>>,
    listen: SocketAddr,
    tls: Option<Tls>,
    public_url: Option<String>,
    sign_in: Option<String>,
    fresh_keys: bool,
    frozen_at: Option<i64>,
    workers: usize,
    control_token: Option<String>,
    judge: Option<Judge>,
}

impl MockIdpBuilder {
    /// With this directory instead of the built-in one.
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = Some(Arc::new(directory));
        self
    }

    /// On this address; port 0 picks a free one.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Over HTTPS.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// With this base of the issuer and of every advertised address.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Answers every page as this user (name, user principal name or object id) at once.
    pub fn sign_in(mut self, user: impl Into<String>) -> Self {
        self.sign_in = Some(user.into());
        self
    }

    /// With signing keys that no one else has. Takes some tenths of a second.
    pub fn fresh_keys(mut self) -> Self {
        self.fresh_keys = true;
        self
    }

    /// With a clock that stands still, in seconds since 1970.
    pub fn frozen_at(mut self, seconds: i64) -> Self {
        self.frozen_at = Some(seconds);
        self
    }

    /// With a control surface (`/_mock/`) that answers to everyone who presents this token, from any machine, and to no
    /// one else. Without it answers to this machine only.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(token.into());
        self
    }

    /// With somebody who decides which steps of validation a decoded token would pass; an error says why none can be
    /// told. The program `mock-idp` gives it to entra-validator, which this library does without.
    pub fn judge(
        mut self,
        judge: impl Fn(&Trial<'_>) -> Result<Vec<Step>, String> + Send + Sync + 'static,
    ) -> Self {
        self.judge = Some(Judge(Arc::new(judge)));
        self
    }

    /// On so many threads; one unless told.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.max(1);
        self
    }

    /// Starts it. When this returns, it takes requests.
    ///
    /// # Errors
    ///
    /// If the address is taken, the certificate cannot be had, the user to sign in is not in the directory, or the
    /// control token cannot travel as a bearer token.
    pub fn start(self) -> io::Result<MockIdp> {
        let directory = self.directory.unwrap_or_else(builtin);
        if let Some(user) = self.sign_in.as_ref().filter(|user| directory.user(user).is_none()) {
            return Err(io::Error::other(format!("there is no user {user:?} in the directory to sign in")));
        }
        let host =
            self.public_url.as_deref().and_then(|url| Some(Url::parse(url).ok()?.host_str()?.to_owned()));
        let tls = self.tls.map(|tls| tls.config(host.as_deref())).transpose()?;
        let listener = TcpListener::bind(self.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let base_url = self.public_url.unwrap_or_else(|| base_url(address, tls.is_some()));
        let control_token = self.control_token.as_deref().map(ControlToken::new).transpose();
        let mut state = State::new(directory, base_url, self.sign_in, self.fresh_keys);
        state.control_token = control_token.map_err(io::Error::other)?;
        state.judge = self.judge;
        let state = Arc::new(state);
        if let Some(seconds) = self.frozen_at {
            state.clock.freeze_at(seconds);
        }
        let handle = Handle::new();
        let (served, serving, workers) = (Arc::clone(&state), handle.clone(), self.workers);
        let thread = thread::Builder::new()
            .name("mock-idp".to_owned())
            .spawn(move || serve(&served, listener, tls, serving, workers))?;
        Ok(MockIdp { state, address, handle, thread: Some(thread) })
    }
}

/// Parsed once in a process.
fn builtin() -> Arc<Directory> {
    static BUILTIN: std::sync::OnceLock<Arc<Directory>> = std::sync::OnceLock::new();
    Arc::clone(BUILTIN.get_or_init(|| Arc::new(Directory::builtin())))
}

/// A certificate names `localhost`, and browsers treat it as safe; plain HTTP needs no name.
fn base_url(address: SocketAddr, tls: bool) -> String {
    match (tls, address.ip().is_loopback()) {
        (true, true) => format!("https://localhost:{}", address.port()),
        (true, false) => format!("https://{address}"),
        (false, _) => format!("http://{address}"),
    }
}

fn serve(
    state: &Arc<State>,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    handle: Handle<SocketAddr>,
    workers: usize,
) -> io::Result<()> {
    let mut runtime = match workers {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(workers).enable_all().build()?;
    runtime.block_on(async {
        let app = protocol::router(state).into_make_service_with_connect_info::<SocketAddr>();
        match tls {
            None => axum_server::from_tcp(listener)?.handle(handle).serve(app).await,
            Some(config) => {
                let config = RustlsConfig::from_config(config);
                axum_server::from_tcp_rustls(listener, config)?.handle(handle).serve(app).await
            }
        }
    })
}

impl MockIdp {
    /// Starts a mock on a free port of 127.0.0.1, with the built-in directory and the published keys.
    ///
    /// # Panics
    ///
    /// If no port is free: [`MockIdpBuilder::start`] returns that as an error.
    #[expect(
        clippy::unused_async,
        reason = "so that a change of how it starts need not change the tests that start it"
    )]
    pub async fn start() -> Self {
        Self::start_blocking()
    }

    /// As [`start`](Self::start), for tests without a runtime.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn start_blocking() -> Self {
        Self::builder().start().expect("a port of 127.0.0.1 is free")
    }

    /// For a mock that is to run otherwise.
    pub fn builder() -> MockIdpBuilder {
        MockIdpBuilder {
            directory: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            public_url: None,
            sign_in: None,
            fresh_keys: false,
            frozen_at: None,
            workers: 1,
            control_token: None,
            judge: None,
        }
    }

    /// The description of the control surface ([OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html)): the same as
    /// `GET /_mock/openapi.json`.
    #[must_use]
    pub fn openapi() -> serde_json::Value {
        control::openapi()
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of every address here, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.state.base_url.clone()
    }

    /// What clients and APIs are configured with: `{base}/{tenant}`, of the home tenant.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("{}/{}", self.state.base_url, self.tenant_id())
    }

    /// The home tenant's GUID.
    #[must_use]
    pub fn tenant_id(&self) -> String {
        self.state.directory().home_tenant().tenant_id.clone()
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

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.state.directory()
    }

    /// Serves this directory from now on. What was issued before holds as far as the new one knows its users and apps.
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
    pub fn set_directory(&self, directory: Directory) {
        self.state.set_directory(Arc::new(directory));
    }

    /// A token of this mock, to be bent at will: see [`TokenBuilder`].
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        self.state.token()
    }

    /// A token as this request describes it: the same as `POST /_mock/tokens`.
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
    /// [`ForgeError`] if the directory does not know a name in it.
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
    /// [`ForgeError`] if the directory does not know the tenant. A token that cannot be read is none: the answer says so.
    pub fn decode(&self, request: &DecodeRequest) -> Result<Decoded, ForgeError> {
        control::decoded(&self.state, request)
    }

    /// The key that signs now.
    #[must_use]
    pub fn signing_key(&self) -> Arc<SigningKey> {
        self.state.keys().current()
    }

    /// All published keys: the current one, the next one, then the old ones, newest first.
    #[must_use]
    pub fn published_keys(&self) -> Vec<Arc<SigningKey>> {
        self.state.keys().published_keys().map(Arc::clone).collect()
    }

    /// Signs with another key from now on. With `keep_old`, the old ones stay published, as in a planned rotation;
    /// without, they are withdrawn, as in an emergency.
    pub fn rotate_keys(&self, keep_old: bool) {
        self.state.keys().rotate(keep_old);
    }

    /// The clock that dates the tokens.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// The time by that clock, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.state.clock.now()
    }

    /// What was asked of it so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.state.requests.all()
    }

    /// How many requests there were of each kind, those that are no longer kept among them.
    #[must_use]
    pub fn request_counts(&self) -> BTreeMap<Endpoint, u64> {
        self.state.requests.counts()
    }

    /// Waits until there are requests after the one of this number, and returns them; 0 is before the first.
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
        self.state.requests.after(number).await
    }

    /// Forgets what was asked of it.
    pub fn clear_requests(&self) {
        self.state.requests.clear();
    }

    /// Lets an endpoint go wrong from now on. Of several faults that apply, the oldest counts.
    ///
    /// # Panics
    ///
    /// If the rule cannot be meant: a probability beyond 0 to 1, a status beyond 200 to 599, no times.
    #[track_caller]
    pub fn inject(&self, rule: FaultRule) {
        if let Err(message) = rule.check() {
            panic!("{message}");
        }
        self.state.faults.add(rule);
    }

    /// The faults in force, oldest first.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRule> {
        self.state.faults.all()
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.state.faults.clear();
    }

    /// Back to the start: keys, clock, faults, requests, sessions, codes and refresh tokens.
    pub fn reset(&self) {
        self.state.reset();
    }
}

impl Drop for MockIdp {
    fn drop(&mut self) {
        self.handle.shutdown();
        if let Some(thread) = self.thread.take() {
            // A panic there was reported where it happened; another one while dropping would end the process.
            _ = thread.join();
        }
    }
}
