//! The exact second at which a token begins and ends, and each policy's own edge.

use entra_mock_idp::TokenVersion;
use entra_test_harness::World;
use entra_validator::{AuthError, Authority, Cloud, Code, Groups, KeySet, Leeway, Step, Validator};
use serde_json::json;

use crate::{
    fixture::{code, keys, validator, verdict, verified, world},
    support::{NOW, at},
};

#[test]
fn exp_is_the_first_second_that_is_too_late_and_the_leeway_moves_it() {
    let world = world();
    let token = world.token().claim("exp", NOW + 100).sign();
    for (leeway, last) in [(Leeway::ZERO, 99), (Leeway::default(), 159), (Leeway::MAX, 399)] {
        let validator = validator(&world).leeway(leeway);
        assert!(validator.validate(&token, &keys(&world), at(last)).is_ok(), "{leeway:?}");
        let rejection = validator.validate(&token, &keys(&world), at(last + 1)).unwrap_err();
        assert_eq!(rejection.code(), "auth_token_expired", "{leeway:?}");
    }
}

#[test]
fn nbf_and_iat_are_the_first_seconds_that_are_not_too_early_and_the_leeway_moves_them() {
    let world = world();
    for (claim, refused) in [("nbf", "auth_token_immature"), ("iat", "auth_token_issued_in_future")] {
        let token = world.token().claim(claim, NOW).sign();
        for (leeway, first) in [(Leeway::ZERO, 0), (Leeway::default(), -60), (Leeway::MAX, -300)] {
            let validator = validator(&world).leeway(leeway);
            assert!(validator.validate(&token, &keys(&world), at(first)).is_ok(), "{claim} {leeway:?}");
            let rejection = validator.validate(&token, &keys(&world), at(first - 1)).unwrap_err();
            assert_eq!(rejection.code(), refused, "{leeway:?}");
        }
    }
}

#[test]
fn a_fraction_of_a_second_is_counted_against_the_token() {
    let world = world();
    let strict = validator(&world).leeway(Leeway::ZERO);
    assert_eq!(
        code(&strict, &world, &world.token().claim("exp", world.at(0.9)).sign()),
        "auth_token_expired"
    );
    assert_eq!(
        code(&strict, &world, &world.token().claim("nbf", world.at(0.1)).sign()),
        "auth_token_immature"
    );
    assert_eq!(code(&strict, &world, &world.token().claim("nbf", world.at(0.0)).sign()), "accepted");
}

#[test]
fn a_date_in_the_year_10000_is_a_mistake() {
    let world = world();
    let with = |exp: i64| code(&validator(&world), &world, &world.token().claim("exp", exp).sign());
    assert_eq!(with(253_402_300_799), "accepted");
    assert_eq!(with(253_402_300_800), "auth_token_claims_invalid");
    assert_eq!(with(i64::MAX), "auth_token_claims_invalid");
}

#[test]
fn a_time_before_1970_judges_without_panic() {
    let world = world();
    let long_ago = std::time::UNIX_EPOCH - std::time::Duration::from_secs(10);
    let rejection = validator(&world).validate(&world.token().sign(), &keys(&world), long_ago).unwrap_err();
    assert_eq!(rejection.code(), "auth_token_immature");
    let token = world.token().claim("nbf", -500).claim("iat", -500).claim("exp", 5000).sign();
    let judged = |seconds: u64| {
        let then = std::time::UNIX_EPOCH - std::time::Duration::from_secs(seconds);
        verdict(&validator(&world).validate(&token, &keys(&world), then))
    };
    assert_eq!((judged(1000), judged(400)), ("auth_token_immature", "accepted"));
}

