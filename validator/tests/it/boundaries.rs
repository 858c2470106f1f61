//! The exact second at which a token begins and ends, and each policy's own edge.

use crate::support::{NOW, at};
use entra_mock_idp::TokenVersion;
use entra_test_harness::Scene;
use entra_validator::{Authority, Cloud, Groups, KeySet, Leeway, Refusal, Validator, VerifiedToken};
use serde_json::json;

fn scene() -> Scene {
    Scene::fixed(NOW, "https://login.example")
}

fn keys(scene: &Scene) -> KeySet {
    KeySet::from_jwks(scene.key_set().to_string().as_bytes()).unwrap()
}

fn validator(scene: &Scene) -> Validator {
    let authority = Authority::from_url(scene.issuer().strip_suffix("/v2.0").unwrap()).unwrap();
    Validator::new(authority, scene.audience())
}

fn verified(validator: &Validator, scene: &Scene, token: &str) -> VerifiedToken {
    validator.validate(token, &keys(scene), at(0)).unwrap()
}

fn code(validator: &Validator, scene: &Scene, token: &str) -> &'static str {
    validator.validate(token, &keys(scene), at(0)).map_or_else(|rejection| rejection.code(), |_| "accepted")
}

#[test]
fn exp_is_the_first_second_that_is_too_late_and_the_leeway_moves_it() {
    let scene = scene();
    let token = scene.token().claim("exp", NOW + 100).sign();
    for (leeway, last) in [(Leeway::ZERO, 99), (Leeway::default(), 159), (Leeway::MAX, 399)] {
        let validator = validator(&scene).leeway(leeway);
        assert!(validator.validate(&token, &keys(&scene), at(last)).is_ok(), "{leeway:?}");
        let rejection = validator.validate(&token, &keys(&scene), at(last + 1)).unwrap_err();
        assert_eq!(rejection.code(), "auth_token_expired", "{leeway:?}");
    }
}

#[test]
fn nbf_and_iat_are_the_first_seconds_that_are_not_too_early_and_the_leeway_moves_them() {
    let scene = scene();
    for (claim, refused) in [("nbf", "auth_token_immature"), ("iat", "auth_token_issued_in_future")] {
        let token = scene.token().claim(claim, NOW).sign();
        for (leeway, first) in [(Leeway::ZERO, 0), (Leeway::default(), -60), (Leeway::MAX, -300)] {
            let validator = validator(&scene).leeway(leeway);
            assert!(validator.validate(&token, &keys(&scene), at(first)).is_ok(), "{claim} {leeway:?}");
            let rejection = validator.validate(&token, &keys(&scene), at(first - 1)).unwrap_err();
            assert_eq!(rejection.code(), refused, "{leeway:?}");
        }
    }
}

#[test]
fn a_fraction_of_a_second_is_counted_against_the_token() {
    let scene = scene();
    let strict = validator(&scene).leeway(Leeway::ZERO);
    assert_eq!(
        code(&strict, &scene, &scene.token().claim("exp", scene.at(0.9)).sign()),
        "auth_token_expired"
    );
    assert_eq!(
        code(&strict, &scene, &scene.token().claim("nbf", scene.at(0.1)).sign()),
        "auth_token_immature"
    );
    assert_eq!(code(&strict, &scene, &scene.token().claim("nbf", scene.at(0.0)).sign()), "accepted");
}

#[test]
fn a_date_in_the_year_10000_is_a_mistake() {
    let scene = scene();
    let with = |exp: i64| code(&validator(&scene), &scene, &scene.token().claim("exp", exp).sign());
    assert_eq!(with(253_402_300_799), "accepted");
    assert_eq!(with(253_402_300_800), "auth_token_claims_invalid");
    assert_eq!(with(i64::MAX), "auth_token_claims_invalid");
}

