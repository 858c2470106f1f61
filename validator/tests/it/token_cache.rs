//! Remembered tokens: what is skipped, and what never is.

use std::{num::NonZeroUsize, sync::Arc};

use entra_test_harness::World;
use entra_validator::{CachingValidator, KeySet, Leeway, ResourceServer, Validator};

use crate::{
    fixture::{self, world},
    support::{NOW, Provider, at, json_answer},
};

fn validator(world: &World) -> Validator {
    fixture::validator(world).leeway(Leeway::ZERO)
}

fn caching(world: &World, capacity: usize) -> CachingValidator {
    CachingValidator::new(validator(world), NonZeroUsize::new(capacity).unwrap())
}

fn keys(world: &World) -> Arc<KeySet> {
    Arc::new(fixture::keys(world))
}

#[test]
fn a_remembered_token_expires_at_its_second() {
    let world = world();
    let (validator, keys) = (caching(&world, 8), keys(&world));
    let token = world.token().claim("nbf", NOW).claim("exp", NOW + 100).sign();
    for _ in 0..3 {
        assert!(validator.validate(&token, &keys, at(99)).is_ok());
    }
    assert_eq!(validator.len(), 1);
    assert_eq!(validator.validate(&token, &keys, at(100)).unwrap_err().code(), "auth_token_expired");
    assert_eq!(validator.validate(&token, &keys, at(-1)).unwrap_err().code(), "auth_token_immature");
}

#[test]
fn a_token_seen_again_is_not_read_again() {
    let world = world();
    let (validator, keys) = (caching(&world, 4), keys(&world));
    let token = world.token().sign();
    let first = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(!validator.is_empty());
    let again = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(std::ptr::eq(first.claims(), again.claims()));
    // Two more, and it is of the old generation.
    for n in 0..2 {
        validator.validate(&world.token().claim("n", n).sign(), &keys, at(0)).unwrap();
    }
    let old = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(std::ptr::eq(first.claims(), old.claims()));
}

#[test]
fn no_token_that_differs_in_one_character_profits_from_a_remembered_one() {
    let world = world();
    let (validator, keys) = (caching(&world, 8), keys(&world));
    let token = world.token().sign();
    validator.validate(&token, &keys, at(0)).unwrap();
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(validator.validate(&changed, &keys, at(0)).is_err(), "character {place}");
    }
    assert_eq!(validator.len(), 1);
}

#[test]
fn other_keys_make_it_forget_even_if_they_are_the_same_ones_fetched_again() {
    let world = world();
    let validator = caching(&world, 8);
    let (old, other) = (keys(&world), world.other_jwk(serde_json::json!({})));
    let without = serde_json::json!({ "keys": [other] }).to_string();
    let withdrawn = Arc::new(KeySet::from_jwks(without.as_bytes()).unwrap());
    let token = world.token().sign();
    validator.validate(&token, &old, at(0)).unwrap();
    assert_eq!(
        validator.validate(&token, &withdrawn, at(0)).unwrap_err().code(),
        "auth_token_key_unknown",
        "its key is gone"
    );
    assert!(validator.is_empty());
    validator.validate(&token, &old, at(0)).unwrap();
    validator.validate(&world.app_token().sign(), &keys(&world), at(0)).unwrap();
    assert_eq!(validator.len(), 1);
}

#[test]
fn refused_tokens_are_not_remembered_and_never_more_than_the_capacity() {
    let world = world();
    let (validator, keys) = (caching(&world, 4), keys(&world));
    for token in ["", "short", "a.b.c", &world.forge().hs256("secret"), &format!("{}A", world.token().sign())]
    {
        validator.validate(token, &keys, at(0)).unwrap_err();
    }
    assert!(validator.is_empty());
    for n in 0..20 {
        validator.validate(&world.token().claim("n", n).sign(), &keys, at(0)).unwrap();
        assert!((1..=4).contains(&validator.len()), "{}", validator.len());
    }
    assert_eq!(validator.len(), 4);
}

#[test]
fn a_large_cache_never_holds_more_than_its_capacity_either() {
    let world = world();
    let (validator, keys) = (caching(&world, 256), keys(&world));
    for n in 0..700 {
        validator.validate(&world.token().claim("n", n).sign(), &keys, at(0)).unwrap();
    }
    assert!((100..=256).contains(&validator.len()), "{}", validator.len());
}

#[test]
fn a_token_that_comes_again_and_again_stays_while_others_pass_by() {
    let world = world();
    let (validator, keys) = (caching(&world, 4), keys(&world));
    let regular = world.token().sign();
    for n in 0..20 {
        validator.validate(&regular, &keys, at(0)).unwrap();
        let before = validator.len();
        validator.validate(&regular, &keys, at(0)).unwrap();
        assert_eq!(validator.len(), before, "it was there");
        validator.validate(&world.token().claim("n", n).sign(), &keys, at(0)).unwrap();
    }
}

#[tokio::test]
async fn a_server_that_remembers_tokens_refuses_one_whose_key_was_withdrawn() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let server = ResourceServer::with_keys(provider.validator(), keys)
        .unwrap()
        .cache_tokens(NonZeroUsize::MIN)
        .clock(|| at(0));
    let token = provider.world.token().claim("exp", NOW + 200_000).sign();
    for _ in 0..3 {
        server.validate(&token).await.unwrap();
    }
    let emergency = serde_json::json!({"keys": [provider.world.other_jwk(serde_json::json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&emergency)).await;
    clock.set(24 * 3600);
    assert_eq!(server.validate(&token).await.unwrap_err().code(), "auth_token_key_unknown");
}
