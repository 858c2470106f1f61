//! How the crates and their files may know each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use xtask::Imports;

/// Each crate of the project and the floors of its house, from the ground up: a file imports from its own floor and from
/// those below it. A floor is a list of modules; the longest that fits a file counts.
#[rustfmt::skip]
const HOUSES: &[(&str, &[&[&str]])] = &[
    ("validator/src/lib.rs", &[
        &["step", "time_source"],
        &["rejection", "provider/error", "provider/observe", "token/response_settings"],
        &["jose"],
        &["token/claims", "token/unverified", "authority"],
        &["token/verified", "token/permission", "token/claims_challenge", "token/introspection"],
        &["auth_error", "token/auth_context"],
        &["validator"],
        &["config", "token/cache", "provider"],
        &["http"],
        &["lib", "token"],
    ]),
    ("mock-idp/src/lib.rs", &[
        &[
            "aadsts", "auto_sign_in", "body", "certificate", "clock", "control_token", "no_tls", "endpoint", "local_ca",
            "origin", "random", "text", "tls",
        ],
        &["error"],
        &["directory"],
        &["token"],
        &["grant", "faults", "issuer_keys", "requests", "decoder"],
        &["idp"],
        &["protocol", "control"],
        &["server", "generated"],
        &["lib"],
    ]),
    ("test-harness/src/lib.rs", &[
        &["public_key", "rsa_block", "jwe", "mock"],
        &["world", "forge"],
        &["attempt", "case", "mutation", "rating", "scenario", "catalogue", "corpus"],
        &["key_source", "strategies", "token_case"],
        &["suite", "probe"],
        &["lib", "catalogue_tests", "generated", "prelude"],
    ]),
    ("fuzz/targets/src/lib.rs", &[
        &["fixture"],
        &["mutation", "authorization", "discovery", "key_set", "token", "token_endpoint", "unsigned"],
        &["lib", "seeds"],
    ]),
    ("xtask/src/lib.rs", &[&["imports", "generated", "deleted_steps"], &["lib"]]),
];

/// The crates of the project that each of them depends on, tests and benches aside.
const CRATES: &[(&str, &[&str])] =
    &[("validator", &[]), ("mock-idp", &["entra-validator"]), ("test-harness", &["entra-mock-idp"])];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn no_two_files_import_each_other_directly_or_around_a_corner() {
    for (root, _) in HOUSES {
        let circles = Imports::of_crate(&workspace().join(root)).circles();
        assert!(circles.is_empty(), "{root}: {circles:#?}");
    }
}

#[test]
fn every_file_imports_from_its_own_floor_and_below() {
    for (root, floors) in HOUSES {
        let graph = Imports::of_crate(&workspace().join(root)).graph();
        let upward: Vec<String> = graph
            .iter()
            .flat_map(|(file, imported)| imported.iter().map(move |other| (file, other)))
            .filter(|(file, other)| floor(floors, file) < floor(floors, other))
            .map(|(file, other)| format!("{file} -> {other}"))
            .collect();
        assert!(upward.is_empty(), "{root}: {upward:#?}");
    }
}

fn floor(floors: &[&[&str]], file: &str) -> usize {
    let fits = |module: &str| file == module || file.starts_with(&format!("{module}/"));
    let modules = floors.iter().enumerate().flat_map(|(n, modules)| modules.iter().map(move |m| (n, *m)));
    let best = modules.filter(|(_, module)| fits(module)).max_by_key(|(_, module)| module.len());
    best.unwrap_or_else(|| panic!("{file} has no floor: give it one in xtask/tests/house.rs")).0
}

/// The folders whose code takes time, chance and requests as arguments, so that their tests need no server and no sleep.
const PURE: &[&str] = &[
    "validator/src/jose",
    "validator/src/token",
    "validator/src/authority",
    "mock-idp/src/directory",
    "mock-idp/src/token",
    "mock-idp/src/decoder",
    "mock-idp/src/grant",
];

#[test]
fn pure_layers_have_no_server_no_runtime_and_no_clock() {
    for folder in PURE {
        for file in fs::read_dir(workspace().join(folder)).unwrap() {
            let path = file.unwrap().path();
            let text = if path.is_file() { fs::read_to_string(&path).unwrap() } else { continue };
            let code: String = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//") && !line.trim_start().starts_with("#["))
                .collect::<Vec<_>>()
                .join("\n");
            for impure in ["axum", "tokio", "reqwest", "SystemTime::now", "Instant::now"] {
                assert!(!code.contains(impure), "{} uses {impure}", path.display());
            }
        }
    }
}

#[test]
fn crates_depend_on_each_other_in_one_direction() {
    for (folder, allowed) in CRATES {
        let manifest = fs::read_to_string(workspace().join(folder).join("Cargo.toml")).unwrap();
        let manifest: BTreeMap<String, toml::Value> = toml::from_str(&manifest).unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        let of_project: BTreeSet<&str> =
            dependencies.keys().map(String::as_str).filter(|name| name.starts_with("entra-")).collect();
        assert_eq!(of_project, allowed.iter().copied().collect(), "{folder}");
    }
    let library = fs::read_to_string(workspace().join("mock-idp/Cargo.toml")).unwrap();
    assert!(
        library.contains("entra-validator = { workspace = true, optional = true }"),
        "the mock's library does without the validator"
    );
}

/// What would be worthless if it found nothing: the same check on files that do import each other.
#[test]
fn a_planted_circle_is_found_through_re_exports_and_macros() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    write("lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::B;");
    write("a.rs", "use crate::B; pub struct A(B);");
    write("b/mod.rs", "mod inner; pub use inner::B;");
    write("b/inner.rs", "pub struct B; fn f() { println!(\"{}\", crate::c::name()); }");
    write("c.rs", "pub fn name() -> &'static str { std::any::type_name::<crate::A>() }");
    let imports = Imports::of_crate(&folder.path().join("lib.rs"));
    assert_eq!(imports.circles(), [["a", "b/inner", "c"]]);
    write("c.rs", "pub fn name() -> &'static str { \"c\" }");
    assert!(Imports::of_crate(&folder.path().join("lib.rs")).circles().is_empty());
}
