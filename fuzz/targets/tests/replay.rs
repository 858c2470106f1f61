//! Every seed, and every input that once made a target fail, on any toolchain.

use std::fs;

use entra_fuzz_targets::{TARGETS, key_set, seeds, unsigned};

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

/// The largest key set that is read, made of what costs most.
#[test]
fn a_key_set_of_256_kib_is_read_in_at_most_8_mb_whatever_it_is_made_of() {
    for value in ["{}", "[]", "0", "\"\"", "{\"a\":{}}", "\"\\u0041\""] {
        for (before, after) in [("{\"keys\":[", "]}"), ("{\"keys\":[{\"kid\":\"a\",\"x\":[", "]}]}")] {
            let times = (256 * 1024 - before.len() - after.len()) / (value.len() + 1);
            key_set(format!("{before}{}{after}", vec![value; times].join(",")).as_bytes());
        }
    }
}

#[test]
fn no_unsigned_token_costs_more_than_twice_a_good_one_whatever_its_header_is_made_of() {
    for value in [
        "{}",
        "[]",
        "0",
        "\"\"",
        "{\"a\":0}",
        "[[[[]]]]",
        "\"\\u0041\\u0042\"",
        "0.7777777777777777777777777",
    ] {
        for times in [1, 15, 18, 24, 100, 4096 / (value.len() + 1)] {
            let values = vec![value; times].join(",");
            unsigned(format!("{{\"alg\":\"RS256\",\"kid\":\"x\",\"x\":[{values}]}}").as_bytes());
        }
    }
}
