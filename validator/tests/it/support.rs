//! An identity provider over HTTP that counts requests and can break, and the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use entra_test_harness::World;
use entra_validator::{Authority, Validator};
use serde_json::Value;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::path};

pub(crate) const NOW: i64 = 1_767_225_600;

/// This many seconds after the world's time.
pub(crate) fn at(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs((NOW + seconds).unsigned_abs())
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

    pub(crate) fn validator(&self) -> Validator {
        Validator::new(self.authority(), self.world.audience())
    }
}

pub(crate) fn json_answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}
