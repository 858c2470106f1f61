//! What each refusal says: to the client, to the operator's log, and to whoever set it up wrongly.

use std::collections::BTreeSet;

use crate::support::{at, keys, validator, verdict, world};
use entra_test_harness::World;
use entra_validator::{
    Authority, CachingValidator, ClaimsChallenge, Config, HeaderError, IntrospectionCaller, KeySet,
    KeySetError, Leeway, Refusal, Rejection, Requirement, ResourceServer, Validator, VerifiedToken,
};

fn verified(world: &World, token: &str) -> VerifiedToken {
    validator(world).validate(token, &keys(world), at(0)).unwrap()
}

/// One of each, with the step and a word that the log must tell.
fn rejections() -> Vec<(Rejection, u8, &'static str)> {
    let text = |text: &str| text.to_owned();
    vec![
        (Rejection::TokenInvalid { reason: "not three parts" }, 1, "not three parts"),
        (Rejection::HeaderInvalid { reason: text("no alg") }, 2, "no alg"),
        (Rejection::AlgorithmNotAllowed { alg: text("none") }, 3, "\"none\" is not RS256"),
        (Rejection::TypeNotAllowed { typ: text("at+jwt") }, 4, "at+jwt"),
        (Rejection::KidMissing, 5, "kid"),
        (Rejection::KeyUnknown { kid: text("k-1") }, 5, "k-1"),
        (Rejection::KeyUnsuitable { kid: text("k-1"), reason: "too small" }, 6, "too small"),
        (Rejection::SignatureUntrusted { kid: text("k-1") }, 7, "k-1"),
        (Rejection::ClaimsInvalid { reason: text("`exp` is not a number") }, 8, "exp"),
        (Rejection::ClaimMissing { claim: text("azp") }, 8, "azp"),
        (Rejection::VersionNotSupported { ver: text("3.0") }, 9, "3.0"),
        (Rejection::TenantNotTrusted { tid: text("t-1") }, 10, "t-1"),
        (
            Rejection::IssuerUntrusted { expected: Some(text("ours")), actual: text("theirs") },
            11,
            "\"theirs\" is not \"ours\"",
        ),
        (Rejection::IssuerUntrusted { expected: None, actual: text("theirs") }, 11, "names none"),
        (Rejection::KeyIssuerUntrusted { kid: text("k-1"), limited_to: text("other") }, 11, "other"),
        (Rejection::AudienceInvalid { expected: vec![text("us")], actual: vec![text("them")] }, 12, "them"),
        (Rejection::Expired { exp: 10, now: 20 }, 13, "expired at 10, it is 20"),
        (Rejection::Immature { nbf: 30, now: 20 }, 14, "not valid before 30, it is 20"),
        (Rejection::IssuedInFuture { iat: 40, now: 20 }, 15, "issued at 40, it is 20"),
        (Rejection::PermissionsMissing { wanted: "scopes" }, 16, "scopes"),
        (Rejection::ClientNotTrusted { client: text("c-1") }, 17, "c-1"),
        (Rejection::SubjectNotTrusted, 18, "subject"),
    ]
}

fn refusals(world: &World) -> Vec<Refusal> {
    let token = verified(world, &world.token().sign());
    let headers = [
        HeaderError::Missing,
        HeaderError::Malformed,
        HeaderError::SchemeUnsupported,
        HeaderError::CredentialMissing,
    ];
    let keys = [KeySetError::Discovery { reason: "x".into() }, KeySetError::Jwks { reason: "y".into() }];
    let permissions = [
        token.require_scopes(["Orders.Delete"]).unwrap_err().into(),
        ClaimsChallenge::auth_context("c1", None).into(),
    ];
    let tokens = rejections().into_iter().map(|(rejection, ..)| Refusal::from(rejection));
    headers
        .map(Refusal::from)
        .into_iter()
        .chain(keys.map(Refusal::from))
        .chain(tokens)
        .chain(permissions)
        .collect()
}