#[test]
fn version_one_is_taken_by_opt_in_with_its_own_issuer_audience_and_client_claim() {
    let world = world();
    let v1 = world.token().version(TokenVersion::V1).sign();
    let v2 = world.token().sign();
    let both = validator(&world).v1_audience("api://orders").unwrap();
    assert_eq!(verified(&both, &world, &v1).claims().client, world.client_id());
    assert_eq!(code(&both, &world, &v2), "accepted");
    let only_v1 = Validator::v1(both.authority().clone(), "api://orders").unwrap();
    assert_eq!(code(&only_v1, &world, &v1), "accepted");
    assert_eq!(code(&only_v1, &world, &v2), "auth_token_ver_not_supported");
    assert_eq!(code(&validator(&world), &world, &v1), "auth_token_ver_not_supported");
    let v1 = || world.token().version(TokenVersion::V1);
    assert_eq!(
        code(&both, &world, &v1().claim("aud", world.audience()).sign()),
        "auth_token_audience_invalid"
    );
    assert_eq!(code(&both, &world, &v1().claim("iss", world.issuer()).sign()), "auth_token_issuer_untrusted");
    assert_eq!(
        code(&both, &world, &v1().without("appid").claim("azp", "x").sign()),
        "auth_token_claim_missing"
    );
}

#[test]
fn the_public_cloud_has_its_own_host_for_issuers_of_version_one() {
    let world = World::fixed(NOW, "https://login.microsoftonline.com");
    let validator = Validator::v1(Authority::tenant(world.tenant_id()).unwrap(), "api://orders").unwrap();
    let token = world.token().version(TokenVersion::V1);
    assert_eq!(code(&validator, &world, &token.clone().sign()), "auth_token_issuer_untrusted");
    let issuer = format!("https://sts.windows.net/{}/", world.tenant_id());
    assert_eq!(code(&validator, &world, &token.claim("iss", issuer).sign()), "accepted");
}

#[test]
fn several_tenants_any_organization_and_any_account_are_three_choices() {
    const OTHER: &str = "bbbbbbbb-0000-4000-8000-000000000002";
    const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let world = World::fixed(NOW, "https://login.microsoftonline.com");
    let template = world.issuer().replace(world.tenant_id(), "{tenantid}");
    let jwks = world.key_set().to_string().replace(&world.issuer(), &template);
    let keys = KeySet::from_jwks(jwks.as_bytes()).unwrap();
    let code = |authority: Authority, tid: &str| {
        let token = world.token().claim("tid", tid).claim("iss", template.replace("{tenantid}", tid)).sign();
        verdict(&Validator::new(authority, world.audience()).validate(&token, &keys, at(0)))
    };
    let one = || Authority::tenant(world.tenant_id()).unwrap();
    let two = || Cloud::Public.tenants([world.tenant_id(), OTHER]).unwrap();
    assert_eq!(code(one(), world.tenant_id()), "accepted");
    assert_eq!(code(one(), OTHER), "auth_token_tenant_not_trusted");
    assert_eq!(code(two(), OTHER), "accepted");
    assert_eq!(code(two(), PERSONAL), "auth_token_tenant_not_trusted");
    assert_eq!(code(Cloud::Public.any_organization(), OTHER), "accepted");
    assert_eq!(code(Cloud::Public.any_organization(), PERSONAL), "auth_token_tenant_not_trusted");
    assert_eq!(code(Cloud::Public.any_account(), PERSONAL), "accepted");
    assert_eq!(code(Cloud::Public.any_account(), "common"), "auth_token_tenant_not_trusted");
    assert!(Cloud::Public.tenants([]).is_err());
}

#[test]
fn an_external_tenants_issuer_has_the_tenant_for_its_host() {
    let world = World::fixed(NOW, "https://unused.example");
    let tid = world.tenant_id();
    let issuer = format!("https://{tid}.ciamlogin.com/{tid}/v2.0");
    let jwks = world.key_set().to_string().replace(&world.issuer(), &issuer);
    let keys = KeySet::from_jwks(jwks.as_bytes()).unwrap();
    let validator = Validator::new(Authority::external_id("contoso", tid).unwrap(), world.audience());
    assert!(validator.validate(&world.token().claim("iss", issuer).sign(), &keys, at(0)).is_ok());
}

