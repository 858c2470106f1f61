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

#[test]
fn the_seeds_are_few_and_short_enough_to_be_checked_in() {
    let sizes: Vec<usize> =
        TARGETS.iter().flat_map(|(name, _)| seeds::of(name).into_values().map(|seed| seed.len())).collect();
    assert!(sizes.iter().all(|&size| size <= 20 * 1024));
    assert!(sizes.iter().sum::<usize>() < 3 * 1024 * 1024);
}

#[test]
fn every_kind_of_change_to_a_token_has_seeds() {
    let seeds = seeds::of("mutation");
    for kind in [
        "SetMember",
        "RemoveMember",
        "RetypeMember",
        "DuplicateMember",
        "InsertJson",
        "FlipBits",
        "Resize",
        "ReplaceCharacter",
        "InsertCharacter",
        "DeleteCharacters",
        "Respell",
        "Swap",
        "Exchange",
        "Sign",
        "Surround",
    ] {
        assert_eq!(seeds.keys().filter(|name| name.starts_with(&format!("{kind}-"))).count(), 4, "{kind}");
    }
}
