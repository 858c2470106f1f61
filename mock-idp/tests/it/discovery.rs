//! What clients read before they sign in.

use crate::support::{Fixture, error, error_of, names};
use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::Rotation;
use serde_json::{Value, json};

const MEMBERS: [&str; 25] = [
    "authorization_endpoint",
    "claims_supported",
    "cloud_graph_host_name",
    "cloud_instance_name",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "frontchannel_logout_supported",
    "http_logout_supported",
    "id_token_signing_alg_values_supported",
    "issuer",
    "jwks_uri",
    "kerberos_endpoint",
    "msgraph_host",
    "mtls_endpoint_aliases",
    "rbac_url",
    "request_uri_parameter_supported",
    "response_modes_supported",
    "response_types_supported",
    "scopes_supported",
    "subject_types_supported",
    "tenant_region_scope",
    "tls_client_certificate_bound_access_tokens",
    "token_endpoint",
    "token_endpoint_auth_methods_supported",
    "userinfo_endpoint",
];

fn discovery_path(segment: &str) -> String {
    format!("/{segment}/v2.0/.well-known/openid-configuration")
}

#[tokio::test]
async fn a_tenants_document_has_exactly_entras_members_and_names_the_tenant() {
    let fixture = Fixture::start();
    let response = fixture.get(&discovery_path(&fixture.idp.tenant_id())).await;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["cache-control"], "max-age=86400, private");
    let document: Value = response.json().await.unwrap();
    assert_eq!(names(&document), MEMBERS);
    assert_eq!(document["issuer"], fixture.idp.issuer());
    assert_eq!(document["jwks_uri"], fixture.idp.jwks_uri());
    assert_eq!(document["token_endpoint"], fixture.token_url());
}

#[tokio::test]
async fn a_domain_is_answered_with_the_tenants_guid() {
    let fixture = Fixture::start();
    let by_domain = fixture.get_json(&discovery_path("contoso.example")).await;
    assert_eq!(by_domain, fixture.get_json(&discovery_path(&fixture.idp.tenant_id())).await);
}

#[tokio::test]
async fn many_tenants_share_a_document_whose_issuer_is_a_template() {
    let fixture = Fixture::start();
    for segment in ["common", "organizations"] {
        let document = fixture.get_json(&discovery_path(segment)).await;
        let base = fixture.idp.base_url();
        assert_eq!(document["issuer"], format!("{base}/{{tenantid}}/v2.0"));
        assert_eq!(document["token_endpoint"], format!("{base}/{segment}/oauth2/v2.0/token"));
        assert_eq!(document["tenant_region_scope"], Value::Null);
    }
}

#[tokio::test]
async fn an_unknown_tenant_gets_entras_error() {
    let fixture = Fixture::start();
    for segment in ["contoso", "cccccccc-0000-4000-8000-000000000009", "%3Cscript%3E"] {
        let refused = error_of(fixture.get(&discovery_path(segment)).await).await;
        assert_eq!(refused, error(400, "invalid_tenant", 90002), "{segment}");
    }
}

#[tokio::test]
async fn an_app_id_is_carried_into_the_address_of_the_keys() {
    let fixture = Fixture::start();
    let path = format!("{}?appid=an%20app", discovery_path(&fixture.idp.tenant_id()));
    let document = fixture.get_json(&path).await;
    assert_eq!(document["jwks_uri"], format!("{}?appid=an+app", fixture.idp.jwks_uri()));
}

#[tokio::test]
async fn keys_are_named_by_their_certificates_and_say_whose_they_are_in_version_two() {
    let fixture = Fixture::start();
    let tenant = fixture.idp.tenant_id();
    let v2 = fixture.get_json(&format!("/{tenant}/discovery/v2.0/keys")).await;
    let v1 = fixture.get_json(&format!("/{tenant}/discovery/keys")).await;
    let members = ["cloud_instance_name", "e", "issuer", "kid", "kty", "n", "use", "x5c", "x5t"];
    for (v2, v1) in v2["keys"].as_array().unwrap().iter().zip(v1["keys"].as_array().unwrap()) {
        assert_eq!(names(v2), members);
        assert_eq!(names(v1), ["e", "kid", "kty", "n", "use", "x5c", "x5t"]);
        assert_eq!(v2["issuer"], fixture.idp.issuer());
        let certificate = STANDARD.decode(v2["x5c"][0].as_str().unwrap()).unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate);
        assert_eq!(v2["kid"], URL_SAFE_NO_PAD.encode(hash));
        assert_eq!(v2["kid"], v2["x5t"]);
    }
    assert_eq!(v2["keys"].as_array().unwrap().len(), 2, "the next key is published before it is used");
    let common = fixture.get_json("/common/discovery/v2.0/keys").await;
    assert_eq!(common["keys"][0]["issuer"], format!("{}/{{tenantid}}/v2.0", fixture.idp.base_url()));
}

