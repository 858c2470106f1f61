//! Where cases and scenarios are played: a mock identity provider, and the API that trusts it.

use std::collections::BTreeMap;

use entra_mock_idp::{Endpoint, Fault, MockIdp};
use futures_util::future::join_all;

use super::{Answer, Outcome, Target, TargetError};
use crate::{Act, Attempt, Case, Expect, Moment, Provider, Request, Scenario, Start, World};

/// A mock identity provider and an API that trusts it.
///
/// ```
/// # use entra_test_harness::{Answer, Attempt, Target, TargetError};
/// # struct Fortress;
/// # impl Target for Fortress {
/// #     async fn send(&self, _: &Attempt) -> Result<Answer, TargetError> {
/// #         Ok(Answer::Refused { status: 401, code: None })
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use entra_mock_idp::MockIdp;
/// use entra_test_harness::{World, Stage, catalogue};
///
/// let idp = MockIdp::start().await;
/// let mut stage = Stage::new(&idp, World::of(&idp), Fortress);
/// let control = catalogue().next().unwrap();
/// assert!(stage.play_case(control).await.unwrap().diverged());
/// # }
/// ```
#[derive(Debug)]
pub struct Stage<'a, T> {
    idp: &'a MockIdp,
    world: World,
    target: T,
    /// The API may hold keys of an earlier scenario.
    stale: bool,
    /// How long a scenario may wait for what it expects, in seconds.
    patience: u32,
    /// Why no time can pass, if it cannot.
    cannot_wait: &'static str,
}

const CANNOT_RESTART: &str = "it needs a restart of the API, and the probe was not given a command";
const CANNOT_WAIT: &str = "time must pass, and here it cannot";
const NEVER_ASKED: &str = "the API never fetched the altered document";

impl<'a, T: Target> Stage<'a, T> {
    /// The world says what the API requires of honest tokens.
    #[must_use]
    pub fn new(idp: &'a MockIdp, world: World, target: T) -> Self {
        Self { idp, world, target, stale: false, patience: u32::MAX, cannot_wait: CANNOT_WAIT }
    }

    /// Waits for at most this many seconds, even where a scenario allows more.
    #[must_use]
    pub fn patience(mut self, seconds: u32) -> Self {
        self.patience = seconds;
        self
    }

    /// Says why no time can pass.
    #[cfg(feature = "tower")]
    pub(super) fn cannot_wait(mut self, why: &'static str) -> Self {
        self.cannot_wait = why;
        self
    }

    /// The API.
    #[must_use]
    pub fn target(&self) -> &T {
        &self.target
    }

    #[cfg(feature = "tower")]
    pub(super) fn target_mut(&mut self) -> &mut T {
        &mut self.target
    }

    /// What the cases are made from.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Plays a case of the catalogue. A case that brings documents needs an API that has no keys, so the API is restarted.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if the API is gone.
    pub async fn play_case(&mut self, case: &Case) -> Result<Outcome, TargetError> {
        let attempt = case.forge(&self.world.now_at(self.idp));
        if !case.brings_documents() {
            if self.stale && !self.refresh().await? {
                return Ok(skipped(CANNOT_RESTART));
            }
            return self.ask(&attempt, case.expect).await;
        }
        self.stale = true;
        if !self.target.restart().await? {
            self.stale = false;
            return Ok(skipped(CANNOT_RESTART));
        }
        let faults = faults(&attempt);
        let before = self.idp.request_counts();
        let odd: Vec<_> = faults.iter().map(|rule| rule.endpoint).collect();
        for rule in faults {
            self.idp.inject(rule);
        }
        let outcome = self.ask(&attempt, case.expect).await;
        self.idp.heal();
        Ok(self.if_met(&odd, &before, outcome?))
    }

    /// Plays a scenario, then resets the identity provider.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if the API is gone.
    pub async fn play_scenario(&mut self, scenario: &Scenario) -> Result<Outcome, TargetError> {
        let restarted = self.target.restart().await?;
        if !restarted && (scenario.start == Start::Cold || self.stale) {
            return Ok(skipped(CANNOT_RESTART));
        }
        let first = self.world.now_at(self.idp);
        if scenario.start == Start::Warm {
            let honest: Request = |moment| Attempt::token(moment.now.token().sign());
            let warm = self.until(&first, honest, Expect::Accept, self.patience.min(60)).await?;
            if warm != Outcome::Passed {
                return Ok(warm);
            }
        }
        self.stale = true;
        let (before, mut odd) = (self.idp.request_counts(), Vec::new());
        let mut asked = before.clone();
        let mut outcome = Outcome::Passed;
        // The first act is the start itself, as in CATALOGUE.md.
        for (number, act) in (2..).zip(scenario.acts) {
            if let Act::Inject(rule) = act {
                odd.push(rule(&self.world.now_at(self.idp)).endpoint);
            }
            outcome = self.act(act, &first, &mut asked).await?.at_act(number);
            if outcome != Outcome::Passed {
                break;
            }
        }
        let outcome = self.if_met(&odd, &before, outcome);
        self.idp.reset();
        Ok(outcome)
    }

