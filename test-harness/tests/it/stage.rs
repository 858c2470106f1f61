//! What a stage makes of APIs that never fetch an altered document, or do not wait for it.

use std::time::Duration;

use entra_mock_idp::{Endpoint, MockIdp};
use entra_test_harness::{
    Answer, Attempt, KeySourceFault, Outcome, Stage, Target, TargetError, World, catalogue, scenarios,
};

/// Accepts everything, after fetching a URL if it has one.
struct Reader(Option<String>);

impl Target for Reader {
    async fn send(&self, _: &Attempt) -> Result<Answer, TargetError> {
        if let Some(url) = &self.0 {
            _ = reqwest::get(url).await;
        }
        Ok(Answer::Accepted { status: 200 })
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        Ok(true)
    }
}

async fn outcomes(read: fn(&World) -> Option<String>) -> [Outcome; 2] {
    let idp = MockIdp::start().await;
    let world = World::of(&idp);
    let mut stage = Stage::new(&idp, world.clone(), Reader(read(&world)));
    let case = catalogue().find(|case| case.id == "provider::discovery-404").unwrap();
    let scenario = scenarios().iter().find(|scenario| scenario.id == "scenario::connection-dropped").unwrap();
    [stage.play_case(case).await.unwrap(), stage.play_scenario(scenario).await.unwrap()]
}

#[tokio::test]
async fn altered_metadata_that_is_never_fetched_is_skipped() {
    for reads in [|_: &World| None, |world: &World| Some(world.jwks_uri())] {
        for outcome in outcomes(reads).await {
            assert!(matches!(outcome, Outcome::Skipped { .. }), "{outcome}");
        }
    }
}

#[tokio::test]
async fn altered_metadata_that_is_fetched_counts() {
    for outcome in outcomes(|world| Some(world.discovery_url())).await {
        assert!(matches!(outcome, Outcome::WronglyAccepted { .. }), "{outcome}");
    }
}

fn impatient() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_millis(100)).build().unwrap()
}

#[tokio::test]
async fn a_request_to_a_slow_key_source_counts_though_its_client_gives_up() {
    let idp = KeySourceFault::Slow.in_keys().await;
    for _ in 0..2 {
        assert!(impatient().get(idp.jwks_uri()).send().await.is_err());
    }
    assert_eq!(idp.request_counts()[&Endpoint::Jwks], 2);
}

/// Accepts everything if the keys do not come in time.
struct FailsOpen {
    client: reqwest::Client,
    url: String,
}

impl Target for FailsOpen {
    async fn send(&self, _: &Attempt) -> Result<Answer, TargetError> {
        _ = self.client.get(&self.url).send().await;
        Ok(Answer::Accepted { status: 200 })
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        Ok(true)
    }
}

#[tokio::test]
async fn an_api_that_accepts_everything_when_the_identity_provider_is_slow_fails() {
    for (id, url) in [
        ("scenario::slow-metadata", World::discovery_url as fn(&World) -> String),
        ("scenario::slow-keys", World::jwks_uri),
        ("scenario::slow-keys-when-warm", World::jwks_uri),
    ] {
        let idp = MockIdp::start().await;
        let world = World::of(&idp);
        let target = FailsOpen { client: impatient(), url: url(&world) };
        let scenario = scenarios().iter().find(|scenario| scenario.id == id).unwrap();
        let outcome = Stage::new(&idp, world, target).play_scenario(scenario).await.unwrap();
        assert!(matches!(outcome, Outcome::WronglyAccepted { .. }), "{id}: {outcome}");
    }
}
