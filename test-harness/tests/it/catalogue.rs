//! What holds for every row of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use entra_test_harness::{Expect, catalogue, groups, scenarios};

/// The id and the summary of every case and every scenario.
fn summaries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let cases = catalogue().map(|case| (case.id, case.summary));
    cases.chain(scenarios().iter().map(|scenario| (scenario.id, scenario.summary)))
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = BTreeSet::new();
    for (id, _) in summaries() {
        let (_, defect) = id.split_once("::").unwrap();
        let letters =
            defect.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(letters && !defect.starts_with('-') && !defect.ends_with('-'), "{id}");
        assert!(seen.insert(id), "{id} is there twice");
    }
}

#[test]
fn groups_are_in_order_and_none_is_empty() {
    let of_ids = |ids: Vec<&'static str>| {
        let mut groups: Vec<&str> = ids.into_iter().map(|id| id.split("::").next().unwrap()).collect();
        groups.dedup();
        groups
    };
    let used = of_ids(summaries().map(|(id, _)| id).collect());
    assert_eq!(used, groups().iter().map(|group| group.name).collect::<Vec<_>>());
    assert_eq!(
        used[0], "control",
        "nothing is learned from the other groups unless the controls are accepted"
    );
}

#[test]
fn a_step_has_one_group_whose_codes_no_other_group_has() {
    let steps: Vec<u8> = groups().iter().filter_map(|group| group.step).collect();
    assert!(steps.iter().enumerate().all(|(at, step)| at + 1 == usize::from(*step)), "{steps:?}");
    let mut owners = BTreeMap::new();
    for group in groups() {
        assert!(group.step.is_none() || !group.codes.is_empty(), "{} has no code", group.name);
        for code in group.codes {
            assert_eq!(owners.insert(code, group.name), None, "{code}");
        }
    }
    for case in catalogue() {
        if let Expect::Refuse(code) | Expect::Either { code, .. } = case.expect {
            assert!(owners.contains_key(&code), "{}: no group has the code {code:?}", case.id);
        }
    }
}

#[test]
fn controls_are_accepted_or_have_a_reason() {
    for case in catalogue().filter(|case| case.group() == "control") {
        assert!(!matches!(case.expect, Expect::Refuse(_)), "{}", case.id);
    }
}

/// In a report, a JUnit file or a search result nothing else is in view.
#[test]
fn every_summary_stands_alone() {
    let mut seen = BTreeMap::new();
    for (id, summary) in summaries() {
        assert_eq!(seen.insert(summary, id), None, "{id} has the summary of another case: {summary}");
        assert!(summary.is_ascii(), "{id}: {summary}");
        assert_eq!(summary, summary.trim().trim_end_matches(['.', ',', ';', ':', '!']), "{id}");
        let first = summary.split([' ', '\'']).next().unwrap();
        assert!(
            first.starts_with('`') || first.starts_with(|first: char| !first.is_lowercase()),
            "{id}: {summary}"
        );
        let without_subject =
            ["It", "They", "This", "That", "Our", "Ours", "Another", "Other", "Others", "No", "Also"];
        assert!(!without_subject.contains(&first), "{id} does not begin with its subject: {summary}");
        assert!(summary.split(' ').count() >= 3, "{id} says too little: {summary}");
        assert_eq!(summary.matches('`').count() % 2, 0, "{id}: {summary}");
    }
}

#[test]
fn groups_and_reasons_are_whole_sentences() {
    for group in groups() {
        for text in [group.about, group.harm] {
            assert!(text.ends_with('.') && text.split(' ').count() > 3, "{}: {text}", group.name);
        }
        assert!(!group.reference.is_empty(), "{}", group.name);
    }
    for case in catalogue() {
        if let Expect::Either { why, .. } = case.expect {
            assert!(why.split(' ').count() > 3 && !why.ends_with('.'), "{}: {why}", case.id);
        }
        assert!(!case.references.is_empty(), "{}", case.id);
    }
}
