//! Writes what is made from the catalogue and checked in: `cargo run -p entra-test-harness --example suite`.

use std::{fs, io, path::Path};

use entra_test_harness::{Suite, catalogue_page};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(root.join("suite.json"), Suite::new().to_json())?;
    fs::write(root.join("suite.schema.json"), Suite::schema())?;
    fs::write(root.join("CATALOGUE.md"), catalogue_page())
}