#[test]
fn every_code_has_words_of_its_own_for_the_client() {
    let world = world();
    let (mut codes, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for refusal in refusals(&world) {
        let problem = refusal.problem(None);
        assert_ne!(problem.title, "The request was refused", "{}", problem.code);
        assert!(problem.detail.len() > 20, "{}", problem.code);
        assert_eq!(problem.status, refusal.status());
        if codes.insert(problem.code) {
            assert!(titles.insert(problem.title), "{:?} stands for two codes", problem.title);
        }
    }
    assert_eq!(codes.len(), 28);
    let missing = Refusal::from(Rejection::ClaimMissing { claim: "azp".into() });
    assert!(missing.problem(None).detail.starts_with("The token lacks the claim 'azp'."));
}

#[test]
fn every_rejection_has_its_step_its_status_and_words_for_the_log() {
    for (rejection, step, words) in rejections() {
        assert_eq!(rejection.step(), step);
        assert_eq!(rejection.status(), if step < 16 { 401 } else { 403 }, "step {step}");
        let shown = rejection.to_string();
        assert!(shown.contains(words), "{shown}");
        assert_eq!(Refusal::from(rejection).to_string(), shown);
    }
    for (error, words) in [
        (HeaderError::Missing, "no Authorization header"),
        (HeaderError::Malformed, "malformed"),
        (HeaderError::SchemeUnsupported, "Bearer"),
        (HeaderError::CredentialMissing, "no token"),
    ] {
        assert!(error.to_string().contains(words) && Refusal::from(error).to_string().contains(words));
    }
}

#[test]
fn the_challenge_says_whether_another_token_would_help() {
    let challenge = |rejection: Rejection| Refusal::from(rejection).challenge().unwrap();
    assert!(challenge(Rejection::Expired { exp: 1, now: 2 }).contains(r#"error="invalid_token""#));
    assert!(challenge(Rejection::SubjectNotTrusted).contains(r#"error="insufficient_scope""#));
    let world = world();
    let token = verified(&world, &world.token().sign());
    let asked = |scope: &str| Refusal::from(token.require_scopes([scope]).unwrap_err()).challenge().unwrap();
    assert!(asked("A.B").ends_with(r#", scope="A.B""#));
    for unquotable in ["A\"B", "A\\B", "A\nB", "é"] {
        assert!(!asked(unquotable).contains("scope=\""), "{unquotable:?}");
    }
}

#[test]
fn permissions_that_are_lacking_are_named() {
    let world = world();
    let token = verified(&world, &world.token().claim("acrs", vec!["c1"]).sign());
    let scopes = token.require_scopes(["A B", "C"]).unwrap_err();
    assert_eq!(scopes.to_string(), "the token does not carry the scopes asked for: A B | C");
    assert!(token.require_roles(["R"]).unwrap_err().to_string().contains("app roles asked for: R"));
    assert!(token.require_permissions(["Nothing"]).is_err());
    let context = token.require_auth_context("c2").unwrap_err().to_string();
    assert!(context.contains("authentication context asked for: c2"), "{context}");
    let app = verified(&world, &world.app_token().sign());
    assert!(Requirement::roles(["Orders.Read.All"]).check(&app).is_ok());
    assert_eq!(app.kid(), world.kid());
    assert!(!app.is_guest());
}

#[test]
fn a_claims_challenge_tells_what_to_ask_for() {
    let challenge = ClaimsChallenge::auth_context("c1", None);
    assert_eq!(challenge.claims(), r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#);
    assert!(challenge.to_string().ends_with(challenge.claims()));
}

#[test]
fn a_setting_that_is_empty_counts_as_unset_and_an_error_names_the_variable() {
    let lookup = |client: &'static str| {
        Config::from_lookup(move |name| {
            Some(if name == "ENTRA_AUTH_CLIENT_ID" { client.to_owned() } else { String::new() })
        })
    };
    let error = lookup(" ").unwrap_err();
    assert_eq!(
        (error.variable(), error.to_string().as_str()),
        ("ENTRA_AUTH_CLIENT_ID", "ENTRA_AUTH_CLIENT_ID is not set")
    );
    assert_eq!(lookup("x").unwrap_err().variable(), "ENTRA_AUTH_OIDC_ENDPOINT");
}

#[test]
fn lists_of_the_environment_bind_and_absent_ones_do_not() {
    let world = world();
    let judged = |apps: &'static str, subjects: &'static str| {
        let config = Config::from_lookup(move |name| match name {
            "ENTRA_AUTH_ALLOWED_APPS" => Some(apps.to_owned()),
            "ENTRA_AUTH_ALLOWED_SUBJECTS" => Some(subjects.to_owned()),
            "ENTRA_AUTH_OIDC_ENDPOINT" => Some("https://login.example/x".to_owned()),
            _ => Some("dddddddd-0000-4000-8000-00000000a001".to_owned()),
        });
        let keys = keys(&world).with_issuer(world.issuer());
        verdict(config.unwrap().validator().unwrap().validate(&world.token().sign(), &keys, at(0)))
    };
    assert_eq!(judged("", ""), "accepted");
    assert_eq!(judged("someone", ""), "auth_token_azp_not_trusted");
    assert_eq!(judged("dddddddd-0000-4000-8000-00000000a002, someone", ""), "accepted");
    assert_eq!(judged("", "someone"), "auth_token_subject_not_trusted");
    assert_eq!(judged("", "cccccccc-0000-4000-8000-000000000001"), "accepted");
}

#[test]
fn addresses_that_cannot_be_meant_are_refused_with_the_reason() {
    let guid = "aaaaaaaa-0000-4000-8000-000000000001";
    let reason = |url: &str| Authority::from_url(url).unwrap_err().to_string();
    assert!(reason(&format!("http://login.example/{guid}")).contains("http is for loopback addresses only"));
    assert!(reason(&format!("https://login.example//{guid}")).contains("names no tenant"));
    assert!(Authority::external_id("con-toso9", guid).is_ok());
    for name in ["", "con.toso", "con toso", "contoso/"] {
        assert!(Authority::external_id(name, guid).is_err(), "{name:?}");
    }
}

#[test]
fn leeway_ends_at_five_minutes() {
    assert_eq!(Leeway::from_secs(300), Some(Leeway::MAX));
    assert_eq!(Leeway::from_secs(0), Some(Leeway::ZERO));
    assert_eq!(Leeway::from_secs(301), None);
}

#[test]
fn what_is_printed_for_debugging_names_the_thing_and_keeps_its_secrets() {
    let world = world();
    let authority = Authority::tenant(world.tenant_id()).unwrap();
    let validator = Validator::new(authority, world.audience());
    let server = ResourceServer::new(validator.clone()).contact("mailto:x@example.com");
    let layer = server.layer::<String>();
    let service = tower::Layer::layer(&layer, ());
    let token = verified(&world, &world.token().sign());
    let caching = CachingValidator::new(validator, 1.try_into().unwrap());
    for (shown, words) in [
        (format!("{token:?}"), world.kid()),
        (format!("{server:?}"), "mailto:x@example.com"),
        (format!("{:?}", server.clone().cache_tokens(1.try_into().unwrap())), "ResourceServer"),
        (format!("{layer:?}"), "AuthLayer"),
        (format!("{service:?}"), "AuthService"),
        (format!("{caching:?}"), "CachingValidator"),
        (
            format!("{:?}", KeySet::from_jwks(world.key_set().to_string().as_bytes()).unwrap()),
            "unsuitable: None",
        ),
    ] {
        assert!(shown.contains(words), "{shown}");
        assert!(!shown.contains("alice") && !shown.contains("cccccccc-"), "{shown}");
    }
    let caller = format!("{:?}", IntrospectionCaller::basic("gateway", "s3cret"));
    assert!(caller.contains("IntrospectionCaller") && !caller.contains("s3cret"));
}
