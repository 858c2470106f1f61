//! Scenarios as data. The identity provider's keys and clock are played through, so that every token is there verbatim.

use entra_mock_idp::{Endpoint, KeyRing};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::{bearer, verdict};
use crate::{Act, Attacker, Expect, Moment, Request, Scenario, Severity, Start, World};

/// One scenario, ready to be played.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteScenario {
    /// `scenario::what-happens`.
    pub id: &'static str,
    /// What happens, and what a correct API does.
    pub summary: &'static str,
    /// Who can cause it.
    pub mounted_by: Attacker,
    /// How severe it is if the API does otherwise.
    pub severity: Severity,
    /// The rule, or where it was broken.
    pub references: &'static [&'static str],
    /// `cold`: the API has just started and has no keys. `warm`: it has accepted a token.
    pub start: &'static str,
    /// What happens, in this order.
    pub acts: Vec<SuiteAct>,
}

/// One act of a scenario.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "act", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SuiteAct {
    /// These tokens are sent, one after the other, or all at once.
    Send {
        /// The bearer tokens: one for each request, or a single one for all of them.
        tokens: Vec<String>,
        /// How many requests are sent.
        times: u32,
        /// Whether all are sent at once.
        at_once: bool,
        /// How each must end: `accept` or `refuse`.
        expect: &'static str,
        /// The code of a refusal, if the validator reports codes.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<&'static str>,
        /// If present, the request is sent every second until it ends like this, for at most this many seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        within_seconds: Option<u32>,
    },
    /// An endpoint of the identity provider goes wrong from now on.
    Fault {
        /// The rule, in the form of the mock's `POST /_mock/faults`.
        rule: Value,
    },
    /// The identity provider recovers.
    Heal,
    /// This key set is published from now on.
    Publish {
        /// The key set.
        key_set: Value,
    },
    /// Time passes, for the API and for the identity provider.
    Pass {
        /// How much.
        seconds: u32,
    },
    /// Since the scenario began, or since the last such act for this endpoint, the API has sent it at most this many
    /// requests.
    AskedAtMost {
        /// `discovery` or `jwks`.
        endpoint: &'static str,
        /// How many.
        times: usize,
    },
}

impl SuiteScenario {
    pub(super) fn new(scenario: &Scenario, first: &World) -> Self {
        Self {
            id: scenario.id,
            summary: scenario.summary,
            mounted_by: scenario.mounted_by,
            severity: scenario.severity,
            references: scenario.references,
            start: match scenario.start {
                Start::Cold => "cold",
                Start::Warm => "warm",
            },
            acts: played(scenario.acts, first),
        }
    }
}

/// Plays the identity provider's part, so that each act has the tokens and keys of its moment.
fn played(acts: &[Act], first: &World) -> Vec<SuiteAct> {
    let mut ring = KeyRing::published();
    let mut now = first.clone();
    let mut played = Vec::new();
    for act in acts {
        let forge = |forge, times, expect| send(first, &now, forge, times, expect);
        played.push(match *act {
            Act::Send(request, expect) => forge(request, 1, expect),
            Act::Flood(times, request, expect) => forge(request, times, expect),
            Act::Herd(times, request, expect) => all_at_once(forge(request, times, expect)),
            Act::Until(request, expect, seconds) => within(forge(request, 1, expect), seconds),
            Act::Inject(rule) => SuiteAct::Fault { rule: json!(rule(&now)) },
            Act::Heal => SuiteAct::Heal,
            Act::Rotate(rotation) => {
                ring.rotate(rotation);
                now = now.at_time(ring.current(), now.time());
                SuiteAct::Publish { key_set: now.key_set_of(ring.published_keys()) }
            }
            Act::Pass(seconds) => {
                now = now.at_time(ring.current(), now.time() + i64::from(seconds));
                SuiteAct::Pass { seconds }
            }
            Act::AskedAtMost(endpoint, times) => {
                let endpoint = if endpoint == Endpoint::Jwks { "jwks" } else { "discovery" };
                SuiteAct::AskedAtMost { endpoint, times }
            }
        });
    }
    played
}

fn send(first: &World, now: &World, forge: Request, times: u32, expect: Expect) -> SuiteAct {
    let tokens = (0..times).filter_map(|turn| bearer(&forge(&Moment { first, now, turn })));
    let mut tokens: Vec<String> = tokens.collect();
    tokens.dedup();
    let (expect, code, _) = verdict(expect);
    SuiteAct::Send { tokens, times, at_once: false, expect, code, within_seconds: None }
}

fn all_at_once(mut act: SuiteAct) -> SuiteAct {
    if let SuiteAct::Send { at_once, .. } = &mut act {
        *at_once = true;
    }
    act
}

fn within(mut act: SuiteAct, seconds: u32) -> SuiteAct {
    if let SuiteAct::Send { within_seconds, .. } = &mut act {
        *within_seconds = Some(seconds);
    }
    act
}
