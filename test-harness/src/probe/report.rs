//! What a run found.

use serde::Serialize;

use super::Outcome;
use crate::{Case, Expect, Scenario, Severity, groups};

/// What a run found. Two runs against the same API say the same: nothing in it depends on the time or the place.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of this format.
    pub report: u32,
    /// The version of the catalogue.
    pub catalogue: &'static str,
    /// How many ended how.
    pub counts: Counts,
    /// Entries of the file of accepted divergences that name nothing that diverged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
    /// Every case and scenario, in the order in which they were played.
    pub results: Vec<Row>,
}

/// How many cases and scenarios ended how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// As they should.
    pub passed: usize,
    /// Otherwise, and nobody accepts that.
    pub diverged: usize,
    /// Otherwise, with a reason in the file of accepted divergences.
    pub accepted: usize,
    /// They could not be played.
    pub skipped: usize,
}

/// How one case or scenario ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// Its id.
    pub id: &'static str,
    /// What is wrong in it.
    pub summary: &'static str,
    /// How bad it is to get it wrong.
    pub severity: Severity,
    /// What was expected.
    pub expected: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Why that is accepted, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

impl Row {
    pub(super) fn of_case(case: &Case, outcome: Outcome) -> Self {
        let expected = match case.expect {
            Expect::Accept => "let in".to_owned(),
            Expect::Refuse(code) => format!("refused ({code})"),
            Expect::Either { code, .. } => format!("let in, or refused ({code})"),
        };
        let (id, summary, severity) = (case.id, case.summary, case.severity);
        Self { id, summary, severity, expected, outcome, accepted: None }
    }

    pub(super) fn of_scenario(scenario: &Scenario, outcome: Outcome) -> Self {
        Self {
            id: scenario.id,
            summary: scenario.summary,
            severity: scenario.severity,
            expected: "as the scenario says".to_owned(),
            outcome,
            accepted: None,
        }
    }

    /// Whether it is a finding: it diverged, and nobody accepts that.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.outcome.diverged() && self.accepted.is_none()
    }

    /// Whether it could not be played.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        matches!(self.outcome, Outcome::Skipped { .. })
    }

    /// What it costs to get it wrong.
    #[must_use]
    pub fn harm(&self) -> &'static str {
        let group = self.id.split("::").next().unwrap_or_default();
        groups().iter().find(|of| of.name == group).map_or("", |of| of.harm)
    }
}

impl Report {
    pub(super) fn new(results: Vec<Row>, stale: Vec<String>) -> Self {
        let count = |what: fn(&Row) -> bool| results.iter().filter(|row| what(row)).count();
        let counts = Counts {
            passed: count(|row| row.outcome == Outcome::Passed),
            diverged: count(Row::is_finding),
            accepted: count(|row| row.outcome.diverged() && row.accepted.is_some()),
            skipped: count(Row::is_skipped),
        };
        Self { report: 1, catalogue: env!("CARGO_PKG_VERSION"), counts, stale, results }
    }

    /// Whether nothing diverged but what is accepted, and every accepted entry did.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.counts.diverged == 0 && self.stale.is_empty()
    }

    /// The findings, in the order in which they were played.
    pub fn findings(&self) -> impl Iterator<Item = &Row> {
        self.results.iter().filter(|row| row.is_finding())
    }
}
