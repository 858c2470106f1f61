//! Scenes as data: the state of the provider's keys and clock is played through, so that every token stands there verbatim.

use entra_mock_idp::{Endpoint, KeyRing, Rotation};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::{bearer, verdict};
use crate::{Attacker, Behaviour, Expect, Forge, Moment, Scene, Severity, Start, Step};

/// One scene, ready to be played.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteScene {
    /// `behaviour::what-happens`.
    pub id: &'static str,
    /// What happens, and what a right API does.
    pub summary: &'static str,
    /// Who can bring it about.
    pub mounted_by: Attacker,
    /// How bad it is if the API does otherwise.
    pub severity: Severity,
    /// Where the rule stands, or where it was broken.
    pub references: &'static [&'static str],
    /// `cold`: the API was started just now and has no keys. `warm`: it has let a token in.
    pub start: &'static str,
    /// What happens, in this order.
    pub steps: Vec<SuiteStep>,
}

/// One step of a scene.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SuiteStep {
    /// These tokens are sent, one after the other, or all at once.
    Send {
        /// The bearer tokens. One token and a number of `times` stands for as many requests with the same token.
        tokens: Vec<String>,
        /// How many requests are sent.
        times: u32,
        /// Whether all are sent at once.
        at_once: bool,
        /// How each must end: `accept` or `refuse`.
        expect: &'static str,
        /// The code of a refusal, where the validator tells codes.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<&'static str>,
        /// If there: the request is sent every second until it ends so, for so many seconds at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        within_seconds: Option<u32>,
    },
    /// From now on an endpoint of the provider goes wrong.
    Fault {
        /// As the mock's `POST /_mock/faults` takes it.
        rule: Value,
    },
    /// The provider is well again.
    Heal,
    /// From now on this key set is published.
    Publish {
        /// The key set.
        key_set: Value,
    },
    /// Time passes, for the API and for the provider.
    Pass {
        /// How much of it.
        seconds: u32,
    },
    /// Since the scene began, or the last such step for this endpoint, the provider was asked at most so often.
    AskedAtMost {
        /// `discovery` or `jwks`.
        endpoint: &'static str,
        /// How often.
        times: usize,
    },
}

impl SuiteScene {
    pub(super) fn new(behaviour: &Behaviour, first: &Scene) -> Self {
        let mut ring = KeyRing::published();
        let mut now = first.clone();
        let mut steps = Vec::new();
        for step in behaviour.steps {
            let forge = |forge, times, expect| send(first, &now, forge, times, expect);
            steps.push(match *step {
                Step::Send(request, expect) => forge(request, 1, expect),
                Step::Flood(times, request, expect) => forge(request, times, expect),
                Step::Herd(times, request, expect) => all_at_once(forge(request, times, expect)),
                Step::Until(request, expect, seconds) => within(forge(request, 1, expect), seconds),
                Step::Inject(rule) => SuiteStep::Fault { rule: json!(rule(&now)) },
                Step::Heal => SuiteStep::Heal,
                Step::Rotate { keep_old } => {
                    ring.rotate(if keep_old { Rotation::Planned } else { Rotation::Emergency });
                    now = now.at_time(ring.current(), now.now());
                    SuiteStep::Publish { key_set: now.key_set_of(ring.published_keys()) }
                }
                Step::Pass(seconds) => {
                    now = now.at_time(ring.current(), now.now() + i64::from(seconds));
                    SuiteStep::Pass { seconds }
                }
                Step::AskedAtMost(endpoint, times) => {
                    let endpoint = if endpoint == Endpoint::Jwks { "jwks" } else { "discovery" };
                    SuiteStep::AskedAtMost { endpoint, times }
                }
            });
        }
        Self {
            id: behaviour.id,
            summary: behaviour.summary,
            mounted_by: behaviour.mounted_by,
            severity: behaviour.severity,
            references: behaviour.references,
            start: match behaviour.start {
                Start::Cold => "cold",
                Start::Warm => "warm",
            },
            steps,
        }
    }
}

fn send(first: &Scene, now: &Scene, forge: Forge, times: u32, expect: Expect) -> SuiteStep {
    let tokens = (0..times).filter_map(|turn| bearer(&forge(&Moment { first, now, turn })));
    let mut tokens: Vec<String> = tokens.collect();
    tokens.dedup();
    let (expect, code, _) = verdict(expect);
    SuiteStep::Send { tokens, times, at_once: false, expect, code, within_seconds: None }
}

fn all_at_once(mut step: SuiteStep) -> SuiteStep {
    if let SuiteStep::Send { at_once, .. } = &mut step {
        *at_once = true;
    }
    step
}

fn within(mut step: SuiteStep, seconds: u32) -> SuiteStep {
    if let SuiteStep::Send { within_seconds, .. } = &mut step {
        *within_seconds = Some(seconds);
    }
    step
}
