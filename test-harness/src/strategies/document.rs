//! The identity provider's documents, valid and broken.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::json_value;
use crate::World;

/// Any key set: honest keys, keys with one member altered or missing, values that are not keys, in any order and number.
pub fn key_set(world: &World) -> impl Strategy<Value = Value> + use<> {
    let honest = world.key_set()["keys"].as_array().cloned().unwrap_or_default();
    let other = world.other_jwk(json!({}));
    let member = prop::sample::select(vec![
        "kty",
        "use",
        "kid",
        "n",
        "e",
        "alg",
        "key_ops",
        "issuer",
        "cloud_instance_name",
        "x5c",
    ]);
    let altered = (
        prop::sample::select([honest.clone(), vec![other]].concat()),
        member,
        prop::option::of(json_value()),
    )
        .prop_map(|(mut jwk, member, value)| {
            if let (Value::Object(members), None) = (&mut jwk, &value) {
                members.remove(member);
            } else if let Some(value) = value {
                jwk[member] = value;
            }
            jwk
        });
    let key = prop_oneof![3 => prop::sample::select(honest), 4 => altered, 1 => json_value()];
    prop::collection::vec(key, 0..6).prop_map(|keys| json!({"keys": keys}))
}

/// Any discovery document: the honest one with members altered or missing.
pub fn discovery_document(world: &World) -> impl Strategy<Value = Value> + use<> {
    let honest: Value = world.discovery_document(&world.issuer()).parse().unwrap_or_default();
    let urls = vec![
        json!(world.issuer()),
        json!(world.jwks_uri()),
        json!("https://evil.example/v2.0"),
        json!("file:///etc/passwd"),
        json!("http://127.0.0.1:9/keys"),
        json!(""),
    ];
    let value = prop_oneof![2 => prop::sample::select(urls), 1 => json_value()];
    let member = prop::sample::select(vec!["issuer", "jwks_uri", "cloud_instance_name", "token_endpoint"]);
    prop::collection::vec((member, prop::option::of(value)), 0..4).prop_map(move |changes| {
        let mut document = honest.clone();
        for (member, value) in changes {
            match (&mut document, value) {
                (document, Some(value)) => document[member] = value,
                (Value::Object(members), None) => _ = members.remove(member),
                _ => {}
            }
        }
        document
    })
}
