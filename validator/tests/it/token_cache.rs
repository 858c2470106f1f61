//! Remembered tokens: what is skipped, and what never is.

use std::{num::NonZeroUsize, sync::Arc};

use crate::support::{NOW, Provider, at, json_answer};
use entra_test_harness::Scene;
use entra_validator::{Authority, CachingValidator, KeySet, Leeway, ResourceServer, Validator};

fn validator(scene: &Scene) -> Validator {
    let authority = Authority::from_url(scene.issuer().strip_suffix("/v2.0").unwrap()).unwrap();
    Validator::new(authority, scene.audience()).leeway(Leeway::ZERO)
}

fn caching(scene: &Scene, capacity: usize) -> CachingValidator {
    CachingValidator::new(validator(scene), NonZeroUsize::new(capacity).unwrap())
}

fn keys(scene: &Scene) -> Arc<KeySet> {
    Arc::new(KeySet::from_jwks(scene.key_set().to_string().as_bytes()).unwrap())
}

fn scene() -> Scene {
    Scene::fixed(NOW, "https://login.example")
}

#[test]
fn a_remembered_token_expires_at_its_second() {
    let scene = scene();
    let (validator, keys) = (caching(&scene, 8), keys(&scene));
    let token = scene.token().claim("nbf", NOW).claim("exp", NOW + 100).sign();
    for _ in 0..3 {
        assert!(validator.validate(&token, &keys, at(99)).is_ok());
    }
    assert_eq!(validator.len(), 1);
    assert_eq!(validator.validate(&token, &keys, at(100)).unwrap_err().code(), "auth_token_expired");
    assert_eq!(validator.validate(&token, &keys, at(-1)).unwrap_err().code(), "auth_token_immature");
}

#[test]
fn a_token_seen_again_is_not_read_again() {
    let scene = scene();
    let (validator, keys) = (caching(&scene, 4), keys(&scene));
    let token = scene.token().sign();
    let first = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(!validator.is_empty());
    let again = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(std::ptr::eq(first.claims(), again.claims()));
    // Two more, and it is of the old generation.
    for n in 0..2 {
        validator.validate(&scene.token().claim("n", n).sign(), &keys, at(0)).unwrap();
    }
    let old = validator.validate(&token, &keys, at(0)).unwrap();
    assert!(std::ptr::eq(first.claims(), old.claims()));
}

#[test]
fn no_token_that_differs_in_one_character_profits_from_a_remembered_one() {
    let scene = scene();
    let (validator, keys) = (caching(&scene, 8), keys(&scene));
    let token = scene.token().sign();
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
    let scene = scene();
    let validator = caching(&scene, 8);
    let (old, other) = (keys(&scene), scene.other_jwk(serde_json::json!({})));
    let without = serde_json::json!({ "keys": [other] }).to_string();
    let withdrawn = Arc::new(KeySet::from_jwks(without.as_bytes()).unwrap());
    let token = scene.token().sign();
    validator.validate(&token, &old, at(0)).unwrap();
    assert_eq!(
        validator.validate(&token, &withdrawn, at(0)).unwrap_err().code(),
        "auth_token_key_unknown",
        "its key is gone"
    );
    assert!(validator.is_empty());
    validator.validate(&token, &old, at(0)).unwrap();
    validator.validate(&scene.app_token().sign(), &keys(&scene), at(0)).unwrap();
    assert_eq!(validator.len(), 1);
}

#[test]
fn refused_tokens_are_not_remembered_and_never_more_than_the_capacity() {
    let scene = scene();
    let (validator, keys) = (caching(&scene, 4), keys(&scene));
    for token in ["", "short", "a.b.c", &scene.hs256("secret"), &format!("{}A", scene.token().sign())] {
        validator.validate(token, &keys, at(0)).unwrap_err();
    }
    assert!(validator.is_empty());
    for n in 0..20 {
        validator.validate(&scene.token().claim("n", n).sign(), &keys, at(0)).unwrap();
        assert!((1..=4).contains(&validator.len()), "{}", validator.len());
    }
    assert_eq!(validator.len(), 4);
}

#[test]
fn a_token_that_comes_again_and_again_stays_while_others_pass_by() {
    let scene = scene();
    let (validator, keys) = (caching(&scene, 4), keys(&scene));
    let regular = scene.token().sign();
    for n in 0..20 {
        validator.validate(&regular, &keys, at(0)).unwrap();
        let before = validator.len();
        validator.validate(&regular, &keys, at(0)).unwrap();
        assert_eq!(validator.len(), before, "it was there");
        validator.validate(&scene.token().claim("n", n).sign(), &keys, at(0)).unwrap();
    }
}

#[tokio::test]
async fn a_server_that_remembers_tokens_refuses_one_whose_key_was_withdrawn() {
    let provider = Provider::honest().await;
    let now = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let server = ResourceServer::new(provider.validator())
        .cache_tokens(NonZeroUsize::MIN)
        .clock(move || at(clock.load(std::sync::atomic::Ordering::Relaxed)));
    let token = provider.scene.token().claim("exp", NOW + 200_000).sign();
    for _ in 0..3 {
        server.validate(&token).await.unwrap();
    }
    let emergency = serde_json::json!({"keys": [provider.scene.other_jwk(serde_json::json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&emergency)).await;
    now.store(24 * 3600, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(server.validate(&token).await.unwrap_err().code(), "auth_token_key_unknown");
}
