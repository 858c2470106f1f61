//! How a mock runs, and its start.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use tokio::sync::oneshot;
use url::Url;

#[cfg(not(feature = "tls"))]
use crate::no_tls::Tls;
#[cfg(feature = "tls")]
use crate::tls::Tls;
use crate::{
    auto_sign_in::AutoSignIn,
    control_token::ControlToken,
    decoder::{StepReport, TokenValidator, ValidationRequest},
    directory::Directory,
    idp::Idp,
    protocol,
};

use super::{
    mock_idp::MockIdp,
    serve::{Serving, serve},
    start_error::StartError,
};

/// How a mock runs. No setter fails: [`start`](Self::start) checks what needs checking.
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
    sign_in: AutoSignIn,
    fresh_keys: bool,
    frozen_at: Option<i64>,
    workers: usize,
    /// How long a client may take to send the headers of a request, and a connection is kept without one.
    pub(super) patience: Duration,
    control_token: Option<String>,
    validator: Option<TokenValidator>,
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

    /// Configures a mock that differs from the default.
    pub fn builder() -> MockIdpBuilder {
        MockIdpBuilder::new()
    }
}

impl MockIdpBuilder {
    fn new() -> Self {
        Self {
            directory: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            public_url: None,
            sign_in: AutoSignIn::Off,
            fresh_keys: false,
            frozen_at: None,
            workers: 1,
            patience: Duration::from_secs(30),
            control_token: None,
            validator: None,
        }
    }

    /// Sets the directory. Default: the built-in one.
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = Some(Arc::new(directory));
        self
    }

    /// Sets the socket address to listen on; port 0 picks a free one. Default: `127.0.0.1:0`.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves HTTPS. Default: plain HTTP.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sets the base of the issuer and of every advertised URL. Default: the URL of the address that it listens on.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Answers every page at once as this user (name, user principal name, mail address or object id). Default: a person
    /// answers.
    pub fn sign_in(mut self, user: impl Into<String>) -> Self {
        self.sign_in = AutoSignIn::User(user.into());
        self
    }

    /// Answers the authorize and consent pages at once as the user whom the request's `login_hint` names; without one, a
    /// person answers. Default: a person answers, and a hint puts an account first on the page, as in Entra.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), entra_mock_idp::StartError> {
    /// let idp = entra_mock_idp::MockIdp::builder().sign_in_by_hint().start()?;
    /// let url = format!(
    ///     "{}/oauth2/v2.0/authorize?client_id={}&response_type=code&scope=openid\
    ///      &redirect_uri=http://localhost:3000/callback&login_hint=alice@contoso.example",
    ///     idp.authority(),
    ///     idp.directory().app("orders-web").unwrap().client_id
    /// );
    /// let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    /// let response = client.get(url).send().await.unwrap();
    /// assert!(response.headers()["location"].to_str().unwrap().contains("?code="));
    /// # Ok(()) }
    /// ```
    pub fn sign_in_by_hint(mut self) -> Self {
        self.sign_in = AutoSignIn::Hint;
        self
    }

    /// Generates signing keys, which takes some tenths of a second. Default: the published keys.
    pub fn fresh_keys(mut self) -> Self {
        self.fresh_keys = true;
        self
    }

    /// Freezes the clock at this time, in seconds since 1970. Default: the system's clock.
    pub fn frozen_at(mut self, seconds: i64) -> Self {
        self.frozen_at = Some(seconds);
        self
    }

    /// Lets everyone use the control surface (`/_mock/`) who presents this token, from any machine, and no one else.
    /// Default: this machine only.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(token.into());
        self
    }

    /// Sets the validator that the decoder asks which steps of validation a token would pass. `Err` says why it cannot
    /// report on them. The program `mock-idp` passes entra-validator here, so that this library does without it.
    pub fn validator(
        mut self,
        report: impl Fn(&ValidationRequest<'_>) -> Result<Vec<StepReport>, String> + Send + Sync + 'static,
    ) -> Self {
        self.validator = Some(TokenValidator(Arc::new(report)));
        self
    }

    /// Sets the number of threads that serve. Default: 1; 0 counts as 1.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.max(1);
        self
    }

    /// Starts the mock. When this returns, it accepts requests.
    ///
    /// # Errors
    ///
    /// [`StartError`] says what is wrong: with the address, the certificate, the directory, the user to sign in or the control
    /// token.
    pub fn start(self) -> Result<MockIdp, StartError> {
        let host =
            self.public_url.as_deref().and_then(|url| Some(Url::parse(url).ok()?.host_str()?.to_owned()));
        let served = self.tls.as_ref().map(|tls| tls.acceptor(host.as_deref())).transpose();
        let (tls, ca_pem) = served.map_err(StartError::Tls)?.unzip();
        let cannot_listen = |source| StartError::Listen { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).map_err(cannot_listen)?;
        listener.set_nonblocking(true).map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let serving = Serving { tls, workers: self.workers, patience: self.patience };
        let idp = self.idp(address)?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&idp);
        let thread = thread::Builder::new()
            .name("mock-idp".to_owned())
            .spawn(move || serve(&served, listener, &serving, stopped))
            .map_err(StartError::Thread)?;
        Ok(MockIdp { idp, address, ca_pem: ca_pem.flatten(), stop: Some(stop), thread: Some(thread) })
    }

    /// The same endpoints without a socket, thread or port, for tests that drive a service through `tower`. URLs in its
    /// responses begin with [`public_url`](Self::public_url), or with the address to [listen](Self::listen) on.
    ///
    /// The control surface (`/_mock/`) is for this machine only, and without a connection no machine is known: it refuses
    /// every request but those with a [`control_token`](Self::control_token).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), entra_mock_idp::StartError> {
    /// use axum::{body::Body, http::Request};
    /// use entra_mock_idp::MockIdp;
    /// use tower::ServiceExt as _;
    ///
    /// let router = MockIdp::builder().public_url("https://idp.example").router()?;
    /// let request = Request::get("/contoso.example/v2.0/.well-known/openid-configuration");
    /// let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    /// assert_eq!(response.status(), 200);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartError`] says what is wrong: with the directory, the user to sign in or the control token.
    pub fn router(self) -> Result<axum::Router, StartError> {
        let address = self.listen;
        Ok(protocol::router(&self.idp(address)?))
    }

    fn idp(self, address: SocketAddr) -> Result<Arc<Idp>, StartError> {
        if let Some(directory) = &self.directory {
            directory.check().map_err(StartError::Directory)?;
        }
        let directory = self.directory.unwrap_or_else(builtin);
        if let AutoSignIn::User(user) = &self.sign_in
            && directory.user(user).is_none()
        {
            return Err(StartError::UnknownUser(user.clone()));
        }
        let base_url = self.public_url.unwrap_or_else(|| base_url(address, self.tls.is_some()));
        // Without the port that the scheme has anyway: clients leave it out, and compare what they make of the URL.
        let base_url =
            Url::parse(&base_url).map_or(base_url, |url| url.as_str().trim_end_matches('/').to_owned());
        let control_token = self.control_token.as_deref().map(ControlToken::new).transpose();
        let mut idp = Idp::new(directory, base_url, self.sign_in, self.fresh_keys);
        idp.control_token = control_token.map_err(StartError::ControlToken)?;
        idp.validator = self.validator;
        if let Some(seconds) = self.frozen_at {
            idp.clock.freeze_at(seconds);
        }
        Ok(Arc::new(idp))
    }
}

/// Parsed once per process.
fn builtin() -> Arc<Directory> {
    static BUILTIN: OnceLock<Arc<Directory>> = OnceLock::new();
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
