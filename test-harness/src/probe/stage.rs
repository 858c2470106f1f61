//! Where cases and scenes are played: a mock identity provider, and the API that trusts it.

use std::collections::BTreeMap;

use entra_mock_idp::{Endpoint, Fault, MockIdp, Rotation};
use futures_util::future::join_all;

use super::{Answer, Outcome, Target, TargetError};
use crate::{Attempt, Behaviour, Case, Expect, Forge, Moment, Provider, Scene, Start, Step};

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
/// use entra_test_harness::{Scene, Stage, catalogue};
///
/// let idp = MockIdp::start().await;
/// let mut stage = Stage::new(&idp, Scene::of(&idp), Fortress);
/// let control = catalogue().next().unwrap();
/// assert!(stage.play_case(control).await.unwrap().diverged());
/// # }
/// ```
#[derive(Debug)]
pub struct Stage<'a, T> {
    idp: &'a MockIdp,
    scene: Scene,
    target: T,
    /// The API may hold keys of an earlier scene.
    stale: bool,
    /// For how long a scene may wait for what it expects, in seconds.
    patience: u32,
}

const CANNOT_RESTART: &str = "the API must be started anew for it, and the probe does not know how";
const CANNOT_WAIT: &str = "hours must pass for it";
const NEVER_ASKED: &str = "the API never read the odd document of the provider";

impl<'a, T: Target> Stage<'a, T> {
    /// The scene says what the API asks of honest tokens.
    #[must_use]
    pub fn new(idp: &'a MockIdp, scene: Scene, target: T) -> Self {
        Self { idp, scene, target, stale: false, patience: u32::MAX }
    }

    /// Waits for no more than so many seconds, whatever a scene allows.
    #[must_use]
    pub fn patience(mut self, seconds: u32) -> Self {
        self.patience = seconds;
        self
    }

    /// The API.
    #[must_use]
    pub fn target(&self) -> &T {
        &self.target
    }

    /// What the cases are made from.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Whether a case comes with keys or documents of its own.
    #[must_use]
    pub fn needs_restart(&self, case: &Case) -> bool {
        !faults(&(case.forge)(&self.scene.now_at(self.idp))).is_empty()
    }

