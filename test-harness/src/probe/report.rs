//! The result of a run.

use serde::Serialize;

use super::Outcome;
use crate::{Case, Scenario, Severity, groups};

/// The result of a run. Two runs against the same API give equal reports: nothing depends on time or place.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of this format.
    pub report: u32,
    /// The version of the catalogue.
    pub catalogue: &'static str,
    /// How many ended how.
    pub counts: Counts,
    /// Why the run ended before its end, if it did: what was not played then is skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<String>,
    /// Entries of the divergences file that did not occur.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
    /// Every case and scenario, in the order in which they were played.
    pub results: Vec<Row>,
}

/// How many cases and scenarios ended how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Otherwise, and not known.
    pub failed: usize,
    /// Otherwise, as a divergence with a reason in the divergences file.
    pub known: usize,
    /// Not played here.
    pub skipped: usize,
}

/// How one case or scenario ended.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// Its id.
    pub id: &'static str,
    /// What the case is.
    pub summary: &'static str,
    /// How severe it is if it ends otherwise.
    pub severity: Severity,
    /// What was expected.
    pub expected: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Why the divergence is known, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

impl Row {
    pub(super) fn of_case(case: &Case, outcome: Outcome) -> Self {
        Self {
            id: case.id,
            summary: case.summary,
            severity: case.severity,
            expected: case.expect.to_string(),
            outcome,
            known: None,
        }
    }

    pub(super) fn of_scenario(scenario: &Scenario, outcome: Outcome) -> Self {
        Self {
            id: scenario.id,
            summary: scenario.summary,
            severity: scenario.severity,
            expected: "every act as described".to_owned(),
            outcome,
            known: None,
        }
    }

    /// Whether it failed: it diverged, and that is not known.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.outcome.diverged() && self.known.is_none()
    }

    /// Whether it was not played.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        matches!(self.outcome, Outcome::Skipped { .. })
    }

    /// What goes wrong if it ends otherwise.
    #[must_use]
    pub fn harm(&self) -> &'static str {
        let group = self.id.split("::").next().unwrap_or_default();
        groups().iter().find(|of| of.name == group).map_or("", |of| of.harm)
    }
}

impl Report {
    pub(super) fn new(results: Vec<Row>, stale: Vec<String>, interrupted: Option<String>) -> Self {
        let count = |what: fn(&Row) -> bool| results.iter().filter(|row| what(row)).count();
        let counts = Counts {
            passed: count(|row| row.outcome == Outcome::Passed),
            failed: count(Row::failed),
            known: count(|row| row.outcome.diverged() && row.known.is_some()),
            skipped: count(Row::is_skipped),
        };
        Self { report: 1, catalogue: env!("CARGO_PKG_VERSION"), counts, interrupted, stale, results }
    }

    /// Whether the run came to its end, nothing failed, and every known divergence occurred.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.counts.failed == 0 && self.stale.is_empty() && self.interrupted.is_none()
    }

    /// How many of the known divergences are of this severity.
    #[must_use]
    pub fn known(&self, severity: Severity) -> usize {
        let known = |row: &&Row| row.outcome.diverged() && row.known.is_some() && row.severity == severity;
        self.results.iter().filter(known).count()
    }

    /// What failed, in the order in which it was played.
    pub fn failures(&self) -> impl Iterator<Item = &Row> {
        self.results.iter().filter(|row| row.failed())
    }
}
