//! What is checked in is what the catalogue says today.

use std::{fs, path::Path};

use entra_test_harness::generated;

#[test]
fn generated_files_are_current() {
    for (path, text) in generated::files() {
        let checked_in = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        // Not `assert_eq`: nobody wants to read a megabyte of difference.
        assert!(checked_in.unwrap_or_default() == text, "{path} is stale; run `cargo xtask update`");
    }
}
