//! The checked-in texts that follow from the code.

use std::{fs, path::Path};

use entra_mock_idp::generated;

fn checked_in(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_default()
}

#[test]
fn openapi_json_is_current() {
    assert!(
        checked_in("openapi.json") == generated::openapi(),
        "openapi.json is stale; run `cargo xtask update`"
    );
}

#[test]
fn directory_schema_json_is_current() {
    let message = "directory.schema.json is stale; run `cargo xtask update`";
    assert!(checked_in("directory.schema.json") == generated::directory_schema(), "{message}");
}

#[test]
fn the_readme_lists_the_aadsts_numbers() {
    let block = format!("<!-- generated: aadsts -->\n{}<!-- /generated -->\n", generated::aadsts_table());
    assert!(checked_in("README.md").contains(&block), "README.md is stale; run `cargo xtask update`");
}
