//! Every scenario of the catalogue, against the validator and its cache of keys, with a real identity provider and a controllable clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, UNIX_EPOCH},
};

use entra_mock_idp::MockIdp;
use entra_test_harness::{Answer, Attempt, Outcome, Stage, Target, TargetError, World, scenarios};
use entra_validator::{AuthError, Authority, CachePolicy, RemoteKeySet, ResourceServer, Validator};

use crate::{catalogue::headers, support::NOW};

struct InProcess<'a> {
    idp: &'a MockIdp,
    clock: Arc<AtomicI64>,
    api: ResourceServer,
}

impl<'a> InProcess<'a> {
    fn new(idp: &'a MockIdp) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        Self { idp, api: api(idp, Arc::clone(&clock)), clock }
    }
}

fn api(idp: &MockIdp, clock: Arc<AtomicI64>) -> ResourceServer {
    let validator = Validator::new(Authority::from_url(&idp.authority()).unwrap(), World::of(idp).audience());
    // A minute of the provider's is a moment here: what counts is that the wait ends.
    let policy = CachePolicy::default().timeout(Duration::from_millis(1500));
    let (start, seconds) = (Instant::now(), Arc::clone(&clock));
    let keys = RemoteKeySet::builder(validator.authority().clone())
        .policy(policy)
        .clock(move || start + Duration::from_secs((seconds.load(Ordering::Relaxed) - NOW).unsigned_abs()))
        .build();
    ResourceServer::with_keys(validator, keys)
        .unwrap()
        .cache_tokens(100.try_into().unwrap())
        .clock(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed).unsigned_abs()))
}

impl Target for InProcess<'_> {
    async fn send(&self, attempt: &Attempt) -> Result<Answer, TargetError> {
        Ok(match self.api.authenticate(&headers(attempt)).await {
            Ok(_) => Answer::Accepted { status: 200 },
            Err(refusal @ AuthError::Keys(_)) => {
                Answer::Unavailable { code: Some(refusal.code().to_string()) }
            }
            Err(refusal) => {
                Answer::Refused { status: refusal.status(), code: Some(refusal.code().to_string()) }
            }
        })
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        self.api = api(self.idp, Arc::clone(&self.clock));
        Ok(true)
    }

    async fn pass(&mut self, seconds: u32) -> bool {
        let now = self.clock.fetch_add(seconds.into(), Ordering::Relaxed) + i64::from(seconds);
        self.idp.clock().freeze_at(now);
        true
    }
}

#[tokio::test]
async fn every_scenario_ends_as_expected() {
    let mut wrong = Vec::new();
    for scenario in scenarios() {
        let idp = MockIdp::builder().frozen_at(NOW).start().unwrap();
        let mut stage = Stage::new(&idp, World::of(&idp), InProcess::new(&idp));
        let outcome = stage.play_scenario(scenario).await.unwrap();
        if outcome != Outcome::Passed {
            wrong.push(format!("{}: {outcome:?}", scenario.id));
        }
    }
    assert!(wrong.is_empty(), "{} scenarios ended otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
