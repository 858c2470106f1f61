//! Every kind of token that Entra and its relatives issue has a setting that accepts it, and only it.

use entra_mock_idp::{TokenBuilder, TokenVersion};
use entra_test_harness::World;
use entra_validator::{Authority, Cloud, KeySet, RemoteKeySet, Validator};
use serde_json::{Value, json};

use crate::{
    fixture::{code, keys, validator, verdict, verified, world},
    support::{Provider, at, json_answer},
};

const OTHER: &str = "bbbbbbbb-0000-4000-8000-000000000002";
const APP: &str = "dddddddd-0000-4000-8000-00000000a001";

/// The world's keys, as if their provider had named this issuer with each; `None` as B2C, which names none.
pub(crate) fn keys_naming(world: &World, issuer: Option<&str>) -> KeySet {
    let mut document = world.key_set();
    for key in document["keys"].as_array_mut().unwrap() {
        match issuer {
            Some(issuer) => key["issuer"] = json!(issuer),
            None => drop(key.as_object_mut().unwrap().remove("issuer")),
        }
    }
    KeySet::from_jwks(document.to_string().as_bytes()).unwrap()
}

pub(crate) fn judged(validator: &Validator, keys: &KeySet, token: &TokenBuilder) -> &'static str {
    verdict(&validator.validate(&token.clone().sign(), keys, at(0)))
}

#[test]
fn an_app_is_served_whichever_version_its_registration_asks_for() {
    let world = world();
    let app = Validator::for_app(validator(&world).authority().clone(), world.audience());
    let v1 = |aud: String| world.token().version(TokenVersion::V1).claim("aud", aud).sign();
    let v2 = |aud: String| world.token().claim("aud", aud).sign();
    let id = world.audience().to_owned();
    assert_eq!(code(&app, &world, &v2(id.clone())), "accepted");
    assert_eq!(code(&app, &world, &v1(format!("api://{id}"))), "accepted");
    assert_eq!(code(&app, &world, &v1(format!("api://{id}/"))), "accepted");
    assert_eq!(code(&app, &world, &v1(id.clone())), "accepted");
    assert_eq!(code(&app, &world, &v2(format!("api://{id}"))), "auth_token_audience_invalid");
    assert_eq!(code(&app, &world, &v1("api://orders".into())), "auth_token_audience_invalid");
    let named = app.v1_audience("api://orders").unwrap();
    assert_eq!(code(&named, &world, &v1("api://orders".into())), "accepted");
}

#[test]
fn an_id_token_of_either_version_is_no_access_token_of_an_app() {
    let world = world();
    let app = Validator::for_app(validator(&world).authority().clone(), world.audience());
    for version in [TokenVersion::V1, TokenVersion::V2] {
        let id_token = world.token().version(version).client("orders-api").id_token();
        let token = id_token.claim("roles", json!(["Orders.Read.All"])).sign();
        assert_eq!(code(&app, &world, &token), "auth_token_claim_missing");
    }
}

/// Daemons' tokens are reported to have the other issuer; whether the keys name one or the other is not documented.
#[test]
fn version_one_of_a_sovereign_cloud_is_accepted_for_one_tenant_and_for_several() {
    for (cloud, sts, base) in [
        (Cloud::UsGovernment, "sts.windows.net", "https://login.microsoftonline.us"),
        (Cloud::China, "sts.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"),
    ] {
        let world = World::fixed(crate::support::NOW, base);
        let tid = world.tenant_id();
        let keys = keys_naming(&world, Some(&format!("{base}/{{tenantid}}/v2.0")));
        let token = world.token().version(TokenVersion::V1);
        for authority in
            [cloud.tenant(tid).unwrap(), cloud.tenants([tid, OTHER]).unwrap(), cloud.any_organization()]
        {
            let validator = Validator::v1(authority, "api://orders").unwrap();
            let from = |host: &str| token.clone().claim("iss", format!("https://{host}/{tid}/"));
            assert_eq!(judged(&validator, &keys, &from(sts)), "accepted");
            assert_eq!(judged(&validator, &keys, &from("sts.example")), "auth_token_issuer_untrusted");
        }
    }
}

