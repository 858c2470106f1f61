//! Policies and dates that fail closed, whatever type or order a claim has.

use entra_mock_idp::{MockIdp, TokenVersion};
use entra_validator::{AuthLayer, Authority, Leeway, Requirement, ResourceServer, Validator};
use http::{Request, Response};
use serde_json::json;
use std::convert::Infallible;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::{
    fixture::{code, keys, validator, verdict, verified, world},
    support::at,
};

#[test]
fn idtyp_is_believed_where_it_is_sent_and_only_app_is_app_only() {
    let world = world();
    let app_only = validator(&world).app_only();
    let with = |idtyp: &str| world.app_token().claim("idtyp", idtyp).sign();
    assert_eq!(code(&app_only, &world, &with("app")), "accepted");
    for idtyp in ["user", "device", "App"] {
        assert_eq!(code(&app_only, &world, &with(idtyp)), "auth_token_permissions_missing", "{idtyp}");
        assert!(!verified(&validator(&world), &world, &with(idtyp)).is_app_only(), "{idtyp}");
    }
    let delegated = validator(&world).delegated_only();
    let scoped = |idtyp: &str| world.token().claim("idtyp", idtyp).sign();
    assert_eq!(code(&delegated, &world, &scoped("user")), "accepted");
    assert_eq!(code(&delegated, &world, &with("user")), "auth_token_permissions_missing");
    assert_eq!(code(&delegated, &world, &scoped("device")), "auth_token_permissions_missing");
}

#[test]
fn acct_is_zero_or_one_and_anything_else_is_refused_not_read_as_no_guest() {
    let world = world();
    let foreign = "https://sts.windows.net/bbbbbbbb-0000-4000-8000-000000000002/";
    for acct in [json!("1"), json!(1.0), json!(null), json!(2), json!(true), json!([1])] {
        let token = world.token().claim("acct", acct.clone()).claim("idp", foreign).sign();
        assert_eq!(code(&validator(&world), &world, &token), "auth_token_claims_invalid", "{acct}");
    }
    for idp in [json!([foreign]), json!(1), json!(null), json!("")] {
        let token = world.token().claim("idp", idp.clone()).sign();
        assert_eq!(code(&validator(&world), &world, &token), "auth_token_claims_invalid", "{idp}");
    }
}

#[test]
fn a_member_whose_idp_is_the_own_tenant_in_another_form_is_no_guest() {
    let world = world();
    let members = validator(&world).refuse_guests();
    let from = |idp: &str| code(&members, &world, &world.token().claim("idp", idp).sign());
    let (own, other) = (world.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002");
    assert_eq!(from(&format!("https://sts.windows.net/{own}/")), "accepted");
    assert_eq!(from(&format!("https://sts.windows.net/{}/", own.to_uppercase())), "accepted");
    assert_eq!(from(&format!("https://sts.windows.net/{other}/")), "auth_token_subject_not_trusted");
    assert_eq!(
        from(&format!("{}/{own}", world.issuer().replace(own, other))),
        "auth_token_subject_not_trusted"
    );
    assert_eq!(from("live.com"), "auth_token_subject_not_trusted");
}

#[test]
fn a_token_that_has_expired_is_expired_even_if_its_nbf_is_later() {
    let world = world();
    let judged = |exp: i64, nbf: i64| {
        let token = world.token().claim("exp", exp).claim("nbf", nbf).sign();
        verdict(&validator(&world).leeway(Leeway::MAX).validate(&token, &keys(&world), at(0)))
    };
    let now = world.time();
    assert_eq!(judged(1, now - 300), "auth_token_expired", "flask-entra-auth's generate(exp=1)");
    // Good at no time: no leeway makes one.
    assert_eq!(judged(now - 20, now - 10), "auth_token_expired");
    assert_eq!(judged(now - 20, now + 10), "auth_token_expired");
    assert_eq!(judged(now + 20, now + 50), "auth_token_immature");
    assert_eq!(judged(now + 20, now + 20), "accepted", "one second is a time");
}

#[tokio::test]
async fn a_requirement_holds_on_an_optional_route_for_requests_without_a_token_too() {
    let idp = MockIdp::start().await;
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let server = ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"));
    let admin = || Requirement::scopes(["Admin"]);
    let layers: [AuthLayer<String>; 2] =
        [server.layer().require(admin()).optional(), server.layer().optional().require(admin())];
    for layer in layers {
        let inside =
            service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new("inside".to_owned())) });
        let response = layer.layer(inside).oneshot(Request::new(())).await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
}

#[test]
fn one_slash_at_the_end_of_a_v1_audience_makes_no_difference() {
    let world = world();
    let authority = || validator(&world).authority().clone();
    let token = |aud: &str| world.token().version(TokenVersion::V1).claim("aud", aud).sign();
    for configured in ["api://orders", "api://orders/"] {
        let v1 = Validator::v1(authority(), configured).unwrap();
        assert_eq!(code(&v1, &world, &token("api://orders")), "accepted");
        assert_eq!(code(&v1, &world, &token("api://orders/")), "accepted");
        assert_eq!(code(&v1, &world, &token("api://orders//")), "auth_token_audience_invalid");
        assert_eq!(code(&v1, &world, &token("api://orders/x")), "auth_token_audience_invalid");
    }
    let v2 = world.token().claim("aud", format!("{}/", world.audience())).sign();
    assert_eq!(code(&validator(&world), &world, &v2), "auth_token_audience_invalid");
}

#[test]
fn a_guid_in_a_setting_may_be_in_any_case() {
    let world = world();
    let upper = |text: &str| text.to_uppercase();
    let token = world.token().sign();
    let claims = verified(&validator(&world), &world, &token).claims().clone();
    let authority = validator(&world).authority().clone();
    let spelt = Validator::new(authority.clone(), upper(world.audience()))
        .allow_clients([upper(&claims.client)])
        .allow_subjects([upper(claims.oid.as_deref().unwrap())]);
    assert_eq!(code(&spelt, &world, &token), "accepted");
    let uri = format!("api://{}", upper(world.audience()));
    let v1 = world.token().version(TokenVersion::V1).claim("aud", uri.to_lowercase().replace("API", "api"));
    assert_eq!(code(&Validator::v1(authority, uri).unwrap(), &world, &v1.sign()), "accepted");
    let other = validator(&world).allow_clients(["ORDERS"]);
    let shouted = world.token().claim("azp", "orders").sign();
    assert_eq!(code(&other, &world, &shouted), "auth_token_azp_not_trusted", "only GUIDs have no case");
}
