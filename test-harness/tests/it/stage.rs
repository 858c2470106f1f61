//! What a stage makes of APIs that never fetch an altered document.

use entra_mock_idp::MockIdp;
use entra_test_harness::{Answer, Attempt, Outcome, Stage, Target, TargetError, World, catalogue, scenarios};

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