#[test]
fn a_discovery_url_alone_needs_no_tid_but_holds_one_against_the_issuer() {
    let world = world();
    let authority = Authority::from_discovery_url("https://login.example/any").unwrap();
    let validator = Validator::new(authority, world.audience());
    let code = |keys: KeySet, token: String| verdict(&validator.validate(&token, &keys, at(0)));
    let named = || keys(&world).with_issuer(world.issuer());
    assert_eq!(code(named(), world.token().without("tid").sign()), "accepted");
    assert_eq!(code(named(), world.token().sign()), "accepted");
    let other = world.token().claim("tid", "bbbbbbbb-0000-4000-8000-000000000002").sign();
    assert_eq!(code(named(), other), "auth_token_tenant_not_trusted");
    assert_eq!(code(keys(&world), world.token().sign()), "auth_token_issuer_untrusted");
}

#[test]
fn delegated_only_and_app_only_are_told_apart_by_scp() {
    let world = world();
    let (user, app) = (world.token().sign(), world.app_token().sign());
    let user_with_role = world.token().roles(["Orders.Read.All"]).sign();
    let missing = "auth_token_permissions_missing";
    let delegated = validator(&world).delegated_only();
    assert_eq!((code(&delegated, &world, &user), code(&delegated, &world, &app)), ("accepted", missing));
    let app_only = validator(&world).app_only();
    assert_eq!((code(&app_only, &world, &user), code(&app_only, &world, &app)), (missing, "accepted"));
    assert_eq!(code(&app_only, &world, &user_with_role), missing);
    let bare = world.app_token().without("roles").sign();
    assert_eq!(code(&validator(&world).allow_without_permissions(), &world, &bare), "accepted");
    assert!(verified(&validator(&world), &world, &app).is_app_only());
    assert!(!verified(&validator(&world), &world, &user).is_app_only());
}

#[test]
fn extra_claims_can_be_asked_for_with_or_without_a_value() {
    let world = world();
    let present = validator(&world).require_claim("level");
    let member = validator(&world).require_claim_value("level", 0);
    let nested = validator(&world).require_claim_value("x", json!({"a": [1, 2.5, null, true, "t"]}));
    let with = |value: serde_json::Value| world.token().claim("level", value).sign();
    assert_eq!(code(&present, &world, &world.token().sign()), "auth_token_claim_missing");
    assert_eq!(code(&present, &world, &with(json!(null))), "accepted");
    assert_eq!(code(&member, &world, &with(json!(0))), "accepted");
    for value in [json!(1), json!("0"), json!(null), json!([0]), json!(0.5)] {
        assert_eq!(code(&member, &world, &with(value)), "auth_token_claims_invalid");
    }
    let x = |value: serde_json::Value| world.token().claim("x", value).sign();
    assert_eq!(code(&nested, &world, &x(json!({"a": [1, 2.5, null, true, "t"]}))), "accepted");
    assert_eq!(
        code(&nested, &world, &x(json!({"a": [1, 2.5, null, true, "t"], "b": 1}))),
        "auth_token_claims_invalid"
    );
    assert_eq!(code(&nested, &world, &x(json!({"a": [1, 2.5, null, true]}))), "auth_token_claims_invalid");
}

#[test]
fn guests_come_in_unless_they_are_barred() {
    let world = world();
    let carol = world.token().user("carol").sign();
    let barred = validator(&world).refuse_guests();
    assert_eq!(code(&validator(&world), &world, &carol), "accepted");
    assert!(verified(&validator(&world), &world, &carol).is_guest());
    let refused = barred.validate(&carol, &keys(&world), at(0)).unwrap_err();
    assert_eq!((refused.code(), refused.step()), (Code::SubjectNotTrusted, Step::Subject));
    assert_eq!(refused.to_string(), "the user is a guest, and guests are refused");
    assert_eq!(
        code(&barred, &world, &world.token().claim("acct", 1).sign()),
        "auth_token_subject_not_trusted"
    );
    assert_eq!(code(&barred, &world, &world.token().claim("acct", 0).sign()), "accepted");
    assert_eq!(code(&barred, &world, &world.token().claim("idp", world.issuer()).sign()), "accepted");
}

