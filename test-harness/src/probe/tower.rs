//! A service in the same process.

use std::{
    error::Error, fs, future::poll_fn, panic::AssertUnwindSafe, path::PathBuf, pin::pin, time::Duration,
};

use bytes::{Buf, Bytes};
use entra_mock_idp::MockIdp;
use futures_util::FutureExt;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use tower_service::Service;

use super::{
    Answer, Divergences, Report, Stage, Target, TargetError,
    applies::does_not_apply,
    exchange::{LONGEST_BODY, LONGEST_CODE, REFUSED},
    plan::plan,
    play::Run,
    printable::printable,
};
use crate::{Attempt, World};

type BoxError = Box<dyn Error + Send + Sync>;

const DAY: Duration = Duration::from_secs(86_400);
const NOT_SHARED: &str =
    "time must pass, and the API does not read the identity provider's clock: give it idp.clock()";

impl Stage<'static, ()> {
    /// A stage for a service in the same process: an axum `Router`, a tonic service, anything `tower`. The function makes
    /// the service, for a mock identity provider that it is to trust, and makes another one for every restart.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use axum::{Router, routing::get};
    /// use entra_test_harness::{MockIdp, Stage};
    /// use entra_validator::{Authority, CachePolicy, RemoteKeySet, Requirement, ResourceServer, Validator};
    ///
    /// fn api(idp: &MockIdp) -> Router {
    ///     let authority = Authority::from_url(&idp.authority()).unwrap();
    ///     let validator = Validator::new(authority, idp.app("orders-api").client_id());
    ///     // Both clocks of the API follow the identity provider's: that of tokens, and that of the cached keys.
    ///     let keys = RemoteKeySet::builder(validator.authority().clone())
    ///         .policy(CachePolicy::default().timeout(Duration::from_millis(500)))
    ///         .wall_clock(idp.clock())
    ///         .build();
    ///     let server = ResourceServer::with_keys(validator, keys).unwrap().clock(idp.clock());
    ///     let layer = server.layer().require(Requirement::scopes(["Orders.Read"]));
    ///     Router::new().route("/orders", get(|| async { "orders" })).route_layer(layer)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// Stage::tower(api).route("/orders").scopes(["Orders.Read"]).run().await.assert_no_findings();
    /// # }
    /// ```
    ///
    /// A service for requests with another body type becomes one by
    /// `.map_request(|request: http::Request<Full<Bytes>>| request.map(Body::new))` of `tower::ServiceExt`.
    pub fn tower<F, S>(service: F) -> TowerStage<F>
    where
        F: FnMut(&MockIdp) -> S,
        S: Service<Request<Full<Bytes>>>,
    {
        TowerStage {
            service,
            request: Request::new(Vec::new()),
            scopes: Vec::new(),
            roles: Vec::new(),
            known: None,
            timeout: Duration::from_secs(15),
        }
    }
}

/// A service in the same process, and what the requests to it are. Made by [`Stage::tower`].
#[derive(Debug)]
#[must_use = "nothing is played before run()"]
pub struct TowerStage<F> {
    service: F,
    request: Request<Vec<u8>>,
    scopes: Vec<String>,
    roles: Vec<String>,
    known: Option<PathBuf>,
    timeout: Duration,
}

impl<F> TowerStage<F> {
    /// The path of a protected route. Default: `/`.
    ///
    /// # Panics
    ///
    /// If it is no path.
    #[track_caller]
    pub fn route(mut self, path: &str) -> Self {
        *self.request.uri_mut() =
            path.parse::<Uri>().unwrap_or_else(|error| panic!("{path:?} is no path: {error}"));
        self
    }

    /// A request that the route expects, without a token, where that is more than a GET request for its path: the method,
    /// more headers, a body. For gRPC, POST with `content-type: application/grpc` and a message.
    pub fn request(mut self, request: Request<Vec<u8>>) -> Self {
        self.request = request;
        self
    }

    /// Scopes that the route requires. Default: none. Honest tokens have them, and the cases about them are played.
    pub fn scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// App roles that the route requires. Default: none. Honest tokens have them, and the cases about them are played.
    pub fn roles<T: Into<String>>(mut self, roles: impl IntoIterator<Item = T>) -> Self {
        self.roles = roles.into_iter().map(Into::into).collect();
        self
    }

    /// The file of [known divergences](Divergences), relative to the directory of the crate's `Cargo.toml`, where Cargo runs
    /// tests. Default: none are known.
    pub fn known(mut self, file: impl Into<PathBuf>) -> Self {
        self.known = Some(file.into());
        self
    }

    /// How long a response may take, in real time. Default: 15 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Plays every case and every scenario, in a tokio runtime with time.
    ///
    /// Scenarios that pass time are skipped, with that reason, unless the service reads the clock of the identity provider,
    /// [`MockIdp::clock`]. Whether it does is measured: after a day, it must accept a new token and no longer an old one. If
    /// its cache of keys reads another clock, those scenarios fail.
    ///
    /// # Panics
    ///
    /// If the service does not accept an honest token, because what it refuses then proves nothing, or if the file of known
    /// divergences cannot be read.
    pub async fn run<S, B>(self) -> Report
    where
        F: FnMut(&MockIdp) -> S,
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Into<BoxError>> + Clone,
        B: BodyExt<Error: Into<BoxError>>,
    {
        match self.play().await {
            Ok(report) => report,
            Err(error) => panic!("{error}"),
        }
    }

