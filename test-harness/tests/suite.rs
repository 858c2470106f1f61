//! What is checked in is what the catalogue says today.

use std::{collections::BTreeSet, fs, path::Path};

use entra_test_harness::{Case, Suite, SuiteAct, catalogue, catalogue_page, groups, scenarios};
use serde_json::Value;

const WRITE: &str = "write it anew: cargo run -p entra-test-harness --example suite";

#[track_caller]
fn current(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    // No comparison by `assert_eq`: nobody wants to read a megabyte of difference.
    assert!(fs::read_to_string(path).unwrap_or_default() == text, "{file} is stale; {WRITE}");
}

#[test]
fn the_suite_its_schema_and_the_page_are_the_ones_that_are_checked_in() {
    current("suite.json", &Suite::new().to_json());
    current("suite.schema.json", &Suite::schema());
    current("CATALOGUE.md", &catalogue_page());
}

#[test]
fn every_case_stands_in_the_suite_with_something_to_send() {
    let suite: Value = serde_json::from_str(&Suite::new().to_json()).unwrap();
    let ids: BTreeSet<&str> =
        suite["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids, catalogue().map(|case| case.id).collect());
    for case in suite["cases"].as_array().unwrap() {
        assert!(case["token"].is_string() != case["authorization_base64"].is_array(), "{}", case["id"]);
        assert_eq!(case["expect"] == "accept", case.get("code").is_none(), "{}", case["id"]);
    }
}

#[test]
fn every_scenario_stands_in_the_suite_with_all_its_acts() {
    let suite = Suite::new();
    for (written, scenario) in suite.scenarios.iter().zip(scenarios()) {
        assert_eq!((written.id, written.acts.len()), (scenario.id, scenario.acts.len()));
        for act in &written.acts {
            if let SuiteAct::Send { tokens, times, .. } = act {
                assert!(tokens.len() == 1 || tokens.len() == *times as usize, "{}", written.id);
            }
        }
    }
}

#[test]
fn every_group_has_cases_and_every_case_a_group() {
    let of_cases: BTreeSet<&str> =
        catalogue().map(Case::group).chain(scenarios().iter().map(|_| "scenario")).collect();
    assert_eq!(of_cases, groups().iter().map(|group| group.name).collect());
}