#[test]
fn a_time_before_1970_judges_without_panic() {
    let scene = scene();
    let long_ago = std::time::UNIX_EPOCH - std::time::Duration::from_secs(10);
    let rejection = validator(&scene).validate(&scene.token().sign(), &keys(&scene), long_ago).unwrap_err();
    assert_eq!(rejection.code(), "auth_token_immature");
    let token = scene.token().claim("nbf", -500).claim("iat", -500).claim("exp", 5000).sign();
    let judged = |seconds: u64| {
        let then = std::time::UNIX_EPOCH - std::time::Duration::from_secs(seconds);
        validator(&scene)
            .validate(&token, &keys(&scene), then)
            .map_or_else(|refused| refused.code(), |_| "accepted")
    };
    assert_eq!((judged(1000), judged(400)), ("auth_token_immature", "accepted"));
}

#[test]
fn version_one_is_taken_by_opt_in_with_its_own_issuer_audience_and_client_claim() {
    let scene = scene();
    let v1 = scene.token().version(TokenVersion::V1).sign();
    let v2 = scene.token().sign();
    let both = validator(&scene).v1_audience("api://orders");
    assert_eq!(verified(&both, &scene, &v1).claims().client, scene.client_id());
    assert_eq!(code(&both, &scene, &v2), "accepted");
    let only_v1 = Validator::v1(both.authority().clone(), "api://orders");
    assert_eq!(code(&only_v1, &scene, &v1), "accepted");
    assert_eq!(code(&only_v1, &scene, &v2), "auth_token_ver_not_supported");
    assert_eq!(code(&validator(&scene), &scene, &v1), "auth_token_ver_not_supported");
    let v1 = || scene.token().version(TokenVersion::V1);
    assert_eq!(
        code(&both, &scene, &v1().claim("aud", scene.audience()).sign()),
        "auth_token_audience_invalid"
    );
    assert_eq!(code(&both, &scene, &v1().claim("iss", scene.issuer()).sign()), "auth_token_issuer_untrusted");
    assert_eq!(
        code(&both, &scene, &v1().without("appid").claim("azp", "x").sign()),
        "auth_token_claim_missing"
    );
}

#[test]
fn the_public_cloud_has_its_own_host_for_issuers_of_version_one() {
    let scene = Scene::fixed(NOW, "https://login.microsoftonline.com");
    let validator = Validator::v1(Authority::tenant(scene.tenant_id()).unwrap(), "api://orders");
    let token = scene.token().version(TokenVersion::V1);
    assert_eq!(code(&validator, &scene, &token.clone().sign()), "auth_token_issuer_untrusted");
    let issuer = format!("https://sts.windows.net/{}/", scene.tenant_id());
    assert_eq!(code(&validator, &scene, &token.claim("iss", issuer).sign()), "accepted");
}

#[test]
fn several_tenants_any_organization_and_any_account_are_three_choices() {
    const OTHER: &str = "bbbbbbbb-0000-4000-8000-000000000002";
    const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let scene = Scene::fixed(NOW, "https://login.microsoftonline.com");
    let template = scene.issuer().replace(scene.tenant_id(), "{tenantid}");
    let jwks = scene.key_set().to_string().replace(&scene.issuer(), &template);
    let keys = KeySet::from_jwks(jwks.as_bytes()).unwrap();
    let code = |authority: Authority, tid: &str| {
        let token = scene.token().claim("tid", tid).claim("iss", template.replace("{tenantid}", tid)).sign();
        let judged = Validator::new(authority, scene.audience()).validate(&token, &keys, at(0));
        judged.map_or_else(|rejection| rejection.code(), |_| "accepted")
    };
    let one = || Authority::tenant(scene.tenant_id()).unwrap();
    let two = || Cloud::Public.tenants([scene.tenant_id(), OTHER]).unwrap();
    assert_eq!(code(one(), scene.tenant_id()), "accepted");
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
    let scene = Scene::fixed(NOW, "https://unused.example");
    let tid = scene.tenant_id();
    let issuer = format!("https://{tid}.ciamlogin.com/{tid}/v2.0");
    let jwks = scene.key_set().to_string().replace(&scene.issuer(), &issuer);
    let keys = KeySet::from_jwks(jwks.as_bytes()).unwrap();
    let validator = Validator::new(Authority::external_id("contoso", tid).unwrap(), scene.audience());
    assert!(validator.validate(&scene.token().claim("iss", issuer).sign(), &keys, at(0)).is_ok());
}

