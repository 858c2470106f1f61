//! The formats of a report, for people and for programs.

use std::{fmt::Write as _, time::Duration};

use askama::Template;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use entra_test_harness::{Counts, Outcome, Report, Row, Severity};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

pub(crate) fn json(report: &Report) -> Result<String, String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n").map_err(|error| error.to_string())
}

pub(crate) fn junit(report: &Report) -> Result<String, String> {
    let mut suites = quick_junit::Report::new("entra-probe");
    let mut suite: Option<TestSuite> = None;
    for row in &report.results {
        let (group, name) = row.id.split_once("::").unwrap_or(("", row.id));
        if let Some(full) = suite.take_if(|suite| suite.name.as_str() != group) {
            suites.add_test_suite(full);
        }
        let mut case = TestCase::new(name, status(row));
        case.set_classname(group);
        suite.get_or_insert_with(|| TestSuite::new(group)).add_test_case(case);
    }
    suites.test_suites.extend(suite);
    if let Some(why) = &report.interrupted {
        let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
        error.set_message(format!("the run ended before its end: {why}"));
        let mut suite = TestSuite::new("entra-probe");
        suite.add_test_case(TestCase::new("run", error));
        suites.add_test_suite(suite);
    }
    suites.to_string().map_err(|error| error.to_string())
}

fn status(row: &Row) -> TestCaseStatus {
    let mut status = match (&row.outcome, &row.known) {
        (Outcome::Passed, _) => return TestCaseStatus::success(),
        (Outcome::Skipped { reason }, _) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason.clone());
            return status;
        }
        (_, Some(reason)) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("known: {reason}"));
            return status;
        }
        (Outcome::Crashed { .. } | Outcome::Hung, None) => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    status
        .set_message(format!("expected: {}; actual: {}", row.expected, row.outcome))
        .set_description(format!("{}\nSeverity: {}. {}", row.summary, row.severity, row.harm()));
    status
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    failures: Vec<&'a Row>,
}

pub(crate) fn html(report: &Report) -> Result<String, String> {
    Page { report, failures: report.failures().collect() }.render().map_err(|error| error.to_string())
}

pub(crate) fn text(report: &Report, time: Duration) -> String {
    let mut text = String::new();
    if report.counts.failed > 0 {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(["case", "defect", "severity", "expected", "actual"]);
        for row in report.failures() {
            table.add_row([
                row.id,
                row.summary,
                &row.severity.to_string(),
                &row.expected,
                &row.outcome.to_string(),
            ]);
        }
        _ = writeln!(text, "{table}");
    }
    if report.results.iter().any(|row| row.id == "authorization::missing" && row.failed()) {
        text += "The route accepts requests without a token. Is it a protected one?\n";
    }
    for entry in &report.stale {
        _ = writeln!(
            text,
            "{entry}: this known divergence did not occur; remove it from the divergences file"
        );
    }
    if let Some(why) = &report.interrupted {
        _ = writeln!(text, "The run ended before its end: {why}");
    }
    let Counts { passed, failed, known, skipped, .. } = report.counts;
    let critical = match report.known(Severity::Critical) {
        0 => String::new(),
        critical => format!(" ({critical} critical)"),
    };
    let seconds = time.as_secs_f64();
    _ = writeln!(
        text,
        "{passed} passed, {failed} failed, {known} known{critical}, {skipped} skipped, in {seconds:.1} s"
    );
    text
}
