//! The directories of customers: External ID and Azure AD B2C.

use entra_mock_idp::TokenBuilder;
use entra_test_harness::World;
use entra_validator::{Authority, Cloud, ProviderMetadata, Validator};
use serde_json::json;

use crate::{
    authorities::{judged, keys_naming},
    fixture::world,
    support::at,
};

const OTHER: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// The form of Microsoft's sample (`active-directory-b2c/tokens-overview.md`): `ver` 1.0, `azp`, `tfp`, no `tid`, no `appid`.
fn b2c_token(world: &World) -> TokenBuilder {
    let iss = format!("https://contoso.b2clogin.com/{}/v2.0/", world.tenant_id());
    world.token().claim("ver", "1.0").claim("iss", iss).claim("tfp", "B2C_1_sign_in").without("tid")
}

#[test]
fn a_token_of_a_b2c_user_flow_is_accepted_and_says_no_version() {
    let world = world();
    let (tid, keys) = (world.tenant_id(), keys_naming(&world, None));
    let flow = Authority::b2c("Contoso", tid, "B2C_1_sign_in").unwrap();
    let validator = Validator::for_app(flow, world.audience());
    let token = b2c_token(&world);
    let accepted = validator.validate(&token.clone().sign(), &keys, at(0)).unwrap();
    assert_eq!((accepted.version(), accepted.claims().client.as_str()), (None, world.client_id()));
    assert_eq!(judged(&validator, &keys, &token.clone().claim("tid", tid)), "accepted");
    let by_policy = format!("https://contoso.b2clogin.com/tfp/{tid}/b2c_1_sign_in/v2.0/");
    assert_eq!(judged(&validator, &keys, &token.clone().claim("iss", by_policy)), "accepted");
    let of_old = token.clone().without("tfp").claim("acr", "b2c_1_sign_in");
    assert_eq!(judged(&validator, &keys, &of_old), "accepted");
}

#[test]
fn a_b2c_token_of_another_policy_tenant_or_host_is_refused() {
    let world = world();
    let (tid, keys) = (world.tenant_id(), keys_naming(&world, None));
    let flow = Authority::b2c("contoso", tid, "B2C_1_sign_in").unwrap();
    let validator = Validator::new(flow, world.audience());
    let token = b2c_token(&world);
    for (token, expected) in [
        (token.clone().claim("tfp", "B2C_1_edit_profile"), "auth_token_issuer_untrusted"),
        (token.clone().without("tfp"), "auth_token_claim_missing"),
        (token.clone().claim("tfp", json!(["B2C_1_sign_in"])), "auth_token_claims_invalid"),
        (token.clone().claim("tid", OTHER), "auth_token_tenant_not_trusted"),
        (token.clone().claim("iss", world.issuer()), "auth_token_issuer_untrusted"),
        (
            token.clone().claim("iss", format!("https://fabrikam.b2clogin.com/{tid}/v2.0/")),
            "auth_token_issuer_untrusted",
        ),
        (token.clone().claim("ver", "2.0"), "auth_token_ver_not_supported"),
        (token.clone().without("azp"), "auth_token_claim_missing"),
    ] {
        assert_eq!(judged(&validator, &keys, &token), expected);
    }
    let elsewhere = keys_naming(&world, Some("https://login.microsoftonline.com/{tenantid}/v2.0"));
    assert_eq!(judged(&validator, &elsewhere, &token), "auth_token_issuer_untrusted");
    for (name, tenant, policy) in
        [("con.toso", tid, "p"), ("contoso", "contoso.com", "p"), ("contoso", tid, "a/b")]
    {
        assert!(Authority::b2c(name, tenant, policy).is_err(), "{name} {tenant} {policy}");
    }
}

