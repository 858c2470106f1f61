//! Reading the claims of a verified token.

use std::sync::Arc;

use entra_validator::{AuthError, Authority, CachingValidator, ClaimsChallenge, Code, Step, VerifiedToken};
use http::Uri;
use serde::Deserialize;
use serde_json::json;

use crate::{
    fixture::{code, keys, validator, verified, world},
    support::at,
};

#[test]
fn the_payload_is_read_once_for_all_claims_and_clones() {
    let world = world();
    let token = verified(&validator(&world), &world, &world.token().sign());
    let first: *const _ = token.all_claims();
    let _ =
        (token.groups(), token.introspection(), token.require_auth_context("c1"), token.claim::<i64>("exp"));
    assert!(std::ptr::eq(first, token.clone().all_claims()));
    let caching = CachingValidator::new(validator(&world), 2.try_into().unwrap());
    let (text, keys) = (world.token().sign(), Arc::new(keys(&world)));
    let validate = || caching.validate(&text, &keys, at(0)).unwrap();
    assert!(std::ptr::eq(validate().all_claims(), validate().all_claims()));
}

#[test]
fn claims_are_read_as_a_type_of_ones_own() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Person {
        tid: String,
        name: Option<String>,
        level: f64,
    }
    let world = world();
    let token = |builder: entra_mock_idp::TokenBuilder| verified(&validator(&world), &world, &builder.sign());
    let person: Person =
        token(world.token().claim("level", 0.5).claim("name", json!(null))).claims_as().unwrap();
    assert_eq!(person, Person { tid: world.tenant_id().to_owned(), name: None, level: 0.5 });
    let error = token(world.token()).claims_as::<Person>().unwrap_err();
    assert!(error.to_string().contains("level"), "{error}");
}

#[test]
fn a_rule_of_ones_own_refuses_last_with_a_code_of_its_own_and_the_log_has_its_name() {
    let world = world();
    let has_mfa = |token: &VerifiedToken| {
        token.claim::<Vec<String>>("amr").is_some_and(|methods| methods.contains(&"mfa".to_owned()))
    };
    let strict =
        validator(&world).check("any", |_| true).check("two-factors", has_mfa).check("never", |_| true);
    assert_eq!(code(&strict, &world, &world.token().claim("amr", json!(["pwd", "mfa"])).sign()), "accepted");
    let refused = strict.validate(&world.token().sign(), &keys(&world), at(0)).unwrap_err();
    assert_eq!((refused.code(), refused.step(), refused.status()), (Code::CheckFailed, Step::Subject, 403));
    assert!(refused.to_string().contains("two-factors"), "{refused}");
    let client_sees = AuthError::from(refused).response().into_body();
    assert!(!client_sees.contains("two-factors"), "{client_sees}");
    assert!(format!("{strict:?}").contains("two-factors"));
    let never_asked = validator(&world).check("unreachable", |_| unreachable!());
    let expired = world.token().claim("exp", 1).sign();
    assert_eq!(code(&never_asked, &world, &expired), "auth_token_expired");
}

#[test]
fn introspection_keeps_scopes_and_roles_apart() {
    let world = world();
    let token = world.token().claim("scp", "Admin").roles(["Reader"]).sign();
    let json = serde_json::to_value(verified(&validator(&world), &world, &token).introspection()).unwrap();
    assert_eq!((&json["scope"], &json["roles"]), (&json!("Admin"), &json!(["Reader"])));
    let app = world.app_token().sign();
    let json = serde_json::to_value(verified(&validator(&world), &world, &app).introspection()).unwrap();
    assert_eq!((json.get("scope"), &json["roles"]), (None, &json!(["Orders.Read.All"])));
}

#[test]
fn a_verified_token_can_be_sent_on_as_it_came() {
    let world = world();
    // Parts of every length, so that each ends in one of the ways that base64url can end.
    for length in 0..6 {
        let text = world.token().claim("x", "y".repeat(length)).header("z", "y".repeat(length / 2)).sign();
        let token = verified(&validator(&world), &world, &text);
        assert_eq!(token.expose_secret(), text);
        let signature = text.rsplit_once('.').unwrap().1;
        assert!(!format!("{token:?}").contains(signature));
    }
}

#[test]
fn what_is_printed_for_debugging_shows_nothing_of_a_person() {
    let world = world();
    let signed = world.token().claim("sub", "a-subject").claim("preferred_username", "a-username").sign();
    let token = verified(&validator(&world), &world, &signed);
    let oid = token.claims().oid.clone().unwrap();
    for shown in
        [format!("{:?}", token.claims()), format!("{:#?}", token.introspection()), format!("{token:?}")]
    {
        assert!(shown.contains(world.client_id()), "{shown}");
        for secret in ["a-subject", "a-username", "alice", &oid] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

#[test]
fn no_url_in_a_setting_can_end_its_quoted_string_in_a_challenge() {
    let injected = "https://x/a\", error=\"none\\/\r\né";
    assert!(Authority::from_url(&format!("{injected}/aaaaaaaa-0000-4000-8000-000000000001")).is_err());
    assert!(Authority::from_discovery_url(injected).is_err());
    let challenge = AuthError::from(ClaimsChallenge::auth_context("c1", Some(injected))).challenge().unwrap();
    assert!(
        challenge.contains("authorization_uri=\"https://x/a%22,%20error=%22none%5C/%0D%0A%C3%A9\", "),
        "{challenge}"
    );
    assert_eq!(challenge.matches("error=").count(), 2, "{challenge}");

    let world = world();
    let url: Uri = "https://api.example/a\",error=\"none\\".parse().unwrap();
    let server = entra_validator::ResourceServer::new(validator(&world)).resource_metadata(&url);
    let response = server.refuse(&AuthError::from(entra_validator::Rejection::KidMissing));
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(
        challenge.ends_with(r#"resource_metadata="https://api.example/a%22,error=%22none%5C""#),
        "{challenge}"
    );
}
