//! An identity provider over HTTP that counts requests and can break, and the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use entra_test_harness::World;
use entra_validator::{Authority, RemoteKeySet, RemoteKeySetBuilder, Validator};
use serde_json::Value;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::path};

pub(crate) const NOW: i64 = 1_767_225_600;

/// This many seconds after the world's time.
pub(crate) fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs((NOW + seconds).unsigned_abs())
}

/// A monotonic clock that stands still until it is set.
#[derive(Clone)]
pub(crate) struct Clock {
    start: Instant,
    seconds: Arc<AtomicU64>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), seconds: Arc::default() }
    }

    /// This many seconds after the start.
    pub(crate) fn set(&self, seconds: u64) {
        self.seconds.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Instant {
        self.start + Duration::from_secs(self.seconds.load(Ordering::SeqCst))
    }
}

/// A cache of keys with this clock, and without chance.
pub(crate) fn remote_keys(authority: Authority, clock: &Clock) -> RemoteKeySetBuilder {
    let clock = clock.clone();
    RemoteKeySet::builder(authority).clock(move || clock.now()).chance(|| 0.0)
}

pub(crate) struct Provider {
    pub(crate) server: MockServer,
    pub(crate) world: World,
}

impl Provider {
    /// Nothing is served yet.
    pub(crate) async fn silent() -> Self {
        let server = MockServer::start().await;
        let world = World::fixed(NOW, &server.uri());
        Self { server, world }
    }

    /// Serves the honest discovery document and keys.
    pub(crate) async fn honest() -> Self {
        let provider = Self::silent().await;
        provider.serve_discovery(json_answer(&provider.discovery())).await;
        provider.serve_keys(json_answer(&provider.world.key_set())).await;
        provider
    }

    pub(crate) fn discovery(&self) -> Value {
        serde_json::from_str(&self.world.discovery_document(&self.world.issuer())).unwrap()
    }

    pub(crate) async fn serve_discovery(&self, answer: ResponseTemplate) {
        self.serve(&self.discovery_path(), answer).await;
    }

    /// A response that is made when it is asked for.
    pub(crate) async fn answer_discovery(&self, answer: impl Respond + 'static) {
        Mock::given(path(self.discovery_path())).respond_with(answer).mount(&self.server).await;
    }

    pub(crate) async fn serve_keys(&self, answer: ResponseTemplate) {
        self.serve(&self.keys_path(), answer).await;
    }

    /// From now on: the provider forgets what it answered before, and what it was asked.
    pub(crate) async fn change(&self, discovery: ResponseTemplate, keys: ResponseTemplate) {
        self.server.reset().await;
        self.serve_discovery(discovery).await;
        self.serve_keys(keys).await;
    }

    async fn serve(&self, place: &str, answer: ResponseTemplate) {
        Mock::given(path(place)).respond_with(answer).mount(&self.server).await;
    }

    pub(crate) fn discovery_path(&self) -> String {
        format!("/{}/v2.0/.well-known/openid-configuration", self.world.tenant_id())
    }

    pub(crate) fn keys_path(&self) -> String {
        format!("/{}/discovery/v2.0/keys", self.world.tenant_id())
    }

    /// How often discovery and keys were asked for.
    pub(crate) async fn asked(&self) -> (usize, usize) {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let count =
            |place: String| requests.iter().filter(|request: &&Request| request.url.path() == place).count();
        (count(self.discovery_path()), count(self.keys_path()))
    }

    pub(crate) fn authority(&self) -> Authority {
        Authority::from_url(&self.world.authority()).unwrap()
    }

    /// A cache of this provider's keys, and its clock.
    pub(crate) fn keys(&self) -> (RemoteKeySet, Clock) {
        let clock = Clock::new();
        (remote_keys(self.authority(), &clock).build(), clock)
    }

    /// Waits until discovery and keys were asked for this often.
    pub(crate) async fn wait_until_asked(&self, wanted: (usize, usize)) {
        for _ in 0..100_000 {
            if self.asked().await == wanted {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("the provider was asked {:?} times, not {wanted:?}", self.asked().await);
    }

    pub(crate) fn validator(&self) -> Validator {
        Validator::new(self.authority(), self.world.audience())
    }
}

pub(crate) fn json_answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}
