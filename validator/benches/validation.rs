//! One validation against the bare verification that it cannot do without, in one run.

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use criterion::{Criterion, criterion_group, criterion_main};
use entra_mock_idp::SigningKey;
use entra_test_harness::{World, catalogue};
use entra_validator::{Authority, CachingValidator, KeySet, ResourceServer, Validator};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

const NOW: i64 = 1_767_225_600;

struct Fixture {
    world: World,
    validator: Validator,
    keys: KeySet,
    token: String,
    now: SystemTime,
}

impl Fixture {
    fn new() -> Self {
        let world = World::fixed(NOW, "https://login.microsoftonline.com");
        let authority = Authority::tenant(world.tenant_id()).unwrap();
        Self {
            validator: Validator::new(authority, world.audience()),
            keys: KeySet::from_jwks(world.key_set().to_string().as_bytes()).unwrap(),
            token: world.token().sign(),
            now: UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs()),
            world,
        }
    }

    fn judge(&self, token: &str, keys: &KeySet) -> bool {
        self.validator.validate(black_box(token), keys, self.now).is_ok()
    }
}

fn component(jwk: &Value, name: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()
}

fn bare_key(fixture: &Fixture) -> ParsedPublicKey {
    let jwk = &fixture.world.key_set()["keys"][0];
    let components = RsaPublicKeyComponents { n: component(jwk, "n"), e: component(jwk, "e") };
    components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).unwrap()
}

fn good_token(criterion: &mut Criterion) {
    let fixture = Fixture::new();
    println!("a token of {} bytes", fixture.token.len());
    let mut group = criterion.benchmark_group("good");

    let (input, signature) = fixture.token.rsplit_once('.').unwrap();
    let (key, signature) = (bare_key(&fixture), URL_SAFE_NO_PAD.decode(signature).unwrap());
    group.bench_function("bare verification", |bencher| {
        bencher.iter(|| key.verify_sig(black_box(input.as_bytes()), &signature).is_ok());
    });

    assert!(fixture.judge(&fixture.token, &fixture.keys));
    group.bench_function("validate", |bencher| bencher.iter(|| fixture.judge(&fixture.token, &fixture.keys)));

    let mut many: Vec<Value> =
        (0..62).map(|n| fixture.world.other_jwk(json!({"kid": format!("other-{n}")}))).collect();
    many.extend(fixture.world.key_set()["keys"].as_array().unwrap().iter().cloned());
    let many = KeySet::from_jwks(json!({"keys": many}).to_string().as_bytes()).unwrap();
    assert_eq!(many.len(), 64);
    group
        .bench_function("validate, 64 keys", |bencher| bencher.iter(|| fixture.judge(&fixture.token, &many)));

    let caching = CachingValidator::new(fixture.validator.clone(), 10_000.try_into().unwrap());
    let keys = Arc::new(fixture.keys.clone());
    group.bench_function("validate, cached", |bencher| {
        bencher.iter(|| caching.validate(black_box(&fixture.token), &keys, fixture.now).is_ok());
    });

    let jwk = fixture.world.key_set()["keys"][0].clone();
    let key =
        DecodingKey::from_rsa_components(jwk["n"].as_str().unwrap(), jwk["e"].as_str().unwrap()).unwrap();
    let mut policy = Validation::new(Algorithm::RS256);
    policy.set_issuer(&[fixture.world.issuer()]);
    policy.set_audience(&[fixture.world.audience()]);
    policy.validate_exp = false;
    group.bench_function("jsonwebtoken decode", |bencher| {
        bencher.iter(|| jsonwebtoken::decode::<Value>(black_box(&fixture.token), &key, &policy).is_ok());
    });
    group.finish();
}

fn refused_tokens(criterion: &mut Criterion) {
    let fixture = Fixture::new();
    let world = &fixture.world;
    let mut group = criterion.benchmark_group("refused");
    for (name, token) in [
        ("not a token", "undefined".to_owned()),
        ("16 KiB of junk", "A".repeat(16 * 1024)),
        ("alg none", world.token().header("alg", "none").sign()),
        ("unknown kid", world.token().header("kid", "unknown").sign()),
        (
            "bad signature",
            world.token().signed_by(SigningKey::published(3)).header("kid", world.kid()).sign(),
        ),
        ("expired", world.token().claim("exp", NOW - 3600).claim("nbf", NOW - 7200).sign()),
    ] {
        assert!(!fixture.judge(&token, &fixture.keys), "{name}");
        group.bench_function(name, |bencher| bencher.iter(|| fixture.judge(&token, &fixture.keys)));
    }
    // The catalogue's group of tokens that are made to be expensive.
    for case in catalogue().filter(|case| case.group() == "cost") {
        let attempt = case.forge(world);
        let token = attempt.bearer().unwrap();
        assert!(!fixture.judge(token, &fixture.keys), "{}", case.id);
        group.bench_function(case.id, |bencher| bencher.iter(|| fixture.judge(token, &fixture.keys)));
    }
    group.finish();
}

/// Through a server of two authorities, which reads whom the token names before anything else.
fn several_authorities(criterion: &mut Criterion) {
    let fixture = Fixture::new();
    let (world, now) = (&fixture.world, fixture.now);
    let keys = Arc::new(fixture.keys.clone());
    let server = |validator: Validator| {
        ResourceServer::with_keys(validator, Arc::clone(&keys)).unwrap().clock(move || now)
    };
    let partner = Authority::from_discovery_url("https://id.example/oidc")
        .unwrap()
        .issuer("https://id.example")
        .unwrap();
    let one = server(fixture.validator.clone());
    let two = server(Validator::new(partner, "api")).also(one.clone()).unwrap();

    // The claim that is looked for stands behind as many values as fit.
    let header = world.token().header("kid", "unknown").sign();
    let header = header.split('.').next().unwrap();
    let unsigned = |value: &str| {
        let values = value.repeat(12_000 / value.len());
        let payload = format!(r#"{{"x":[{values}0],"iss":"{}"}}"#, world.issuer());
        format!("{header}.{}.AAAA", URL_SAFE_NO_PAD.encode(payload))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut group = criterion.benchmark_group("server");
    for (name, token) in [
        ("good", fixture.token.clone()),
        ("arrays before iss", unsigned("[],")),
        ("objects before iss", unsigned(r#"{"":{}},"#)),
        ("numbers before iss", unsigned("0,")),
        ("escapes before iss", unsigned(r#""\u0000","#)),
    ] {
        for (server, count) in [(&one, "one authority"), (&two, "two authorities")] {
            group.bench_function(format!("{name}, {count}"), |bencher| {
                bencher.iter(|| runtime.block_on(server.validate(black_box(&token))).is_ok());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, good_token, refused_tokens, several_authorities);
criterion_main!(benches);