#[test]
fn too_many_groups_is_another_thing_than_none() {
    let world = world();
    let groups = |token: String| verified(&validator(&world), &world, &token).groups();
    assert!(matches!(groups(world.token().sign()), Groups::Listed(ids) if ids.len() == 2));
    assert_eq!(groups(world.token().user("bob").sign()), Groups::NotInToken);
    assert_eq!(groups(world.token().user("dave").sign()), Groups::Overage);
    assert_eq!(groups(world.token().user("bob").claim("hasgroups", true).sign()), Groups::Overage);
}

#[test]
fn an_authentication_context_is_asked_for_in_the_form_that_clients_understand() {
    let world = world();
    let token = |token: entra_mock_idp::TokenBuilder| verified(&validator(&world), &world, &token.sign());
    let proven = token(world.token().claim("acrs", json!(["c1", "c2"])));
    assert_eq!(proven.require_auth_context("c1"), Ok(()));
    let capable = token(world.token().claim("xms_cc", json!(["CP1"])));
    let refusal = capable.require_auth_context("c1").unwrap_err();
    assert_eq!((refusal.status(), refusal.code()), (401, Code::InsufficientClaims));
    let expected = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.example/{}/oauth2/v2.0/authorize\", \
         error=\"insufficient_claims\", \
         claims=\"eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19\"",
        world.tenant_id()
    );
    assert_eq!(refusal.challenge().unwrap(), expected);
    let incapable = token(world.token());
    assert!(matches!(incapable.require_auth_context("c1"), Err(AuthError::Forbidden(_))));
    assert!(proven.require_auth_context("").is_err());
}

#[test]
fn allow_lists_that_are_empty_let_no_one_in() {
    let world = world();
    let token = world.token().sign();
    let clients: [&str; 0] = [];
    assert_eq!(code(&validator(&world).allow_clients(clients), &world, &token), "auth_token_azp_not_trusted");
    assert_eq!(
        code(&validator(&world).allow_subjects(clients), &world, &token),
        "auth_token_subject_not_trusted"
    );
}

#[test]
fn flask_entra_auths_permissions_are_an_option() {
    let world = world();
    let token = world.token().without("scp").claim("scps", json!(["SCOPE_A"])).sign();
    assert_eq!(code(&validator(&world), &world, &token), "auth_token_permissions_missing");
    let moved = validator(&world).flask_entra_auth_permissions();
    let token = verified(&moved, &world, &token);
    assert!(token.require_permissions(["SCOPE_A"]).is_ok());
    assert!(token.require_scopes(["SCOPE_A"]).is_err());
    assert!(token.require_roles(["SCOPE_A"]).is_err());
}

#[test]
fn an_introspected_token_tells_the_registered_members() {
    let world = world();
    let token = verified(
        &validator(&world),
        &world,
        &world.token().roles(["R"]).claim("uti", "u").claim("exp", NOW + 9).sign(),
    );
    let json = serde_json::to_value(token.introspection()).unwrap();
    assert_eq!(json["active"], true);
    assert_eq!((&json["scope"], &json["roles"]), (&json!("Orders.Read Orders.Write"), &json!(["R"])));
    assert_eq!(json["client_id"], world.client_id());
    assert_eq!(json["username"], "alice@contoso.example");
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(
        (json["exp"].as_i64(), json["iat"].as_i64(), json["nbf"].as_i64()),
        (Some(NOW + 9), Some(NOW - 300), Some(NOW - 300))
    );
    assert_eq!((&json["aud"], &json["jti"]), (&json!(world.audience()), &json!("u")));
    assert_eq!((&json["iss"], &json["sub"]), (&json!(world.issuer()), &json!(token.claims().sub)));
}
