//! The mock in a test: one line to start, nothing to stop.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use axum_server::{Handle, tls_rustls::RustlsConfig};

use crate::{
    builder::MockIdpBuilder,
    clock::Clock,
    directory::Directory,
    faults::FaultRule,
    protocol,
    requests::Requests,
    state::State,
    token::{SigningKey, TokenBuilder},
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
    /// Takes requests from the listener, on a thread of its own.
    pub(crate) fn serve(
        state: Arc<State>,
        listener: TcpListener,
        tls: Option<Arc<rustls::ServerConfig>>,
        workers: usize,
    ) -> io::Result<Self> {
        let (address, handle) = (listener.local_addr()?, Handle::new());
        let (served, serving) = (Arc::clone(&state), handle.clone());
        let thread = thread::Builder::new()
            .name("mock-idp".to_owned())
            .spawn(move || serve(&served, listener, tls, serving, workers))?;
        Ok(Self { state, address, handle, thread: Some(thread) })
    }

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
        MockIdpBuilder::new()
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

    /// The key that signs now.
    #[must_use]
    pub fn signing_key(&self) -> Arc<SigningKey> {
        self.state.keys().current()
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

    /// Lets an endpoint go wrong from now on. Of several faults that apply, the oldest counts.
    ///
    /// # Panics
    ///
    /// If the rule cannot be meant: a probability beyond 0 to 1, a status beyond 200 to 599.
    #[track_caller]
    pub fn inject(&self, rule: FaultRule) {
        if let Err(message) = rule.check() {
            panic!("{message}");
        }
        self.state.faults.add(rule);
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
