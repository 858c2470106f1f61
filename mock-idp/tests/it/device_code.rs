//! A device without a browser, and the page where a person approves it.

use entra_mock_idp::MockIdp;
use serde_json::Value;

use crate::support::{Fixture, NOW, claims, error, error_of, json_of};

const SCOPE: &str = "api://orders/Orders.Read openid profile offline_access";

async fn start(fixture: &Fixture) -> Value {
    let client = fixture.app("orders-spa");
    let path = format!("/{}/oauth2/v2.0/devicecode", fixture.idp.tenant_id());
    json_of(fixture.post(&path, &[("client_id", &client), ("scope", SCOPE)]).await).await
}

async fn poll(fixture: &Fixture, codes: &Value) -> reqwest::Response {
    let code = codes["device_code"].as_str().unwrap();
    let form = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", code)];
    fixture.token_as("orders-spa", &form).await
}

/// What a person sends from the page.
async fn answer(fixture: &Fixture, codes: &Value, field: (&str, &str)) -> String {
    let page = codes["verification_uri"].as_str().unwrap();
    let form = [("user_code", codes["user_code"].as_str().unwrap()), field];
    fixture.client.post(page).form(&form).send().await.unwrap().text().await.unwrap()
}

fn alice(fixture: &Fixture) -> String {
    fixture.idp.directory().user("alice").unwrap().oid.clone()
}

#[tokio::test]
async fn the_device_waits_until_a_person_approves_and_then_gets_tokens_once() {
    let fixture = Fixture::start();
    let codes = start(&fixture).await;
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&900.into(), &5.into()));
    assert_eq!(codes["user_code"].as_str().unwrap().len(), 9);
    assert!(codes["message"].as_str().unwrap().contains(codes["user_code"].as_str().unwrap()));
    assert_eq!(error_of(poll(&fixture, &codes).await).await, error(400, "authorization_pending", 70016));

    let page = format!(
        "{}?user_code={}",
        codes["verification_uri"].as_str().unwrap(),
        codes["user_code"].as_str().unwrap()
    );
    let page = fixture.client.get(page).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("orders-spa") && page.contains("Alice Adams"), "{page}");
    assert!(
        answer(&fixture, &codes, ("mock_user", &alice(&fixture))).await.contains("signed in on your device")
    );

    let body = json_of(poll(&fixture, &codes).await).await;
    assert_eq!(claims(&body["access_token"])["scp"], "Orders.Read Orders.Write");
    assert!(body["scope"].as_str().unwrap().contains("api://orders/Orders.Read"), "MSAL Python caches by it");
    assert!(body["id_token"].is_string() && body["refresh_token"].is_string());
    assert_eq!(error_of(poll(&fixture, &codes).await).await, error(400, "invalid_grant", 54005));
}

#[tokio::test]
async fn a_person_may_decline_and_a_link_alone_decides_nothing() {
    let fixture = Fixture::start();
    let codes = start(&fixture).await;
    let link = format!(
        "{}?user_code={}&mock_user={}",
        codes["verification_uri"].as_str().unwrap(),
        codes["user_code"].as_str().unwrap(),
        alice(&fixture)
    );
    fixture.client.get(link).send().await.unwrap();
    assert_eq!(error_of(poll(&fixture, &codes).await).await, error(400, "authorization_pending", 70016));
    answer(&fixture, &codes, ("mock_cancel", "1")).await;
    assert_eq!(error_of(poll(&fixture, &codes).await).await, error(400, "authorization_declined", 70017));
}

#[tokio::test]
async fn another_sites_form_decides_nothing() {
    let fixture = Fixture::start();
    let codes = start(&fixture).await;
    let user = alice(&fixture);
    let form = [("user_code", codes["user_code"].as_str().unwrap()), ("mock_user", &user)];
    let page = codes["verification_uri"].as_str().unwrap();
    for (origin, expected) in
        [("https://evil.example".to_owned(), 70016), ("null".to_owned(), 70016), (fixture.idp.base_url(), 0)]
    {
        fixture.client.post(page).form(&form).header("origin", origin).send().await.unwrap();
        let polled = poll(&fixture, &codes).await;
        if expected == 0 {
            assert_eq!(polled.status(), 200);
        } else {
            assert_eq!(error_of(polled).await, error(400, "authorization_pending", expected));
        }
    }
}

#[tokio::test]
async fn codes_end_after_a_quarter_of_an_hour() {
    let fixture = Fixture::start();
    let codes = start(&fixture).await;
    fixture.idp.clock().freeze_at(NOW + 900);
    assert_eq!(error_of(poll(&fixture, &codes).await).await, error(400, "expired_token", 70019));
    let page = answer(&fixture, &codes, ("mock_user", &alice(&fixture))).await;
    assert!(page.contains("has expired"), "{page}");
}

#[tokio::test]
async fn another_clients_or_an_invented_code_is_not_known() {
    let fixture = Fixture::start();
    let codes = start(&fixture).await;
    let code = codes["device_code"].as_str().unwrap();
    let grant = ("grant_type", "device_code");
    let other = fixture.token_as("orders-web", &[grant, ("device_code", code)]).await;
    assert_eq!(error_of(other).await, error(400, "bad_verification_code", 70018));
    let invented = fixture.token_as("orders-spa", &[grant, ("device_code", "invented")]).await;
    assert_eq!(error_of(invented).await, error(400, "bad_verification_code", 70018));
    assert!(
        answer(
            &fixture,
            &serde_json::json!({"verification_uri": codes["verification_uri"], "user_code": "WRONGCODE"}),
            ("mock_cancel", "1")
        )
        .await
        .contains("not known")
    );
}

#[tokio::test]
async fn a_person_types_the_code_in_any_case_and_with_spaces() {
    let fixture = Fixture::start();
    let mut codes = start(&fixture).await;
    let typed = codes["user_code"].as_str().unwrap().to_ascii_lowercase();
    codes["user_code"] = format!(" {} {}", &typed[..4], &typed[4..]).into();
    answer(&fixture, &codes, ("mock_user", &alice(&fixture))).await;
    assert!(poll(&fixture, &codes).await.status().is_success());
}

#[tokio::test]
async fn what_clients_send_is_understood_the_short_grant_name_and_the_code_under_its_other_name() {
    let fixture = Fixture::of(MockIdp::builder().sign_in("bob").frozen_at(NOW));
    let codes = start(&fixture).await;
    let form = [("grant_type", "device_code"), ("code", codes["device_code"].as_str().unwrap())];
    let body = json_of(fixture.token_as("orders-spa", &form).await).await;
    assert_eq!(
        claims(&body["id_token"])["preferred_username"],
        "bob@contoso.example",
        "bob approves at once"
    );
}