#[test]
fn a_discovery_url_alone_needs_no_tid_but_holds_one_against_the_issuer() {
    let scene = scene();
    let authority = Authority::from_discovery_url("https://login.example/any").unwrap();
    let validator = Validator::new(authority, scene.audience());
    let code = |keys: KeySet, token: String| {
        validator.validate(&token, &keys, at(0)).map_or_else(|rejection| rejection.code(), |_| "accepted")
    };
    let named = || keys(&scene).with_issuer(scene.issuer());
    assert_eq!(code(named(), scene.token().without("tid").sign()), "accepted");
    assert_eq!(code(named(), scene.token().sign()), "accepted");
    let other = scene.token().claim("tid", "bbbbbbbb-0000-4000-8000-000000000002").sign();
    assert_eq!(code(named(), other), "auth_token_tenant_not_trusted");
    assert_eq!(code(keys(&scene), scene.token().sign()), "auth_token_issuer_untrusted");
}

#[test]
fn delegated_only_and_app_only_are_told_apart_by_scp() {
    let scene = scene();
    let (user, app) = (scene.token().sign(), scene.app_token().sign());
    let user_with_role = scene.token().roles(["Orders.Read.All"]).sign();
    let missing = "auth_token_permissions_missing";
    let delegated = validator(&scene).delegated_only();
    assert_eq!((code(&delegated, &scene, &user), code(&delegated, &scene, &app)), ("accepted", missing));
    let app_only = validator(&scene).app_only();
    assert_eq!((code(&app_only, &scene, &user), code(&app_only, &scene, &app)), (missing, "accepted"));
    assert_eq!(code(&app_only, &scene, &user_with_role), missing);
    let bare = scene.app_token().without("roles").sign();
    assert_eq!(code(&validator(&scene).allow_without_permissions(), &scene, &bare), "accepted");
    assert!(verified(&validator(&scene), &scene, &app).is_app_only());
    assert!(!verified(&validator(&scene), &scene, &user).is_app_only());
}

#[test]
fn extra_claims_can_be_asked_for_with_or_without_a_value() {
    let scene = scene();
    let present = validator(&scene).require_claim("acct");
    let member = validator(&scene).require_claim_value("acct", 0);
    let nested = validator(&scene).require_claim_value("x", json!({"a": [1, 2.5, null, true, "t"]}));
    let with = |value: serde_json::Value| scene.token().claim("acct", value).sign();
    assert_eq!(code(&present, &scene, &scene.token().sign()), "auth_token_claim_missing");
    assert_eq!(code(&present, &scene, &with(json!(null))), "accepted");
    assert_eq!(code(&member, &scene, &with(json!(0))), "accepted");
    for value in [json!(1), json!("0"), json!(null), json!([0]), json!(0.5)] {
        assert_eq!(code(&member, &scene, &with(value)), "auth_token_claims_invalid");
    }
    let x = |value: serde_json::Value| scene.token().claim("x", value).sign();
    assert_eq!(code(&nested, &scene, &x(json!({"a": [1, 2.5, null, true, "t"]}))), "accepted");
    assert_eq!(
        code(&nested, &scene, &x(json!({"a": [1, 2.5, null, true, "t"], "b": 1}))),
        "auth_token_claims_invalid"
    );
    assert_eq!(code(&nested, &scene, &x(json!({"a": [1, 2.5, null, true]}))), "auth_token_claims_invalid");
}

#[test]
fn guests_come_in_unless_they_are_barred() {
    let scene = scene();
    let carol = scene.token().user("carol").sign();
    let barred = validator(&scene).refuse_guests();
    assert_eq!(code(&validator(&scene), &scene, &carol), "accepted");
    assert!(verified(&validator(&scene), &scene, &carol).is_guest());
    assert_eq!(code(&barred, &scene, &carol), "auth_token_subject_not_trusted");
    assert_eq!(
        code(&barred, &scene, &scene.token().claim("acct", 1).sign()),
        "auth_token_subject_not_trusted"
    );
    assert_eq!(code(&barred, &scene, &scene.token().claim("acct", 0).sign()), "accepted");
    assert_eq!(code(&barred, &scene, &scene.token().claim("idp", scene.issuer()).sign()), "accepted");
}

