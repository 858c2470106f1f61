//! Known divergences.

use globset::{Glob, GlobMatcher};
use serde::Deserialize;

use super::Row;
use crate::{catalogue, scenarios};

/// A file of known divergences: TOML, with one entry for each.
///
/// ```
/// use entra_test_harness::Divergences;
///
/// let text = "[[divergence]]\nid = 'typ::*'\nreason = 'typ is not checked: no other kind of token is issued to us'\n";
/// assert!(Divergences::from_toml(text).is_ok());
/// assert!(Divergences::from_toml("[[divergence]]\nid = 'typ::*'\n").unwrap_err().contains("reason"));
/// ```
#[derive(Debug, Default)]
pub struct Divergences(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    id: String,
    matcher: GlobMatcher,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    divergence: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    reason: String,
}

impl Divergences {
    /// Reads `[[divergence]]` entries with `id` (a case's, or a glob that names its group) and `reason`.
    ///
    /// # Errors
    ///
    /// What is wrong, and in which line.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let entry = |row: Line| {
            if row.reason.trim().is_empty() {
                return Err(format!("{}: a reason is missing", row.id));
            }
            // Otherwise one line would excuse everything, and what is added to the catalogue, too.
            if !names_its_group(&row.id) {
                return Err(format!(
                    "id = {:?} does not name its group: write one entry per group, such as \"typ::*\"",
                    row.id
                ));
            }
            let matcher = Glob::new(&row.id).map_err(|error| error.to_string())?.compile_matcher();
            Ok(Entry { id: row.id, matcher, reason: row.reason })
        };
        file.divergence.into_iter().map(entry).collect::<Result<_, _>>().map(Self)
    }

    /// Why this divergence is known, if it is.
    pub(super) fn reason(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|entry| entry.matcher.is_match(id)).map(|entry| entry.reason.as_str())
    }

    /// Entries that name a case which was played and did not diverge, or which does not exist.
    pub(super) fn stale(&self, rows: &[Row]) -> Vec<String> {
        let stale = self.0.iter().filter(|entry| {
            let named = |id: &str| entry.matcher.is_match(id);
            let mut played = rows.iter().filter(|row| named(row.id) && !row.is_skipped()).peekable();
            if played.peek().is_some() {
                return !played.any(|row| row.outcome.diverged());
            }
            !catalogue().any(|case| named(case.id)) && !scenarios().iter().any(|scenario| named(scenario.id))
        });
        stale.map(|entry| entry.id.clone()).collect()
    }
}

/// `typ::*` and `{header,claims}::*` do, `*::none` and `{typ::*,*}` do not.
fn names_its_group(id: &str) -> bool {
    let group = id.split("::").next().unwrap_or_default();
    !group.contains(['*', '?', '[', '\\']) && group.matches('{').count() == group.matches('}').count()
}
