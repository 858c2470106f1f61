//! The v1.0 endpoints, and tokens of version 1.0.

use entra_mock_idp::RequestedVersion;
use serde_json::json;

use crate::support::{Fixture, app_mut, claims, json_of, names};

#[tokio::test]
async fn the_older_token_endpoint_writes_numbers_as_text_and_names_the_resource() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("resource", "api://orders"),
    ];
    let body =
        json_of(fixture.post(&format!("/{}/oauth2/token", fixture.idp.tenant_id()), &form).await).await;
    assert_eq!(
        names(&body),
        [
            "access_token",
            "expires_in",
            "expires_on",
            "ext_expires_in",
            "not_before",
            "resource",
            "token_type"
        ]
    );
    let token = claims(&body["access_token"]);
    assert_eq!(body["resource"], "api://orders");
    assert_eq!(body["expires_on"], token["exp"].to_string());
    assert_eq!(body["not_before"], token["nbf"].to_string());
    assert!(body["expires_in"].as_str().unwrap().parse::<i64>().unwrap() > 3000);
    assert_eq!(token["ver"], "2.0", "the API's registration decides, not the endpoint");
}

#[tokio::test]
async fn a_user_signs_in_at_the_older_endpoints_and_gets_an_id_token_of_that_version() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let url = format!("{}/oauth2/authorize", fixture.idp.authority());
    let query = [
        ("client_id", id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("resource", "api://orders"),
        ("login_hint", "alice@contoso.example"),
    ];
    let response = fixture.client.get(url).query(&query).send().await.unwrap();
    let code = crate::support::redirect_query(&response)["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("resource", "api://orders"),
    ];
    let body =
        json_of(fixture.post(&format!("/{}/oauth2/token", fixture.idp.tenant_id()), &form).await).await;
    assert_eq!(body["scope"], "Orders.Read Orders.Write");
    assert!(body["refresh_token"].is_string());
    let id_token = claims(&body["id_token"]);
    assert_eq!(
        (&id_token["ver"], &id_token["unique_name"]),
        (&json!("1.0"), &json!("alice@contoso.example"))
    );
    assert_eq!(id_token["iss"], format!("{}/", fixture.idp.authority()));
}

#[tokio::test]
async fn an_api_that_asks_for_version_one_gets_it_and_finds_itself_under_the_name_it_was_called_by() {
    let fixture =
        Fixture::with(|directory| app_mut(directory, "orders-api").token_version = RequestedVersion::V1);
    for (scope, audience) in [
        ("api://orders/.default", "api://orders"),
        ("dddddddd-0000-4000-8000-00000000a001/.default", "dddddddd-0000-4000-8000-00000000a001"),
    ] {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let body = json_of(fixture.token_as("orders-daemon", &form).await).await;
        let token = claims(&body["access_token"]);
        assert_eq!((&token["ver"], &token["aud"]), (&json!("1.0"), &json!(audience)));
        assert_eq!(token["appid"], fixture.app("orders-daemon"));
        assert_eq!(token["appidacr"], "1");
        assert!(token["iss"].as_str().unwrap().ends_with('/') && token.get("azp").is_none());
        assert_eq!(
            crate::support::header(&body["access_token"])["x5t"],
            crate::support::header(&body["access_token"])["kid"]
        );
    }
}

#[tokio::test]
async fn the_older_device_endpoint_calls_the_address_otherwise() {
    let fixture = Fixture::start();
    let id = fixture.app("orders-spa");
    let path = format!("/{}/oauth2/devicecode", fixture.idp.tenant_id());
    let body = json_of(fixture.post(&path, &[("client_id", &id), ("resource", "api://orders")]).await).await;
    assert_eq!((&body["expires_in"], &body["interval"]), (&json!("900"), &json!("5")));
    assert!(body["verification_url"].is_string() && body.get("verification_uri").is_none());
}