    async fn play<S, B>(mut self) -> Result<Report, TargetError>
    where
        F: FnMut(&MockIdp) -> S,
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Into<BoxError>> + Clone,
        B: BodyExt<Error: Into<BoxError>>,
    {
        let divergences = divergences(self.known.as_ref())?;
        let run = Run { plan: plan(|_| true), does_not_apply, divergences: &divergences };
        let idp = MockIdp::start().await;
        let world = World::of(&idp).with_scopes(&self.scopes).with_roles(&self.roles);
        let service = (self.service)(&idp);
        let uri = self.request.uri().clone();
        let target = InProcess { idp: &idp, settings: self, service, shares_clock: false };
        let mut stage = Stage::new(&idp, world.clone(), target).cannot_wait(NOT_SHARED);
        if let Some(seen) = run.refused_control(&mut stage).await? {
            return Err(TargetError::new(format!(
                "the API does not accept an honest token ({seen}), so what it refuses proves nothing. Check that {uri} is \
                 a protected route, and that the API trusts {} and accepts the audience {}; scopes or app roles that the \
                 route requires are given with scopes(..) and roles(..)",
                idp.authority(),
                world.audience(),
            )));
        }
        stage.target_mut().measure_clock(&world).await?;
        let mut rows = Vec::new();
        run.play(&mut stage, &mut rows, &mut |_| {}).await?;
        Ok(run.report(rows, None))
    }
}

fn divergences(file: Option<&PathBuf>) -> Result<Divergences, TargetError> {
    let Some(file) = file else { return Ok(Divergences::default()) };
    let text = fs::read_to_string(file).map_err(|error| error.to_string());
    text.and_then(|text| Divergences::from_toml(&text))
        .map_err(|error| TargetError::new(format!("the known divergences in {}: {error}", file.display())))
}

struct InProcess<'a, F, S> {
    idp: &'a MockIdp,
    settings: TowerStage<F>,
    service: S,
    shares_clock: bool,
}

impl<F, S, B> InProcess<'_, F, S>
where
    F: FnMut(&MockIdp) -> S,
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Into<BoxError>> + Clone,
    B: BodyExt<Error: Into<BoxError>>,
{
    /// Whether the service dates tokens by the identity provider's clock.
    async fn measure_clock(&mut self, world: &World) -> Result<(), TargetError> {
        let old = Attempt::token(world.token().sign());
        self.idp.clock().advance(DAY);
        let new = Attempt::token(world.now_at(self.idp).token().sign());
        let accepted = |answer| matches!(answer, Answer::Accepted { .. });
        self.shares_clock = accepted(self.send(&new).await?) && !accepted(self.send(&old).await?);
        self.idp.reset();
        self.restart().await?;
        Ok(())
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Response<Vec<u8>>, BoxError> {
        let mut service = self.service.clone();
        poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
        let response = service.call(request).await.map_err(Into::into)?;
        read(response).await
    }
}

/// The response with its trailers among the headers, which is where the status of gRPC is.
async fn read<B: BodyExt<Error: Into<BoxError>>>(
    response: Response<B>,
) -> Result<Response<Vec<u8>>, BoxError> {
    let (mut parts, body) = response.into_parts();
    let (mut body, mut read) = (pin!(body), Vec::new());
    while let Some(frame) = body.frame().await {
        match frame.map_err(Into::into)?.into_data() {
            Ok(mut data) => read.extend_from_slice(&data.copy_to_bytes(data.remaining())),
            Err(frame) => parts.headers.extend(frame.into_trailers().unwrap_or_default()),
        }
        if read.len() > LONGEST_BODY {
            break;
        }
    }
    Ok(Response::from_parts(parts, read))
}

impl<F, S, B> Target for InProcess<'_, F, S>
where
    F: FnMut(&MockIdp) -> S,
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Into<BoxError>> + Clone,
    B: BodyExt<Error: Into<BoxError>>,
{
    async fn send(&self, attempt: &Attempt) -> Result<Answer, TargetError> {
        let request = attempt.to_request(&self.settings.request).map(|body| Full::new(body.into()));
        let exchange = AssertUnwindSafe(self.exchange(request)).catch_unwind();
        let crashed = |how: &str| Answer::Crashed { how: printable(how, LONGEST_CODE) };
        Ok(match tokio::time::timeout(self.settings.timeout, exchange).await {
            Ok(Ok(Ok(response))) => Answer::from_response(attempt, &response, REFUSED),
            Ok(Ok(Err(error))) => crashed(&error.to_string()),
            Ok(Err(_)) => crashed("panicked"),
            Err(_) => Answer::Hung,
        })
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        self.service = (self.settings.service)(self.idp);
        Ok(true)
    }

    async fn pass(&mut self, seconds: u32) -> bool {
        /// What the service does in the background needs real time.
        const REAL: Duration = Duration::from_millis(10);
        if self.shares_clock {
            self.idp.clock().advance(Duration::from_secs(seconds.into()));
            tokio::time::sleep(REAL).await;
        }
        self.shares_clock
    }
}
