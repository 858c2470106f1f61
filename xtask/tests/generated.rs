//! What is checked in is what would be generated today.

use std::path::Path;

#[test]
fn nothing_that_is_generated_is_stale() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let stale: Vec<String> = xtask::generated::all()
        .iter()
        .filter_map(|generated| generated.stale(&workspace).expect("the file has its region"))
        .collect();
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}
