//! Every seed, and every input that once made a target fail, on any toolchain.

use std::{fs, path::PathBuf};

use entra_fuzz_targets::{TARGETS, seeds};

const WRITE: &str = "write them anew: cargo run -p entra-fuzz-targets --bin export-corpus";

fn files(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder = seeds::folder(kind, target);
    let entries = fs::read_dir(&folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    entries.unwrap_or_default()
}

/// The input's name stands in the output above the panic, if there is one.
fn replay(target: fn(&[u8]), inputs: Vec<PathBuf>) {
    for input in inputs {
        println!("{}", input.display());
        target(&fs::read(input).unwrap());
    }
}

#[test]
fn every_seed_leaves_every_oracle_content() {
    for (name, target) in TARGETS {
        let seeds = files("corpus", name);
        assert!(!seeds.is_empty(), "fuzz/corpus/{name} is missing or empty; {WRITE}");
        replay(target, seeds);
    }
}

#[test]
fn what_once_made_a_target_fail_does_so_no_more() {
    for (name, target) in TARGETS {
        replay(target, files("crashes", name));
    }
}

#[test]
fn the_seeds_are_those_that_the_catalogue_makes_today() {
    for (name, _) in TARGETS {
        let wrong = seeds::differences(name).unwrap();
        assert!(wrong.is_empty(), "seeds of {name}: {}; {WRITE}", wrong.join(", "));
    }
}