    /// An API that is configured with its key set URL reads no metadata, and one that fetched its keys when it started has
    /// them. The altered document never reached it, so accepting an honest token is correct.
    fn if_met(&self, odd: &[Endpoint], before: &BTreeMap<Endpoint, u64>, outcome: Outcome) -> Outcome {
        let after = self.idp.request_counts();
        let met = odd.is_empty() || odd.iter().any(|endpoint| after.get(endpoint) != before.get(endpoint));
        match outcome {
            Outcome::WronglyAccepted { .. } if !met => skipped(NEVER_ASKED),
            outcome => outcome,
        }
    }

    async fn act(
        &mut self,
        act: &Act,
        first: &World,
        asked: &mut BTreeMap<Endpoint, u64>,
    ) -> Result<Outcome, TargetError> {
        match *act {
            Act::Send(forge, expect) => self.ask(&self.forge(first, forge, 0), expect).await,
            Act::Until(forge, expect, seconds) => {
                let outcome = self.until(first, forge, expect, seconds.min(self.patience)).await?;
                let impatient = outcome.diverged() && seconds > self.patience;
                Ok(if impatient { skipped(&self.more_patience(seconds)) } else { outcome })
            }
            Act::Flood(times, forge, expect) => self.flood(first, times, forge, expect).await,
            Act::Herd(times, forge, expect) => self.herd(first, times, forge, expect).await,
            Act::Inject(rule) => {
                self.idp.inject(rule(&self.world.now_at(self.idp)));
                Ok(Outcome::Passed)
            }
            Act::Heal => {
                self.idp.heal();
                Ok(Outcome::Passed)
            }
            Act::Rotate(rotation) => {
                self.idp.rotate_keys(rotation);
                Ok(Outcome::Passed)
            }
            Act::Pass(seconds) => {
                Ok(if self.target.pass(seconds).await { Outcome::Passed } else { skipped(self.cannot_wait) })
            }
            Act::AskedAtMost(endpoint, times) => {
                let total = self.idp.request_counts().get(&endpoint).copied().unwrap_or_default();
                let before = asked.insert(endpoint, total).unwrap_or_default();
                Ok(asked_at_most(endpoint, times, total - before))
            }
        }
    }

    async fn flood(
        &self,
        first: &World,
        times: u32,
        forge: Request,
        expect: Expect,
    ) -> Result<Outcome, TargetError> {
        for turn in 0..times {
            let outcome = self.ask(&self.forge(first, forge, turn), expect).await?;
            if outcome.diverged() {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Passed)
    }

    async fn herd(
        &self,
        first: &World,
        times: u32,
        forge: Request,
        expect: Expect,
    ) -> Result<Outcome, TargetError> {
        let attempts: Vec<_> = (0..times).map(|turn| self.forge(first, forge, turn)).collect();
        let answers = join_all(attempts.iter().map(|attempt| self.target.send(attempt))).await;
        let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        let outcomes = answers.iter().map(|answer| Outcome::of(expect, answer));
        Ok(outcomes.into_iter().find(Outcome::diverged).unwrap_or(Outcome::Passed))
    }

    async fn until(
        &mut self,
        first: &World,
        forge: Request,
        expect: Expect,
        seconds: u32,
    ) -> Result<Outcome, TargetError> {
        for second in 0.. {
            let outcome = self.ask(&self.forge(first, forge, second), expect).await?;
            if !outcome.diverged() || second >= seconds {
                return Ok(outcome);
            }
            if !self.target.pass(1).await {
                return Ok(skipped(self.cannot_wait));
            }
        }
        Ok(Outcome::Passed)
    }

    fn more_patience(&self, seconds: u32) -> String {
        format!("not within {} seconds, but it may take {seconds}: raise --patience", self.patience)
    }

    fn forge(&self, first: &World, forge: Request, turn: u32) -> Attempt {
        forge(&Moment { first, now: &self.world.now_at(self.idp), turn })
    }

    async fn ask(&self, attempt: &Attempt, expect: Expect) -> Result<Outcome, TargetError> {
        let answer: Answer = self.target.send(attempt).await?;
        Ok(Outcome::of(expect, &answer))
    }

    /// Drops keys that another scenario left behind.
    async fn refresh(&mut self) -> Result<bool, TargetError> {
        self.stale = !self.target.restart().await?;
        Ok(!self.stale)
    }
}

fn skipped(reason: &str) -> Outcome {
    Outcome::Skipped { reason: reason.to_owned() }
}

fn asked_at_most(endpoint: Endpoint, times: usize, asked: u64) -> Outcome {
    if usize::try_from(asked).is_ok_and(|asked| asked <= times) {
        return Outcome::Passed;
    }
    let what = match endpoint {
        Endpoint::Discovery => "the metadata",
        Endpoint::Jwks => "the key set",
        _ => "the identity provider",
    };
    Outcome::TooManyFetches { seen: format!("{what} was fetched {asked} times, at most {times} allowed") }
}

/// The faults that make the identity provider publish what the case brings.
fn faults(attempt: &Attempt) -> Vec<entra_mock_idp::FaultRule> {
    let response = |status: u16, body: &str| match status {
        200 => Fault::Body(body.to_owned()),
        _ => Fault::Status(status),
    };
    let keys = attempt.key_set.as_ref().map(|set| Fault::Body(set.to_string()).on(Endpoint::Jwks));
    let provider = match &attempt.provider {
        Provider::Honest => None,
        Provider::Discovery(status, body) => Some(response(*status, body).on(Endpoint::Discovery)),
        Provider::Keys(status, body) => Some(response(*status, body).on(Endpoint::Jwks)),
    };
    keys.into_iter().chain(provider).collect()
}
