//! Writes the files that are made from the catalogue: `cargo run -p entra-test-harness --example suite`.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    entra_test_harness::generated::files()
        .into_iter()
        .try_for_each(|(path, text)| fs::write(root.join(path), text))
}
