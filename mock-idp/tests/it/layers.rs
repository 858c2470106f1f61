//! The layers point one way, and the pure ones have no server, no runtime and no clock.

use std::{collections::BTreeSet, fs, path::Path};

/// The pure layers, and what of the crate they may use beside themselves.
const PURE: [(&str, &[&str]); 4] = [
    ("directory", &["certificate"]),
    ("token", &["directory"]),
    ("decoder", &["directory", "token"]),
    ("grant", &["aadsts", "certificate", "directory", "error", "random", "token"]),
];

/// The code of a layer, without its tests.
fn code(layer: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rust = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let text = rust.map(|path| fs::read_to_string(path).unwrap());
    text.map(|text| text.split("#[cfg(test)]").next().unwrap().to_owned()).collect()
}

/// The modules of the crate that the code imports: `use crate::{a::b, c}` and `crate::a::b`.
fn imports(code: &str) -> BTreeSet<&str> {
    let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut modules = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(tree) = rest.strip_prefix('{') else {
            modules.insert(&rest[..name(rest)]);
            continue;
        };
        let mut depth = 1;
        let mut start = true;
        for (at, character) in tree.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => start = true,
                _ if start && character.is_alphanumeric() => {
                    modules.insert(&tree[at..at + name(&tree[at..])]);
                    start = false;
                }
                _ => {}
            }
        }
    }
    modules
}

#[test]
fn layers_point_one_way() {
    for (layer, allowed) in PURE {
        let code = code(layer);
        let upward: Vec<_> = imports(&code)
            .into_iter()
            .filter(|module| *module != layer && !allowed.contains(module))
            .collect();
        assert!(upward.is_empty(), "{layer} imports {upward:?}; it may import {allowed:?}");
    }
}

#[test]
fn pure_layers_have_no_server_no_runtime_and_no_clock() {
    for (layer, _) in PURE {
        let code = code(layer);
        for impure in ["axum", "tokio", "reqwest", "SystemTime", "Instant"] {
            assert!(!code.contains(impure), "{layer} uses {impure}");
        }
    }
}
