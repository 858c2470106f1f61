//! The same tokens through this validator and through `jsonwebtoken`'s own `decode` with its strictest settings.

use std::{
    collections::BTreeSet,
    time::{SystemTime, UNIX_EPOCH},
};

use entra_test_harness::{Provider, Setting, World, catalogue};
use entra_validator::{Authority, KeySet, Validator};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;

/// Why this validator refuses tokens of a group that a library for all issuers accepts: what the library cannot know, or
/// leaves to its caller.
const LEFT_TO_THE_CALLER: [(&str, &str); 10] = [
    ("compact", "how large a token may be, and which of several spellings of base64 is taken"),
    ("header", "which members are understood, and that none occurs twice"),
    ("typ", "which kinds of token are meant for this caller"),
    ("key", "which published keys are good enough, and for what"),
    ("claims", "the claims that Entra's access tokens alone have, their types, and that none occurs twice"),
    ("version", "`ver` is Entra's own claim"),
    ("tenant", "`tid` is Entra's own claim"),
    ("issuer", "which issuer a key may sign for, as Entra's key sets say"),
    ("issued_at", "that no token is issued in the future (`iat`)"),
    ("permission", "`scp` and `roles` are Entra's own claims"),
];

/// What this validator accepts and the library refuses, with the reason.
const ACCEPTED_HERE: [(&str, &str); 3] = [
    (
        "key::same-kid-other-use",
        "keys may share a name if they differ in use (RFC 7517 §4.5): the one for signatures is taken",
    ),
    (
        "key::null-beside-ours",
        "what is no key at all is passed over like a key of an unknown kind (RFC 7517 §5)",
    ),
    ("kid::embedded-malformed", "a key in the header is never read, so it need not be well formed"),
];

/// It reads the system's clock, so both are asked about now.
fn now() -> (i64, SystemTime) {
    let now = SystemTime::now();
    (i64::try_from(now.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap(), now)
}

fn theirs(world: &World, keys: &Value, token: &str) -> Option<()> {
    let keys: JwkSet = serde_json::from_value(keys.clone()).ok()?;
    let key = keys.find(&jsonwebtoken::decode_header(token).ok()?.kid?)?;
    let mut policy = Validation::new(Algorithm::RS256);
    policy.set_issuer(&[world.issuer()]);
    policy.set_audience(&[world.audience()]);
    policy.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    policy.validate_nbf = true;
    policy.leeway = 60;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).ok()?, &policy).ok().map(|_| ())
}

fn ours(world: &World, keys: &Value, token: &str, now: SystemTime) -> Option<()> {
    let authority = Authority::from_url(&world.authority()).unwrap();
    let keys =
        KeySet::from_jwks(keys.to_string().as_bytes()).ok()?.with_cloud_instance_name("microsoftonline.com");
    Validator::new(authority, world.audience()).validate(token, &keys, now).ok().map(|_| ())
}

#[test]
fn every_difference_is_explained_and_no_explanation_is_stale() {
    let (seconds, now) = now();
    let world = World::fixed(seconds, "https://login.example");
    let (mut refused_here, mut accepted_here) = (BTreeSet::new(), BTreeSet::new());
    for case in
        catalogue().filter(|case| case.setting == Setting::Plain || case.setting == Setting::VersionTwo)
    {
        let attempt = case.forge(&world);
        let Some(token) = attempt.bearer().filter(|_| attempt.provider == Provider::Honest) else { continue };
        let keys = attempt.key_set.clone().unwrap_or_else(|| world.key_set());
        match (ours(&world, &keys, token, now), theirs(&world, &keys, token)) {
            (None, Some(())) => _ = refused_here.insert(case.group()),
            (Some(()), None) => _ = accepted_here.insert(case.id),
            _ => {}
        }
    }
    assert_eq!(refused_here, LEFT_TO_THE_CALLER.iter().map(|(group, _)| *group).collect());
    assert_eq!(accepted_here, ACCEPTED_HERE.iter().map(|(id, _)| *id).collect());
}
