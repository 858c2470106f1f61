//! Every seed, and every input that once made a target fail, on any toolchain.

use std::fs;

use entra_fuzz_targets::{TARGETS, seeds};

#[test]
fn every_seed_satisfies_its_target() {
    for (name, target) in TARGETS {
        let seeds = seeds::of(name);
        assert!(seeds.len() > 20, "{name} has {} seeds", seeds.len());
        for (seed, input) in seeds {
            // The name is in the output above the panic, if there is one.
            println!("{name}/{seed}");
            target(&input);
        }
    }
}

#[test]
fn inputs_that_once_failed_pass() {
    let mut replayed = 0;
    for (name, target) in TARGETS {
        for input in fs::read_dir(seeds::folder("crashes", name)).into_iter().flatten() {
            let input = input.unwrap().path();
            println!("{}", input.display());
            target(&fs::read(input).unwrap());
            replayed += 1;
        }
    }
    assert!(replayed >= 4, "only {replayed} inputs are in fuzz/crashes/");
}

#[test]
fn seeds_are_short() {
    for (name, _) in TARGETS {
        assert!(seeds::of(name).values().all(|seed| seed.len() <= 20 * 1024), "{name}");
    }
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
