//! A report in a test: what failed, as a panic that can be read.

use std::fmt::Write as _;

use super::{Outcome, Report};

impl Report {
    /// Passes if the run came to its end, nothing failed, and every known divergence occurred. Prints what was skipped,
    /// which a test shows with `--nocapture` or when it fails.
    ///
    /// # Panics
    ///
    /// Otherwise, with a table of what failed.
    #[track_caller]
    pub fn assert_no_findings(&self) {
        for row in &self.results {
            if let Outcome::Skipped { reason } = &row.outcome {
                println!("{} was skipped: {reason}", row.id);
            }
        }
        assert!(self.is_clean(), "{}", self.findings());
    }

    fn findings(&self) -> String {
        let header = ["severity", "case", "expected", "actual", "defect"].map(str::to_owned);
        let failures = self.failures().map(|row| {
            [
                row.severity.to_string(),
                row.id.to_owned(),
                row.expected.clone(),
                row.outcome.to_string(),
                row.summary.to_owned(),
            ]
        });
        let counts = self.counts;
        let mut text = format!(
            "{} passed, {} failed, {} known, {} skipped\n",
            counts.passed, counts.failed, counts.known, counts.skipped
        );
        if counts.failed > 0 {
            text += &table(&std::iter::once(header).chain(failures).collect::<Vec<_>>());
        }
        for entry in &self.stale {
            _ = writeln!(
                text,
                "{entry}: this known divergence did not occur; remove it from the divergences file"
            );
        }
        if let Some(why) = &self.interrupted {
            _ = writeln!(text, "The run ended before its end: {why}");
        }
        text
    }
}

/// Columns as wide as their widest cell; the last one is as wide as it is.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    let mut text = String::new();
    for row in rows {
        let line = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect::<Vec<_>>()
            .join("  ");
        _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
