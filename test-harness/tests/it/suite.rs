//! The suite for other languages says all that a reader needs.

use std::collections::BTreeSet;

use entra_test_harness::{Act, Suite, SuiteAct, catalogue, scenarios};
use serde_json::Value;

fn suite() -> Value {
    serde_json::from_str(include_str!("../../suite.json")).unwrap()
}

fn ids(of: &Value) -> BTreeSet<&str> {
    of.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[test]
fn the_checked_in_suite_has_every_case_and_every_scenario() {
    let suite = suite();
    let stale = "suite.json is stale; run `cargo xtask update`";
    assert_eq!(ids(&suite["cases"]), catalogue().map(|case| case.id).collect(), "{stale}");
    let scenarios = scenarios().iter().map(|scenario| scenario.id).collect();
    assert_eq!(ids(&suite["scenarios"]), scenarios, "{stale}");
}

#[test]
fn every_case_of_the_suite_has_something_to_send_and_a_verdict() {
    for case in suite()["cases"].as_array().unwrap() {
        let id = &case["id"];
        assert!(case["token"].is_string() != case["authorization_base64"].is_array(), "{id}");
        assert_eq!(case["expect"] == "accept", case.get("code").is_none(), "{id}");
        assert_eq!(case["expect"] == "either", case.get("why").is_some(), "{id}");
    }
}

#[test]
fn every_scenario_of_the_suite_has_all_its_acts_and_their_tokens() {
    let suite = Suite::new();
    assert_eq!(suite.scenarios.len(), scenarios().len());
    for (written, scenario) in suite.scenarios.iter().zip(scenarios()) {
        assert_eq!((written.id, written.acts.len()), (scenario.id, scenario.acts.len()));
        for (written, act) in written.acts.iter().zip(scenario.acts) {
            let requests = match *act {
                Act::Send(..) | Act::Until(..) => Some(1),
                Act::Flood(times, ..) | Act::Herd(times, ..) => Some(times),
                _ => None,
            };
            let SuiteAct::Send { tokens, times, .. } = written else {
                assert_eq!(requests, None, "{}", scenario.id);
                continue;
            };
            assert_eq!(Some(*times), requests, "{}", scenario.id);
            assert!(tokens.len() == 1 || tokens.len() == *times as usize, "{}", scenario.id);
        }
    }
}