    /// Plays a case of the catalogue. One that comes with keys or documents of its own needs an API that has none, so it
    /// is started anew.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if there is nobody left to be asked.
    pub async fn play_case(&mut self, case: &Case) -> Result<Outcome, TargetError> {
        let attempt = (case.forge)(&self.scene.now_at(self.idp));
        let faults = faults(&attempt);
        if faults.is_empty() {
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
        let (before, odd) =
            (self.idp.request_counts(), faults.iter().map(|rule| rule.endpoint).collect::<Vec<_>>());
        for rule in faults {
            self.idp.inject(rule);
        }
        let outcome = self.ask(&attempt, case.expect).await;
        self.idp.heal();
        Ok(self.if_met(&odd, &before, outcome?))
    }

    /// Plays a scene, and sets the provider back to its start afterwards.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if there is nobody left to be asked.
    pub async fn play(&mut self, behaviour: &Behaviour) -> Result<Outcome, TargetError> {
        let restarted = self.target.restart().await?;
        if !restarted && (behaviour.start == Start::Cold || self.stale) {
            return Ok(skipped(CANNOT_RESTART));
        }
        let first = self.scene.now_at(self.idp);
        if behaviour.start == Start::Warm {
            let honest: Forge = |moment| Attempt::token(moment.now.token().sign());
            let warm = self.until(&first, honest, Expect::Accept, self.patience.min(60)).await?;
            if warm.diverged() {
                return Ok(warm);
            }
        }
        self.stale = true;
        let (before, mut odd) = (self.idp.request_counts(), Vec::new());
        let mut asked = before.clone();
        let mut outcome = Outcome::Passed;
        // The first step is the start itself, as in CATALOGUE.md.
        for (number, step) in (2..).zip(behaviour.steps) {
            if let Step::Inject(rule) = step {
                odd.push(rule(&self.scene.now_at(self.idp)).endpoint);
            }
            outcome = self.step(step, &first, &mut asked).await?.at_step(number);
            if outcome != Outcome::Passed {
                break;
            }
        }
        let outcome = self.if_met(&odd, &before, outcome);
        self.idp.reset();
        Ok(outcome)
    }

    /// An API that was given the address of its keys reads no metadata, and one that fetched its keys as it started has
    /// them: what is odd at the provider never reached them, and letting an honest token in is right.
    fn if_met(&self, odd: &[Endpoint], before: &BTreeMap<Endpoint, u64>, outcome: Outcome) -> Outcome {
        let after = self.idp.request_counts();
        let met = odd.is_empty() || odd.iter().any(|endpoint| after.get(endpoint) != before.get(endpoint));
        match outcome {
            Outcome::WronglyAccepted { .. } if !met => skipped(NEVER_ASKED),
            outcome => outcome,
        }
    }

    async fn step(
        &mut self,
        step: &Step,
        first: &Scene,
        asked: &mut BTreeMap<Endpoint, u64>,
    ) -> Result<Outcome, TargetError> {
        match *step {
            Step::Send(forge, expect) => self.ask(&self.forge(first, forge, 0), expect).await,
            Step::Until(forge, expect, seconds) => {
                let outcome = self.until(first, forge, expect, seconds.min(self.patience)).await?;
                let impatient = outcome.diverged() && seconds > self.patience;
                Ok(if impatient { skipped(&self.more_patience(seconds)) } else { outcome })
            }
            Step::Flood(times, forge, expect) => {
                for turn in 0..times {
                    let outcome = self.ask(&self.forge(first, forge, turn), expect).await?;
                    if outcome.diverged() {
                        return Ok(outcome);
                    }
                }
                Ok(Outcome::Passed)
            }
            Step::Herd(times, forge, expect) => {
                let attempts: Vec<_> = (0..times).map(|turn| self.forge(first, forge, turn)).collect();
                let answers = join_all(attempts.iter().map(|attempt| self.target.send(attempt))).await;
                let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
                let outcomes = answers.iter().map(|answer| Outcome::of(expect, answer));
                Ok(outcomes.into_iter().find(Outcome::diverged).unwrap_or(Outcome::Passed))
            }
            Step::Inject(rule) => {
                self.idp.inject(rule(&self.scene.now_at(self.idp)));
                Ok(Outcome::Passed)
            }
            Step::Heal => {
                self.idp.heal();
                Ok(Outcome::Passed)
            }
            Step::Rotate { keep_old } => {
                self.idp.rotate_keys(if keep_old { Rotation::Planned } else { Rotation::Emergency });
                Ok(Outcome::Passed)
            }
            Step::Pass(seconds) => {
                Ok(if self.target.pass(seconds).await { Outcome::Passed } else { skipped(CANNOT_WAIT) })
            }
            Step::AskedAtMost(endpoint, times) => {
                let total = self.idp.request_counts().get(&endpoint).copied().unwrap_or_default();
                let before = asked.insert(endpoint, total).unwrap_or_default();
                Ok(asked_at_most(endpoint, times, total - before))
            }
        }
    }

    async fn until(
        &mut self,
        first: &Scene,
        forge: Forge,
        expect: Expect,
        seconds: u32,
    ) -> Result<Outcome, TargetError> {
        for second in 0.. {
            let outcome = self.ask(&self.forge(first, forge, second), expect).await?;
            if !outcome.diverged() || second >= seconds || !self.target.pass(1).await {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Passed)
    }

    fn more_patience(&self, seconds: u32) -> String {
        format!("not within {} seconds, and it has {seconds}: be more patient", self.patience)
    }

    fn forge(&self, first: &Scene, forge: Forge, turn: u32) -> Attempt {
        forge(&Moment { first, now: &self.scene.now_at(self.idp), turn })
    }

    async fn ask(&self, attempt: &Attempt, expect: Expect) -> Result<Outcome, TargetError> {
        let answer: Answer = self.target.send(attempt).await?;
        Ok(Outcome::of(expect, &answer))
    }

    /// Gets rid of keys that another scene left behind.
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
    Outcome::TooManyFetches { seen: format!("{what} was fetched {asked} times, {times} at most are allowed") }
}

/// What the provider must be told for a case.
fn faults(attempt: &Attempt) -> Vec<entra_mock_idp::FaultRule> {
    let answer = |status: u16, body: &str| match status {
        200 => Fault::Body(body.to_owned()),
        _ => Fault::Status(status),
    };
    let keys = attempt.key_set.as_ref().map(|set| Fault::Body(set.to_string()).on(Endpoint::Jwks));
    let provider = match &attempt.provider {
        Provider::Honest => None,
        Provider::Discovery(status, body) => Some(answer(*status, body).on(Endpoint::Discovery)),
        Provider::Keys(status, body) => Some(answer(*status, body).on(Endpoint::Jwks)),
    };
    keys.into_iter().chain(provider).collect()
}
