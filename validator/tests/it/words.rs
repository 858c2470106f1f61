//! What each refusal says: to the client, to the operator's log, and to whoever set it up wrongly.

use std::collections::BTreeSet;

use entra_mock_idp::{TokenBuilder, TokenVersion};
use entra_test_harness::World;
use entra_validator::{
    AuthError, Authority, CachingValidator, ClaimsChallenge, Code, Config, CredentialsError,
    IntrospectionCaller, Leeway, Rejection, Requirement, ResourceServer, Validator, VerifiedToken,
};

use crate::{
    fixture::{self, keys, verdict, world},
    support::at,
};

fn verified(world: &World, token: &str) -> VerifiedToken {
    fixture::verified(&fixture::validator(world), world, token)
}

#[test]
fn every_code_has_words_of_its_own_for_the_client() {
    let titles: BTreeSet<&str> = Code::ALL.iter().map(|code| code.title()).collect();
    assert_eq!(titles.len(), Code::ALL.len(), "a title serves two codes");
    for code in Code::ALL {
        assert!(code.detail().len() > 20 && code.detail().ends_with('.'), "{code}: {}", code.detail());
    }
    let missing = AuthError::from(Rejection::ClaimMissing { claim: "azp".into() });
    assert!(missing.problem(None).detail.starts_with("The token lacks the claim 'azp'."));
}

#[test]
fn what_is_wrong_with_the_credentials_is_said_in_the_log() {
    for (error, words) in [
        (CredentialsError::Missing, "no Authorization header"),
        (CredentialsError::Malformed, "malformed"),
        (CredentialsError::SchemeUnsupported, "Bearer"),
        (CredentialsError::CredentialMissing, "no token"),
    ] {
        assert!(error.to_string().contains(words) && AuthError::from(error).to_string().contains(words));
    }
}

#[test]
fn the_challenge_says_whether_another_token_would_help() {
    let challenge = |rejection: Rejection| AuthError::from(rejection).challenge().unwrap();
    assert!(challenge(Rejection::Expired { exp: 1, now: 2 }).contains(r#"error="invalid_token""#));
    assert!(challenge(Rejection::SubjectNotTrusted).contains(r#"error="insufficient_scope""#));
    let world = world();
    let token = verified(&world, &world.token().sign());
    let asked =
        |scope: &str| AuthError::from(token.require_scopes([scope]).unwrap_err()).challenge().unwrap();
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
    assert_eq!(scopes.to_string(), "the token does not carry the required scopes: A B | C");
    assert!(token.require_roles(["R"]).unwrap_err().to_string().contains("required app roles: R"));
    assert!(token.require_permissions(["Nothing"]).is_err());
    let context = token.require_auth_context("c2").unwrap_err().to_string();
    assert!(context.contains("required authentication context: c2"), "{context}");
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
    assert_eq!(lookup("x").unwrap_err().variable(), "AUTHORITY");
}

#[test]
fn lists_of_the_environment_bind_and_absent_ones_do_not() {
    let world = world();
    let judged = |apps: &'static str, subjects: &'static str| {
        let config = Config::from_lookup(move |name| match name {
            "ENTRA_AUTH_ALLOWED_APPS" => Some(apps.to_owned()),
            "ENTRA_AUTH_ALLOWED_SUBJECTS" => Some(subjects.to_owned()),
            "ENTRA_AUTH_OIDC_ENDPOINT" => Some("https://login.example/x".to_owned()),
            "AUTHORITY" => None,
            _ => Some("dddddddd-0000-4000-8000-00000000a001".to_owned()),
        });
        let keys = keys(&world).with_issuer(world.issuer());
        verdict(&config.unwrap().validator().validate(&world.token().sign(), &keys, at(0)))
    };
    assert_eq!(judged("", ""), "accepted");
    assert_eq!(judged("someone", ""), "auth_token_azp_not_trusted");
    assert_eq!(judged("dddddddd-0000-4000-8000-00000000a002, someone", ""), "accepted");
    assert_eq!(judged("", "someone"), "auth_token_subject_not_trusted");
    assert_eq!(judged("", "cccccccc-0000-4000-8000-000000000001"), "accepted");
}

#[test]
fn an_authority_of_the_environment_demands_its_tenant_and_goes_with_no_discovery_url() {
    let world = world();
    let config = |authority: Option<String>, endpoint: Option<&str>| {
        Config::from_lookup(|name| match name {
            "AUTHORITY" => authority.clone(),
            "ENTRA_AUTH_OIDC_ENDPOINT" => endpoint.map(str::to_owned),
            "ENTRA_AUTH_CLIENT_ID" => Some(world.audience().to_owned()),
            _ => None,
        })
    };
    let of_tenant = || config(Some(world.authority()), None);
    let judged = |token: TokenBuilder| {
        let validator = of_tenant().unwrap().validator();
        verdict(&validator.validate(&token.sign(), &keys(&world), at(0)))
    };
    assert_eq!(judged(world.token()), "accepted");
    assert_eq!(judged(world.token().version(TokenVersion::V1).audience(world.audience())), "accepted");
    assert_eq!(judged(world.token().without("tid")), "auth_token_claim_missing");

    let both = config(Some(world.authority()), Some("https://login.example/x")).unwrap_err();
    assert!(both.to_string().contains("AUTHORITY and ENTRA_AUTH_OIDC_ENDPOINT are both set"), "{both}");
    let neither = config(None, None).unwrap_err();
    assert!(neither.to_string().contains("neither is ENTRA_AUTH_OIDC_ENDPOINT"), "{neither}");
    let invalid = config(Some("http://login.example/x".to_owned()), None).unwrap_err();
    assert!(invalid.to_string().starts_with("AUTHORITY "), "{invalid}");
}

#[test]
fn invalid_authorities_are_refused_with_the_reason() {
    let guid = "aaaaaaaa-0000-4000-8000-000000000001";
    let reason = |url: &str| Authority::from_url(url).unwrap_err().to_string();
    assert!(reason(&format!("http://login.example/{guid}")).contains("http is for loopback only"));
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
        (format!("{:?}", keys(&world)), "unsuitable: None"),
    ] {
        assert!(shown.contains(words), "{shown}");
        assert!(!shown.contains("alice") && !shown.contains("cccccccc-"), "{shown}");
    }
    let caller = format!("{:?}", IntrospectionCaller::basic("gateway", "s3cret"));
    assert!(caller.contains("IntrospectionCaller") && !caller.contains("s3cret"));
}
