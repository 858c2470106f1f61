//! One step is one line of the pipeline, one row of the table, one group of the catalogue.

use std::collections::BTreeSet;

use entra_validator::{Code, Step};

use crate::words::rejections;

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

#[test]
fn every_code_belongs_to_one_step_or_to_none() {
    for step in Step::ALL {
        assert!(step.codes().iter().all(|code| code.step() == Some(*step)), "{step}");
    }
    let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), Code::ALL.len(), "two codes share a text");
}

#[test]
fn every_rejection_is_of_a_step_and_every_code_of_a_step_is_some_rejections() {
    let mut of_rejections = BTreeSet::new();
    for (rejection, _) in rejections() {
        assert_eq!(rejection.code().step(), Some(rejection.step()), "{rejection}");
        of_rejections.insert(rejection.code());
    }
    let of_steps: BTreeSet<Code> = Step::ALL.iter().flat_map(|step| step.codes()).copied().collect();
    assert_eq!(of_rejections, of_steps);
}
