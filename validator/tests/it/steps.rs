//! One step is one line of the pipeline, one row of the table, one group of the catalogue.

use std::collections::BTreeSet;

use entra_test_harness::{Expect, catalogue, groups};
use entra_validator::{Code, Step};

#[test]
fn steps_are_numbered_in_the_order_of_the_table_and_named_apart() {
    let numbers: Vec<usize> = Step::ALL.iter().map(|step| step.number().into()).collect();
    assert_eq!(numbers, (1..=Step::ALL.len()).collect::<Vec<_>>());
    let names: BTreeSet<&str> = Step::ALL.iter().map(|step| step.name()).collect();
    assert_eq!(names.len(), Step::ALL.len(), "two steps share a name");
}

/// Each line of the pipeline ends in the number, the name and the reference of its step. What deletes the lines one by
/// one relies on it.
#[test]
fn the_pipeline_has_one_line_per_step_in_order() {
    let lines: Vec<String> = include_str!("../../src/validator.rs")
        .lines()
        .filter_map(|line| {
            line.split_once("//").filter(|(code, _)| code.contains(';')).map(|(_, comment)| comment)
        })
        .map(|comment| comment.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let expected: Vec<String> = Step::ALL
        .iter()
        .map(|step| format!("{} {} {}", step.number(), step.name(), step.reference()))
        .collect();
    assert_eq!(lines, expected, "the comments in validator/src/validator.rs");
}

/// The README's table is generated, by another program; this holds the words that it is generated from.
#[test]
fn every_step_says_its_rule_where_it_is_written_and_what_to_do() {
    let readme = include_str!("../../README.md");
    for step in Step::ALL {
        let row = format!(
            "| {} | {} ([{}]({}))",
            step.number(),
            step.rule(),
            step.reference(),
            step.reference_url()
        );
        assert!(readme.contains(&row), "{row}");
        assert!(step.reference_url().starts_with("https://"), "{step}");
        assert!(step.advice().ends_with('.'), "{step}: a sentence");
    }
    for texts in [Step::rule, Step::advice] {
        let different: BTreeSet<&str> = Step::ALL.iter().map(|step| texts(*step)).collect();
        assert_eq!(different.len(), Step::ALL.len());
    }
    assert_eq!(Step::Audience.to_string(), "step 12 (audience)");
}

#[test]
fn a_code_equals_its_own_text_and_no_other() {
    for code in Code::ALL {
        for other in Code::ALL {
            let same = code.as_str() == other.as_str();
            assert_eq!((*code == *other.as_str(), *code == other.as_str()), (same, same), "{code} {other}");
        }
    }
}

#[test]
fn every_code_belongs_to_one_step_or_to_none() {
    for step in Step::ALL {
        assert!(step.codes().iter().all(|code| code.step() == Some(*step)), "{step}");
    }
    let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), Code::ALL.len(), "two codes share a text");
}

/// The harness knows steps and codes as text, so that it can test an API in any language: its groups are held against the
/// table here.
#[test]
fn every_step_is_a_group_of_the_catalogue_with_the_same_codes_and_every_group_of_a_step_a_step() {
    type Row = (u8, &'static str, BTreeSet<&'static str>);
    let of_step = |step: &Step| -> Row {
        (step.number(), step.name(), step.codes().iter().map(|code| code.as_str()).collect())
    };
    let of_steps: Vec<Row> = Step::ALL.iter().map(of_step).collect();
    let of_groups: Vec<Row> = groups()
        .iter()
        .filter_map(|group| Some((group.step?, group.name, group.codes.iter().copied().collect())))
        .collect();
    assert_eq!(of_groups, of_steps);
}

#[test]
fn every_code_has_a_case_and_every_case_a_known_code() {
    let of_cases: BTreeSet<&str> = catalogue()
        .filter_map(|case| match case.expect {
            Expect::Accept => None,
            Expect::Refuse(code) | Expect::Either { code, .. } => Some(code),
        })
        .collect();
    // What a route or a rule of the API's own requires on top is not a token's fault: the catalogue has no case of it.
    let known = Code::ALL.iter().filter(|code| !matches!(code, Code::InsufficientClaims | Code::CheckFailed));
    assert_eq!(of_cases, known.map(|code| code.as_str()).collect());
}