#[tokio::test]
async fn a_rotation_shows_in_the_key_set() {
    let fixture = Fixture::start();
    let path = format!("/{}/discovery/v2.0/keys", fixture.idp.tenant_id());
    let kids = |set: Value| -> Vec<String> {
        set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let first = kids(fixture.get_json(&path).await);
    fixture.idp.rotate_keys(Rotation::Planned);
    let second = kids(fixture.get_json(&path).await);
    assert!(second.contains(&first[0]) && second[0] == first[1]);
    fixture.idp.rotate_keys(Rotation::Emergency);
    let third = kids(fixture.get_json(&path).await);
    assert!(third.iter().all(|kid| !second.contains(kid)));
}

#[tokio::test]
async fn instance_discovery_knows_the_mock_alone() {
    let fixture = Fixture::start();
    let ask = |endpoint: String| {
        let query = [("api-version", "1.1".to_owned()), ("authorization_endpoint", endpoint)];
        let url = format!("{}/common/discovery/instance", fixture.idp.base_url());
        fixture.client.get(url).query(&query).send()
    };
    let own = ask(format!("{}/oauth2/v2.0/authorize", fixture.idp.authority())).await.unwrap();
    let own: Value = own.json().await.unwrap();
    let (host, address) = (fixture.idp.address().ip().to_string(), fixture.idp.address().to_string());
    let metadata = &own["metadata"][0];
    assert_eq!(
        (&metadata["preferred_cache"], &metadata["preferred_network"]),
        (&json!(address), &json!(host))
    );
    assert_eq!(metadata["aliases"], json!([address, host]));
    let document = format!("{}/v2.0/.well-known/openid-configuration", fixture.idp.authority());
    assert_eq!(own["tenant_discovery_endpoint"], document, "of the tenant that was asked about");
    let foreign = ask("https://login.microsoftonline.com/x/oauth2/v2.0/authorize".into()).await.unwrap();
    assert_eq!(error_of(foreign).await, error(400, "invalid_instance", 50049));
}

#[tokio::test]
async fn no_users_domain_is_federated() {
    let fixture = Fixture::start();
    for path in
        ["/common/UserRealm/alice@contoso.example", "/common/userrealm/alice@contoso.example?api-version=1.0"]
    {
        let realm = fixture.get_json(path).await;
        assert_eq!(
            (&realm["account_type"], &realm["domain_name"]),
            (&json!("Managed"), &json!("contoso.example"))
        );
    }
}

#[tokio::test]
async fn what_entra_has_and_the_mock_does_not_is_absent() {
    let fixture = Fixture::start();
    let tenant = fixture.idp.tenant_id();
    for path in
        [format!("/{tenant}/kerberos"), format!("/{tenant}/oauth2/checksession"), "/v1.0/groups".into()]
    {
        let response = fixture.get(&path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["error"], "not_found");
    }
}

#[tokio::test]
async fn personal_accounts_have_their_own_issuer_and_no_app_accepts_them() {
    let fixture = Fixture::start();
    let document = fixture.get_json("/consumers/v2.0/.well-known/openid-configuration").await;
    let issuer = document["issuer"].as_str().unwrap();
    assert!(issuer.ends_with("/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"), "{issuer}");
    assert!(document["token_endpoint"].as_str().unwrap().contains("/consumers/"));
}

#[tokio::test]
async fn the_v1_document_has_its_own_issuer_endpoints_and_members() {
    let fixture = Fixture::start();
    let tenant = fixture.idp.tenant_id();
    let base = fixture.idp.base_url();
    let document = fixture.get_json(&format!("/{tenant}/.well-known/openid-configuration?appid=x")).await;
    assert_eq!(document["issuer"], format!("{base}/{tenant}/"));
    assert_eq!(document["token_endpoint"], format!("{base}/{tenant}/oauth2/token"));
    assert_eq!(document["jwks_uri"], format!("{base}/{tenant}/discovery/keys?appid=x"));
    assert_eq!(document["microsoft_multi_refresh_token"], true);
    assert!(document.get("request_uri_parameter_supported").is_none());
    let common = fixture.get_json("/common/.well-known/openid-configuration").await;
    assert_eq!(common["issuer"], format!("{base}/{{tenantid}}/"));
}
