//! Changes that a fuzzer draws find holes in validators.

use std::sync::LazyLock;

use arbitrary::{Arbitrary as _, Unstructured};
use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_test_harness::{Mutation, World, corpus};
use serde_json::Value;

static WORLD: LazyLock<World> = LazyLock::new(|| World::now("https://mock-idp.example"));
static HONEST: LazyLock<String> = LazyLock::new(|| WORLD.token().sign());

/// How many tokens are drawn until one is accepted that is not genuine.
fn drawn_until_found(accepts: impl Fn(&str) -> bool) -> Option<u32> {
    assert!(accepts(&HONEST));
    (0..50_000).find(|number: &u32| {
        let bytes: Vec<u8> = (0..3_u8)
            .flat_map(|part| {
                digest::digest(&digest::SHA256, &[&number.to_be_bytes()[..], &[part]].concat())
                    .as_ref()
                    .to_vec()
            })
            .collect();
        let mutations = Vec::<Mutation>::arbitrary(&mut Unstructured::new(&bytes)).unwrap_or_default();
        let changed = |token: String, mutation: &Mutation| mutation.apply(&WORLD, &token);
        let token = mutations.iter().fold(HONEST.clone(), changed);
        accepts(&token) && !WORLD.is_genuine(&token)
    })
}

fn parts(token: &str) -> Option<(Value, String, Vec<u8>)> {
    let (input, signature) = token.rsplit_once('.')?;
    let header = URL_SAFE_NO_PAD.decode(input.split_once('.')?.0).ok()?;
    Some((serde_json::from_slice(&header).ok()?, input.to_owned(), URL_SAFE_NO_PAD.decode(signature).ok()?))
}

/// Accepts what is genuine, and what the hole lets through.
fn with_hole(hole: fn(&Value, &str, &[u8]) -> bool) -> impl Fn(&str) -> bool {
    move |token| {
        WORLD.is_genuine(token)
            || parts(token).is_some_and(|(header, input, signature)| hole(&header, &input, &signature))
    }
}

#[test]
fn the_holes_of_well_known_libraries_are_found() {
    let none =
        drawn_until_found(with_hole(|header, _, signature| header["alg"] == "none" && signature.is_empty()));
    let confused = drawn_until_found(with_hole(|header, input, signature| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, WORLD.public_key().spki_pem().as_bytes());
        header["alg"] == "HS256" && hmac::verify(&key, input.as_bytes(), signature).is_ok()
    }));
    let embedded = drawn_until_found(with_hole(|header, input, signature| {
        header["jwk"] == WORLD.attacker_key().jwk()
            && WORLD.attacker_key().sign(input.as_bytes()) == signature
    }));
    assert!(none.is_some() && confused.is_some() && embedded.is_some(), "{none:?} {confused:?} {embedded:?}");
}

#[test]
fn nothing_is_found_where_there_is_no_hole() {
    assert_eq!(drawn_until_found(|token| WORLD.is_genuine(token)), None);
}

#[test]
fn seeds_are_tokens_of_the_present_time_with_file_names_of_their_own() {
    let seeds: Vec<(String, String)> = corpus().collect();
    let names: std::collections::BTreeSet<&str> = seeds.iter().map(|(name, _)| name.as_str()).collect();
    assert!(seeds.len() > 500 && names.len() == seeds.len());
    assert!(names.iter().all(|name| !name.contains([':', '/'])));
    let (_, honest) = seeds.iter().find(|(name, _)| name == "control.delegated").unwrap();
    let payload = URL_SAFE_NO_PAD.decode(honest.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert!(claims["exp"].as_i64().unwrap() > WORLD.time());
}
