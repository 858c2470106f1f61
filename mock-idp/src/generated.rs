//! The texts of this crate that are checked in and follow from its code. `cargo xtask update` writes them.

use crate::{aadsts::Aadsts, control, directory::Directory};

/// `openapi.json`.
#[must_use]
pub fn openapi() -> String {
    format!("{:#}\n", control::openapi())
}

/// `directory.schema.json`.
#[must_use]
pub fn directory_schema() -> String {
    format!("{:#}\n", Directory::schema())
}

/// The README's table of AADSTS numbers, between `<!-- generated: aadsts -->` and `<!-- /generated -->`.
#[must_use]
pub fn aadsts_table() -> String {
    Aadsts::markdown()
}
