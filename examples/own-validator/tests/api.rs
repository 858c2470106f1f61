//! Tokens without a server, a mock identity provider, and a fuzz target's body.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use entra_test_harness::{Mutation, prelude::*};
use http_body_util::BodyExt as _;
use jsonwebtoken::jwk::JwkSet;
use own_validator::{Policy, app, validate};
use tower::ServiceExt as _;

const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

async fn me(api: &Router, token: &str) -> (StatusCode, String) {
    let request = Request::get("/me").header("authorization", format!("Bearer {token}"));
    let response = api.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn tokens_without_a_server() {
    let client = MockJwtClient::for_api("my-api");
    let policy = Policy {
        issuer: format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        tenant_id: TENANT.to_owned(),
        audience: "my-api".to_owned(),
    };
    let api = app(serde_json::from_str(&client.jwks().to_string()).unwrap(), policy);
    assert_eq!(me(&api, &client.generate()).await, (StatusCode::OK, "test_subject".to_owned()));
    for hostile in [
        client.token().expires_in(-3600),
        client.token().audience("api://another"),
        client.token().without("scp"),
        client.token().signature(Signature::None),
        client.token().signature(Signature::UnknownKey),
    ] {
        assert_eq!(me(&api, &hostile.sign()).await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_mock_identity_provider() {
    let idp = MockIdp::start().await;
    let world = World::of(&idp);
    let policy = Policy {
        issuer: world.issuer(),
        tenant_id: world.tenant_id().to_owned(),
        audience: world.audience().to_owned(),
    };
    let api = app(serde_json::from_value(world.key_set()).unwrap(), policy);
    assert_eq!(me(&api, &idp.token().user("alice").sign()).await.0, StatusCode::OK);
    idp.rotate_keys(Rotation::Emergency);
    assert_eq!(me(&api, &idp.token().user("alice").sign()).await.0, StatusCode::UNAUTHORIZED);
}

/// Whoever has chosen a backend of rustls has it still: with two in the build, none would be the default.
#[test]
fn the_harness_chooses_no_crypto_backend_for_the_code_under_test() {
    let roots = rustls::RootCertStore::empty();
    _ = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
}

static WORLD: LazyLock<World> = LazyLock::new(|| World::now("https://mock-idp.example"));
static HONEST: LazyLock<String> = LazyLock::new(|| WORLD.token().sign());

fn accepts(token: &str) -> bool {
    static POLICY: LazyLock<(JwkSet, Policy)> = LazyLock::new(|| {
        let policy = Policy {
            issuer: WORLD.issuer(),
            tenant_id: WORLD.tenant_id().to_owned(),
            audience: WORLD.audience().to_owned(),
        };
        (serde_json::from_value(WORLD.key_set()).unwrap(), policy)
    });
    validate(token, &POLICY.0, &POLICY.1).is_ok()
}

/// What `fuzz_target!(|mutations: Vec<Mutation>| ..)` calls; here with bytes that are not a fuzzer's.
fn target(mutations: Vec<Mutation>) {
    let token = mutations.iter().fold(HONEST.clone(), |token, mutation| mutation.apply(&WORLD, &token));
    if mutations.is_empty() {
        assert!(accepts(&token), "an honest token is refused: nothing else can be learnt");
    } else {
        assert!(!accepts(&token) || WORLD.is_genuine(&token), "accepted: {token}");
    }
}

#[test]
fn no_change_that_a_fuzzer_draws_is_accepted() {
    target(Vec::new());
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..96)
            .map(|_| {
                // xorshift: any sequence will do, as long as it is the same each time.
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random.to_le_bytes()[0]
            })
            .collect();
        target(Vec::arbitrary(&mut Unstructured::new(&bytes)).unwrap_or_default());
    }
}
