//! The texts that are made from the catalogue and checked in.

use crate::{Suite, suite::catalogue_page};

/// Each generated file of this crate: its path in the crate, and what it must contain.
#[must_use]
pub fn files() -> [(&'static str, String); 3] {
    [
        ("suite.json", Suite::new().to_json()),
        ("suite.schema.json", Suite::schema()),
        ("CATALOGUE.md", catalogue_page()),
    ]
}