#[test]
fn metadata_of_customers_directories_is_recognised_at_custom_domains_too() {
    let world = world();
    let tid = world.tenant_id();
    let document = |host: &str, issuer: &str| {
        json!({"issuer": issuer, "jwks_uri": format!("https://{host}/keys")}).to_string().into_bytes()
    };
    let external = || Authority::external_id("contoso", tid).unwrap();
    let b2c = || Authority::b2c("contoso", tid, "B2C_1_x").unwrap();
    let moved = |authority: Authority| authority.custom_domain("Login.Contoso.com").unwrap();
    let ciam = format!("https://{tid}.ciamlogin.com/{tid}/v2.0");
    for (authority, host, issuer) in [
        (external(), "contoso.ciamlogin.com", ciam.clone()),
        (moved(external()), "login.contoso.com", ciam.clone()),
        (moved(external()), "login.contoso.com", format!("https://login.contoso.com/{tid}/v2.0")),
        (b2c(), "contoso.b2clogin.com", format!("https://contoso.b2clogin.com/{tid}/v2.0/")),
        (moved(b2c()), "login.contoso.com", format!("https://login.contoso.com/{tid}/v2.0/")),
        (moved(b2c()), "login.contoso.com", format!("https://login.contoso.com/tfp/{tid}/b2c_1_x/v2.0/")),
    ] {
        let read = ProviderMetadata::parse(&document(host, &issuer), &authority);
        assert_eq!(read.unwrap().issuer(), issuer);
        let foreign = ProviderMetadata::parse(&document("keys.example", &issuer), &authority);
        assert!(foreign.unwrap_err().to_string().contains("keys are not fetched from"));
    }
    let unaware = Authority::from_url(&format!("https://login.contoso.com/{tid}")).unwrap();
    for (issuer, named) in [
        (ciam, "use Authority::external_id and its custom_domain"),
        (format!("https://contoso.b2clogin.com/{tid}/v2.0/"), "use Authority::b2c"),
        (format!("https://login.contoso.com/tfp/{tid}/b2c_1_x/v2.0/"), "use Authority::b2c"),
    ] {
        let error = ProviderMetadata::parse(&document("login.contoso.com", &issuer), &unaware).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
    assert!(
        unaware.custom_domain("login.contoso.com").unwrap_err().to_string().contains("External ID and B2C")
    );
    assert!(external().custom_domain("login.contoso.com/x").is_err());
}

#[test]
fn an_external_tenants_tokens_may_name_either_issuer_whichever_its_keys_name() {
    let world = world();
    let tid = world.tenant_id();
    let validator = Validator::for_app(Authority::external_id("contoso", tid).unwrap(), world.audience());
    let ciam = format!("https://{tid}.ciamlogin.com/{tid}/v2.0");
    let entra = format!("https://login.microsoftonline.com/{tid}/v2.0");
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    for key_issuer in [None, Some(ciam.as_str()), Some(entra.as_str()), Some(template)] {
        let keys = keys_naming(&world, key_issuer);
        for issuer in [&ciam, &entra] {
            assert_eq!(judged(&validator, &keys, &world.token().claim("iss", issuer.as_str())), "accepted");
        }
        let other = entra.replace(tid, OTHER);
        assert_eq!(
            judged(&validator, &keys, &world.token().claim("iss", other.as_str())),
            "auth_token_issuer_untrusted"
        );
        let theirs = world.token().claim("iss", other).claim("tid", OTHER);
        assert_eq!(judged(&validator, &keys, &theirs), "auth_token_tenant_not_trusted");
    }
    let keys = keys_naming(&world, Some(&entra.replace(tid, OTHER)));
    assert_eq!(judged(&validator, &keys, &world.token().claim("iss", entra)), "auth_token_issuer_untrusted");
}

#[test]
fn version_one_where_there_is_none_is_an_error_at_construction() {
    let tid = OTHER;
    for authority in
        [Authority::external_id("contoso", tid).unwrap(), Authority::b2c("contoso", tid, "p").unwrap()]
    {
        let error = Validator::v1(authority.clone(), "api://x").unwrap_err();
        assert!(error.to_string().contains("use Validator::for_app"), "{error}");
        assert!(Validator::new(authority, "x").v1_audience("api://x").is_err());
    }
    let unknown = Authority::from_discovery_url("https://login.example/x").unwrap();
    assert!(Validator::v1(unknown, "api://x").is_ok());
    for cloud in [Cloud::Public, Cloud::UsGovernment, Cloud::China] {
        assert!(Validator::v1(cloud.any_account(), "api://x").is_ok());
    }
}