#[test]
fn too_many_groups_is_another_thing_than_none() {
    let scene = scene();
    let groups = |token: String| verified(&validator(&scene), &scene, &token).groups();
    assert!(matches!(groups(scene.token().sign()), Groups::Listed(ids) if ids.len() == 2));
    assert_eq!(groups(scene.token().user("bob").sign()), Groups::NotInToken);
    assert_eq!(groups(scene.token().user("dave").sign()), Groups::Overage);
    assert_eq!(groups(scene.token().user("bob").claim("hasgroups", true).sign()), Groups::Overage);
}

#[test]
fn an_authentication_context_is_asked_for_in_the_form_that_clients_understand() {
    let scene = scene();
    let token = |token: entra_mock_idp::TokenBuilder| verified(&validator(&scene), &scene, &token.sign());
    let proven = token(scene.token().claim("acrs", json!(["c1", "c2"])));
    assert_eq!(proven.require_auth_context("c1"), Ok(()));
    let capable = token(scene.token().claim("xms_cc", json!(["CP1"])));
    let refusal = capable.require_auth_context("c1").unwrap_err();
    assert_eq!((refusal.status(), refusal.code()), (401, "auth_token_insufficient_claims"));
    let expected = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.example/{}/oauth2/v2.0/authorize\", \
         error=\"insufficient_claims\", \
         claims=\"eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19\"",
        scene.tenant_id()
    );
    assert_eq!(refusal.challenge().unwrap(), expected);
    let incapable = token(scene.token());
    assert!(matches!(incapable.require_auth_context("c1"), Err(Refusal::Forbidden(_))));
    assert!(proven.require_auth_context("").is_err());
}

#[test]
fn allow_lists_that_are_empty_let_no_one_in() {
    let scene = scene();
    let token = scene.token().sign();
    let clients: [&str; 0] = [];
    assert_eq!(code(&validator(&scene).allow_clients(clients), &scene, &token), "auth_token_azp_not_trusted");
    assert_eq!(
        code(&validator(&scene).allow_subjects(clients), &scene, &token),
        "auth_token_subject_not_trusted"
    );
}

#[test]
fn flask_entra_auths_permissions_are_an_option() {
    let scene = scene();
    let token = scene.token().without("scp").claim("scps", json!(["SCOPE_A"])).sign();
    assert_eq!(code(&validator(&scene), &scene, &token), "auth_token_permissions_missing");
    let moved = validator(&scene).flask_entra_auth_permissions();
    let token = verified(&moved, &scene, &token);
    assert!(token.require_permissions(["SCOPE_A"]).is_ok());
    assert!(token.require_scopes(["SCOPE_A"]).is_err());
    assert!(token.require_roles(["SCOPE_A"]).is_err());
}

#[test]
fn an_introspected_token_tells_the_registered_members() {
    let scene = scene();
    let token = verified(
        &validator(&scene),
        &scene,
        &scene.token().roles(["R"]).claim("uti", "u").claim("exp", NOW + 9).sign(),
    );
    let json = serde_json::to_value(token.introspection()).unwrap();
    assert_eq!(json["active"], true);
    assert_eq!(json["scope"], "Orders.Read Orders.Write R");
    assert_eq!(json["client_id"], scene.client_id());
    assert_eq!(json["username"], "alice@contoso.example");
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(
        (json["exp"].as_i64(), json["iat"].as_i64(), json["nbf"].as_i64()),
        (Some(NOW + 9), Some(NOW - 300), Some(NOW - 300))
    );
    assert_eq!((&json["aud"], &json["jti"]), (&json!(scene.audience()), &json!("u")));
    assert_eq!((&json["iss"], &json["sub"]), (&json!(scene.issuer()), &json!(token.claims().sub)));
}