#[test]
fn tenants_can_be_listed_on_any_host() {
    let world = world();
    let template = world.issuer().replace(world.tenant_id(), "{tenantid}");
    let keys = keys_naming(&world, Some(&template));
    let any = || Authority::from_url("https://login.example/organizations").unwrap();
    let token = |tid: &str| world.token().claim("tid", tid).claim("iss", template.replace("{tenantid}", tid));
    let ours = Validator::new(any().tenants([world.tenant_id()]).unwrap(), world.audience());
    assert_eq!(judged(&ours, &keys, &token(world.tenant_id())), "accepted");
    assert_eq!(judged(&ours, &keys, &token(OTHER)), "auth_token_tenant_not_trusted");
    let nobodys = keys_naming(&world, None);
    assert_eq!(judged(&ours, &nobodys, &token(world.tenant_id())), "auth_token_issuer_untrusted");
    let of_one = Authority::from_url(&format!("https://login.example/{}", world.tenant_id())).unwrap();
    assert_eq!(of_one.tenants([OTHER]), any().tenants([OTHER]));
    assert!(any().tenants([]).is_err() && any().tenants(["contoso.com"]).is_err());
    assert!(Authority::b2c("contoso", OTHER, "p").unwrap().tenants([OTHER]).is_err());
    assert!(Authority::from_discovery_url("https://x/y").unwrap().tenants([OTHER]).is_err());
}

#[test]
fn a_check_of_tenants_narrows_and_never_widens_and_sees_tenants_come_and_go() {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    let world = world();
    let template = world.issuer().replace(world.tenant_id(), "{tenantid}");
    let keys = keys_naming(&world, Some(&template));
    let open = Arc::new(AtomicBool::new(true));
    let is_open = Arc::clone(&open);
    let any = Authority::from_url("https://login.example/organizations").unwrap();
    let validator = Validator::new(
        any.tenants_where(move |tid| tid == OTHER && is_open.load(Ordering::Relaxed)),
        world.audience(),
    );
    let token = |tid: &str| world.token().claim("tid", tid).claim("iss", template.replace("{tenantid}", tid));
    assert_eq!(judged(&validator, &keys, &token(OTHER)), "accepted");
    assert_eq!(judged(&validator, &keys, &token(world.tenant_id())), "auth_token_tenant_not_trusted");
    open.store(false, Ordering::Relaxed);
    assert_eq!(judged(&validator, &keys, &token(OTHER)), "auth_token_tenant_not_trusted");
    let one = Authority::from_url(&world.authority()).unwrap().tenants_where(|_| true);
    assert_eq!(
        judged(&Validator::new(one, world.audience()), &keys, &token(OTHER)),
        "auth_token_tenant_not_trusted"
    );
    let unnamed = Authority::from_discovery_url("https://login.example/x").unwrap().tenants_where(|_| true);
    let keys = keys.with_issuer(world.issuer());
    let listed = Authority::from_url("https://login.example/organizations").unwrap().tenants_where(|_| false);
    let listed = Validator::new(listed.tenants([OTHER]).unwrap(), world.audience());
    assert_eq!(judged(&listed, &keys, &token(OTHER)), "auth_token_tenant_not_trusted", "a check is kept");
    let without = world.token().without("tid");
    assert_eq!(
        judged(&Validator::new(unnamed, world.audience()), &keys, &without),
        "auth_token_tenant_not_trusted"
    );
}

#[tokio::test]
async fn an_app_with_a_key_of_its_own_asks_for_its_own_key_set() {
    let provider = Provider::silent().await;
    let mut discovery = provider.discovery();
    discovery["jwks_uri"] = json!(format!("{}?appid={APP}", discovery["jwks_uri"].as_str().unwrap()));
    provider.serve_discovery(json_answer(&discovery)).await;
    provider.serve_keys(json_answer(&provider.world.key_set())).await;
    let authority = provider.authority().app_id(&APP.to_uppercase()).unwrap();
    assert_eq!(authority.authorization_url(), provider.authority().authorization_url());
    let several = authority.clone().tenants([OTHER]).unwrap();
    assert!(several.discovery_url().ends_with(&format!("?appid={APP}")), "{}", several.discovery_url());
    RemoteKeySet::new(authority).get().await.unwrap();
    let requests = provider.server.received_requests().await.unwrap();
    let queries: Vec<_> =
        requests.iter().map(|request| request.url.query().unwrap_or_default().to_owned()).collect();
    assert_eq!(queries, [format!("appid={APP}"), format!("appid={APP}")]);
    assert!(provider.authority().app_id("orders").is_err());
    let elsewhere =
        Authority::from_discovery_url("https://login.example/x?p=y").unwrap().app_id(APP).unwrap();
    assert_eq!(elsewhere.discovery_url(), format!("https://login.example/x?p=y&appid={APP}"));
}

