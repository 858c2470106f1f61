//! What the crates ask of a toolchain.

use std::process::Command;

use serde_json::Value;

/// `1.88` or `1.88.0`, as numbers.
fn version(text: &str) -> Vec<u32> {
    text.split('.').take(2).filter_map(|number| number.parse().ok()).collect()
}

#[test]
fn no_dependency_needs_a_newer_rust_than_the_workspace_promises() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--all-features", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let needs = |package: &Value| version(package["rust_version"].as_str().unwrap_or("1.0"));
    let ours = packages.iter().find(|package| package["name"] == "entra-validator").map(needs).unwrap();
    let newer: Vec<String> = packages
        .iter()
        .filter(|package| needs(package) > ours)
        .map(|package| format!("{} {}", package["name"], package["version"]))
        .collect();
    assert!(
        newer.is_empty(),
        "{newer:#?} need a newer Rust than {ours:?}: `cargo update --precise` an older version"
    );
}
