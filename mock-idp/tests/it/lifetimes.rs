//! How long tokens live, and what their responses say about it.

use serde_json::{Value, json};

use crate::support::{Fixture, NOW, VERIFIER, app_mut, claims, json_of};

fn span(claims: &Value) -> i64 {
    claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
}

#[tokio::test]
async fn an_id_token_lives_an_hour_and_is_dated_back_five_minutes() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    let id_token = claims(&body["id_token"]);
    assert_eq!((span(&id_token), &id_token["exp"]), (3900, &json!(NOW + 3600)));
}

#[tokio::test]
async fn a_single_page_app_is_told_what_is_left_of_its_24_hours() {
    let fixture = Fixture::start();
    let client = fixture.app("orders-spa");
    let redirect = ("redirect_uri", "http://localhost:5173/");
    let code = fixture.code(&[("client_id", &client), redirect]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client.as_str()),
        ("code", code.as_str()),
        redirect,
        ("code_verifier", VERIFIER),
    ];
    let origin = Some("http://localhost:5173");
    let body = json_of(fixture.token(&form, origin).await).await;
    assert_eq!(body["refresh_token_expires_in"], 86_399);

    fixture.idp.clock().freeze_at(NOW + 3600);
    let token = body["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", token)];
    let renewed = json_of(fixture.token(&form, origin).await).await;
    assert_eq!(renewed["refresh_token_expires_in"], 86_399 - 3600, "{renewed}");
}

#[tokio::test]
async fn other_clients_are_not_told_when_a_refresh_token_ends() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert!(body["refresh_token"].is_string() && body.get("refresh_token_expires_in").is_none(), "{body}");
}

#[tokio::test]
async fn a_token_that_lives_two_hours_says_when_to_renew_it() {
    let response = async |lifetime: i64| {
        let fixture =
            Fixture::with(|directory| app_mut(directory, "orders-api").token_lifetime = Some(lifetime));
        let form = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];
        json_of(fixture.token_as("orders-daemon", &form).await).await
    };
    let long = response(86_400).await;
    assert_eq!((&long["expires_in"], &long["refresh_in"]), (&json!(86_399), &json!(43_199)));
    assert!(response(7200).await.get("refresh_in").is_none());
}

#[tokio::test]
async fn a_managed_identitys_token_lives_24_hours_names_its_resource_and_keeps_the_slash() {
    let resource_id = "/subscriptions/s/resourcegroups/g/providers/Microsoft.Compute/virtualMachines/vm";
    let fixture = Fixture::with(|directory| {
        let daemon = app_mut(directory, "orders-daemon");
        (daemon.managed_identity, daemon.resource_id) = (true, Some(resource_id.to_owned()));
        app_mut(directory, "orders-api").token_version = entra_mock_idp::RequestedVersion::V1;
        app_mut(directory, "orders-api").identifier_uri = Some("https://orders.example".to_owned());
        for app in &mut directory.apps {
            app.delegated.remove("api://orders");
            app.assigned_roles.clear();
        }
    });
    let url = format!("{}/metadata/identity/oauth2/token", fixture.idp.base_url());
    let query = [("api-version", "2018-02-01"), ("resource", "https://orders.example/")];
    let response = fixture.client.get(url).query(&query).header("metadata", "true").send().await.unwrap();
    let body = json_of(response).await;
    let token = claims(&body["access_token"]);
    assert_eq!((span(&token), &body["expires_in"]), (86_700, &json!("86400")));
    assert_eq!(token["xms_mirid"], resource_id);
    assert_eq!((&token["aud"], &body["resource"]), (&json!("https://orders.example/"), &token["aud"]));
}