/// Keycloak's form: no `ver`, `nbf`, `tid`; `azp`, `scope`.
#[test]
fn a_discovery_url_accepts_a_plain_providers_token_without_ver_nbf_or_azp() {
    let world = world();
    let keys = keys_naming(&world, None).with_issuer("https://sso.example/realms/x");
    let authority =
        Authority::from_discovery_url("https://sso.example/realms/x/.well-known/openid-configuration");
    let validator = Validator::for_app(authority.unwrap(), "orders");
    let plain = || {
        let token = world.token().claim("iss", "https://sso.example/realms/x").claim("aud", "orders");
        ["ver", "nbf", "tid", "azp", "scp"].iter().fold(token, |token, name| token.without(*name))
    };
    let scoped = plain().claim("scope", "orders:read profile");
    let token = validator.validate(&scoped.clone().sign(), &keys, at(0)).unwrap();
    assert_eq!((token.version(), token.claims().nbf, token.claims().client.as_str()), (None, None, ""));
    assert!(token.require_scopes(["orders:read"]).is_ok());
    for name in ["azp", "client_id", "appid"] {
        let named = scoped.clone().claim(name, "cli");
        assert_eq!(judged(&validator.clone().allow_clients(["cli"]), &keys, &named), "accepted", "{name}");
    }
    let of_v1 = Validator::v1(validator.authority().clone(), "orders").unwrap();
    assert_eq!(judged(&of_v1, &keys, &scoped), "auth_token_ver_not_supported");
    let unnamed = validator.clone().allow_clients([""]);
    assert_eq!(judged(&unnamed, &keys, &scoped), "auth_token_azp_not_trusted");
    assert_eq!(judged(&validator, &keys, &plain()), "auth_token_permissions_missing");
    let early = scoped.clone().claim("nbf", world.time() + 3600);
    assert_eq!(judged(&validator, &keys, &early), "auth_token_immature");
    for name in ["at_hash", "c_hash"] {
        let id_token = scoped.clone().claim(name, "x");
        assert_eq!(
            judged(&validator, &keys, &id_token),
            "auth_token_claims_invalid",
            "{name} is an ID token's"
        );
    }
    for name in ["iss", "sub", "aud", "exp"] {
        assert_eq!(
            judged(&validator, &keys, &scoped.clone().without(name)),
            "auth_token_claim_missing",
            "{name}"
        );
    }
}

#[test]
fn behind_a_discovery_url_entras_tokens_are_asked_for_all_that_entra_sends() {
    let world = world();
    let keys = keys(&world).with_issuer(world.issuer());
    let authority = Authority::from_discovery_url("https://login.example/any").unwrap();
    let validator = Validator::for_app(authority, world.audience());
    for name in ["nbf", "azp"] {
        assert_eq!(
            judged(&validator, &keys, &world.token().without(name)),
            "auth_token_claim_missing",
            "{name}"
        );
    }
    let id_token = world.token().client("orders-api").id_token().claim("roles", json!(["Orders.Read.All"]));
    assert_eq!(judged(&validator, &keys, &id_token), "auth_token_claim_missing");
    let at_home = world.token().without("tid").claim("idp", world.issuer());
    assert_eq!(judged(&validator.clone().refuse_guests(), &keys, &at_home), "accepted");
    let renamed = world.token().without("scp").claim("scope", "Orders.Read");
    assert_eq!(judged(&validator, &keys, &renamed), "auth_token_permissions_missing");
}

#[test]
fn a_token_of_two_hundred_long_group_names_is_accepted_where_the_api_allows_its_size() {
    let world = world();
    let groups: Vec<Value> = (0..200).map(|n| json!(format!("{n:064}"))).collect();
    let token = world.token().claim("groups", groups).sign();
    assert!(token.len() > 16 * 1024, "{}", token.len());
    assert_eq!(code(&validator(&world), &world, &token), "auth_token_invalid");
    let roomy = validator(&world).max_token_bytes(32 * 1024);
    assert_eq!(verified(&roomy, &world, &token).claim::<Vec<String>>("groups").unwrap().len(), 200);
    assert_eq!(code(&validator(&world).max_token_bytes(token.len()), &world, &token), "accepted");
    assert_eq!(
        code(&validator(&world).max_token_bytes(token.len() - 1), &world, &token),
        "auth_token_invalid"
    );
    let huge = world.token().claim("x", "x".repeat(64 * 1024)).sign();
    assert_eq!(code(&validator(&world).max_token_bytes(usize::MAX), &world, &huge), "auth_token_invalid");
}

#[test]
fn two_authorities_are_equal_if_they_accept_the_same_by_the_same_check() {
    let any = |check: fn(&str) -> bool| Cloud::Public.any_organization().tenants_where(check);
    let one = any(|_| true);
    assert_eq!(one, one.clone());
    assert_ne!(one, any(|_| true), "two functions cannot be compared");
    assert_ne!(one, Cloud::Public.any_organization());
    assert!(format!("{one:?}").contains("TenantCheck"));
}

#[test]
fn an_authority_that_knows_its_issuer_accepts_no_other_from_the_metadata() {
    let world = world();
    let keys = keys_naming(&world, None).with_issuer("https://evil.example");
    let token = world.token().claim("iss", "https://evil.example");
    assert_eq!(judged(&validator(&world), &keys, &token), "auth_token_issuer_untrusted");
}
