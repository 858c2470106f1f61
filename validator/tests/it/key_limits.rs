//! The exact edges of what a key set may be.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_test_harness::World;
use entra_validator::{KeySet, Rejection};
use serde_json::{Value, json};

use crate::{
    fixture::{validator, world},
    support::at,
};

fn padded(document: &str, length: usize) -> String {
    document.to_owned() + &" ".repeat(length - document.len())
}

#[test]
fn a_key_set_of_256_kibibytes_and_64_keys_is_read_and_more_is_not() {
    let world = world();
    let document = world.key_set().to_string();
    assert!(KeySet::from_jwks(padded(&document, 256 * 1024).as_bytes()).is_ok());
    let error = KeySet::from_jwks(padded(&document, 256 * 1024 + 1).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("256 KiB"), "{error}");
    let keys = |n: usize| {
        let keys: Vec<Value> = (0..n).map(|n| json!({"kid": n.to_string(), "kty": "EC"})).collect();
        KeySet::from_jwks(json!({ "keys": keys }).to_string().as_bytes())
    };
    assert_eq!(keys(64).unwrap().len(), 64);
    assert!(keys(65).unwrap_err().to_string().contains("64 keys"));
}

/// Why a key with this modulus cannot verify; none if it could.
fn unsuitable(world: &World, modulus: &[u8]) -> Option<&'static str> {
    let jwk = world.other_jwk(json!({"kid": "odd-one", "n": URL_SAFE_NO_PAD.encode(modulus)}));
    let keys = KeySet::from_jwks(json!({ "keys": [jwk] }).to_string().as_bytes()).unwrap();
    let token = world.token().header("kid", "odd-one").sign();
    match validator(world).validate(&token, &keys, at(0)).unwrap_err() {
        Rejection::KeyUnsuitable { reason, .. } => Some(reason),
        Rejection::SignatureUntrusted { .. } => None,
        other => panic!("{other}"),
    }
}

/// This many bits, the lowest and the highest of them set.
fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0x5a; bits.div_ceil(8)];
    let top = (bits - 1) % 8;
    bytes[0] = 1 << top;
    *bytes.last_mut().unwrap() |= 1;
    bytes
}

#[test]
fn keys_have_2048_to_8192_bits() {
    let world = world();
    let size = Some("its size is not between 2048 and 8192 bits");
    assert_eq!(unsuitable(&world, &modulus(2047)), size);
    assert_eq!(unsuitable(&world, &modulus(2048)), None);
    assert_eq!(unsuitable(&world, &modulus(8192)), None);
    assert_eq!(unsuitable(&world, &modulus(8193)), size);
}

#[test]
fn a_modulus_is_odd_and_starts_with_no_zero() {
    let world = world();
    let mut even = modulus(2048);
    *even.last_mut().unwrap() = 254;
    assert_eq!(unsuitable(&world, &even), Some("its modulus is even"));
    let mut ends_in_one = modulus(2048);
    *ends_in_one.last_mut().unwrap() = 1;
    assert_eq!(unsuitable(&world, &ends_in_one), None);
    assert_eq!(unsuitable(&world, &[vec![0], modulus(2048)].concat()), Some("malformed (n, e)"));
}

#[test]
fn one_key_that_is_published_twice_is_one_key() {
    let world = world();
    let mut document = world.key_set();
    let first = document["keys"][0].clone();
    document["keys"].as_array_mut().unwrap().push(first);
    let keys = KeySet::from_jwks(document.to_string().as_bytes()).unwrap();
    assert!(validator(&world).validate(&world.token().sign(), &keys, at(0)).is_ok());
}

/// Whether the honest token is accepted with these keys, in this order and in the other.
fn accepted(world: &World, mut keys: Vec<Value>) -> (bool, bool) {
    let validator = validator(world);
    let mut judged = || {
        let set = KeySet::from_jwks(json!({ "keys": keys }).to_string().as_bytes()).unwrap();
        keys.reverse();
        validator.validate(&world.token().sign(), &set, at(0)).is_ok()
    };
    (judged(), judged())
}

#[test]
fn of_any_number_of_different_keys_with_one_name_none_is_trusted_in_whatever_order() {
    let world = world();
    let honest = world.key_set()["keys"][0].clone();
    let other = world.other_jwk(json!({"kid": world.kid()}));
    let unsuitable = json!({"kid": world.kid(), "kty": "EC"});
    let keys = |keys: &[&Value]| keys.iter().map(|&key| key.clone()).collect();
    assert_eq!(accepted(&world, keys(&[&honest, &unsuitable])), (true, true));
    assert_eq!(accepted(&world, keys(&[&honest, &other])), (false, false));
    assert_eq!(accepted(&world, keys(&[&other, &other, &honest])), (false, false));
    assert_eq!(accepted(&world, keys(&[&other, &honest, &honest])), (false, false));
    assert_eq!(accepted(&world, keys(&[&other, &honest, &unsuitable, &honest])), (false, false));
}

#[test]
fn one_key_that_is_published_for_two_issuers_is_trusted_for_neither() {
    let world = world();
    let honest = world.key_set()["keys"][0].clone();
    let mut elsewhere = honest.clone();
    elsewhere["issuer"] = "https://login.example/elsewhere/v2.0".into();
    assert_eq!(accepted(&world, vec![honest, elsewhere]), (false, false));
}
