//! What a client sends has limits: in size, in time, and in what is kept of it.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use entra_mock_idp::MockIdp;
use futures_util::stream;
use reqwest::Response;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::{Fixture, json_of, redirect_query};

/// As long as a body may be, without the form around it.
const LONG: usize = 60_000;

/// Posts this form to the home tenant's token endpoint.
async fn post(fixture: &Fixture, form: String) -> Response {
    let request = fixture.client.post(fixture.token_url());
    request.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap()
}

#[tokio::test]
async fn what_a_record_keeps_of_a_request_is_cut() {
    let fixture = Fixture::start();
    let long = "ü".repeat(LONG / 6);
    post(&fixture, format!("grant_type=client_credentials&client_id={long}")).await;
    post(&fixture, format!("grant_type={long}&client_id=x")).await;
    fixture.get(&format!("/{long}")).await;
    fixture.authorize(&[("client_id", &long)]).await;
    fixture.authorize(&[("redirect_uri", &long)]).await;
    let method = reqwest::Method::from_bytes(&[b'M'; 3000]).unwrap();
    fixture.client.request(method, fixture.token_url()).send().await.unwrap();
    let requests = fixture.idp.requests();
    assert_eq!(requests.count(), 6);
    for request in requests {
        let texts = [Some(request.method), Some(request.path), request.client, request.grant, request.reason];
        for text in texts.into_iter().flatten() {
            assert!(text.chars().count() <= 301, "{text}");
        }
    }
}

#[tokio::test]
async fn a_message_quotes_the_beginning_of_a_long_value_and_still_says_what_to_do() {
    let fixture = Fixture::start();
    let form = format!("grant_type=client_credentials&scope=x&client_id={}", "a".repeat(LONG));
    let body = json_of(post(&fixture, form).await).await;
    let message = body["error_description"].as_str().unwrap();
    assert!(message.starts_with("AADSTS700016: There is no application 'aaa"), "{message}");
    assert!(message.contains("aaa' in the directory 'contoso'.") && message.len() < 600, "{message}");
    let place = format!("/{}/v2.0/.well-known/openid-configuration", "t".repeat(LONG));
    let body = fixture.get_json(&place).await;
    let message = body["error_description"].as_str().unwrap();
    assert!(message.contains("Check the id") && message.len() < 600, "{message}");
}

#[tokio::test]
async fn a_body_that_no_honest_client_sends_is_refused_with_the_limit_and_recorded() {
    let fixture = Fixture::start();
    let tenant = fixture.idp.tenant_id();
    for place in ["token", "authorize", "devicecode", "devicelogin", "logout"] {
        let url = format!("{}/{tenant}/oauth2/v2.0/{place}", fixture.idp.base_url());
        let response = fixture.client.post(url).body("a".repeat(65_537)).send().await.unwrap();
        assert_eq!(response.status(), 413, "{place}");
        let body = json_of(response).await;
        assert!(body["error_description"].as_str().unwrap().contains("at most 65536 bytes"), "{body}");
    }
    for request in fixture.idp.requests() {
        assert!(
            request.outcome == entra_mock_idp::Outcome::Refused && request.reason.unwrap().contains("65536")
        );
    }
}

#[tokio::test]
async fn the_control_surface_accepts_longer_bodies_and_has_a_limit_of_its_own() {
    let fixture = Fixture::start();
    let url = format!("{}/_mock/tokens", fixture.idp.base_url());
    for (length, expected) in [(1_000_000, 200), (2_200_000, 413)] {
        let body = format!(r#"{{"claims": {{"long": "{}"}}}}"#, "a".repeat(length));
        let response = fixture.client.post(&url).body(body).send().await.unwrap();
        assert_eq!(response.status(), expected);
        if expected == 413 {
            assert!(json_of(response).await["message"].as_str().unwrap().contains("at most 2097152 bytes"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_given_up() {
    for (path, member) in
        [("/contoso.example/oauth2/v2.0/token", "error_description"), ("/_mock/tokens", "message")]
    {
        let router =
            MockIdp::builder().public_url("https://idp.example").control_token("t").router().unwrap();
        let never = Body::from_stream(stream::pending::<std::io::Result<Vec<u8>>>());
        let request = Request::post(path).header("authorization", "Bearer t").body(never).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 408, "{path}");
        let body: Value =
            serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap();
        assert!(body[member].as_str().unwrap().contains("30 seconds"), "{body}");
    }
}

#[tokio::test]
async fn what_a_sign_in_keeps_is_bounded() {
    let fixture = Fixture::start();
    assert!(!fixture.code(&[("nonce", &"n".repeat(512))]).await.is_empty());
    let refused = redirect_query(&fixture.authorize(&[("nonce", &"n".repeat(513))]).await);
    assert!(refused["error_description"].contains("at most 512 characters"), "{refused:?}");
    let scopes = "api://orders/Orders.Read ".repeat(1_000);
    let code = fixture.code(&[("scope", &scopes)]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(body["scope"], "api://orders/Orders.Read api://orders/Orders.Write");
    let slashes = format!("api://orders{}/Orders.Read", "/".repeat(1_000));
    let refused = redirect_query(&fixture.authorize(&[("scope", &slashes)]).await);
    assert!(refused["error_description"].starts_with("AADSTS500011"), "{refused:?}");
}

#[tokio::test]
async fn thousands_of_different_scopes_are_read_in_no_time() {
    let fixture = Fixture::start();
    for scopes in [
        (0..9_000).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" "),
        (0..6_000).map(|n| format!("{n}/s")).collect::<Vec<_>>().join(" "),
    ] {
        let start = std::time::Instant::now();
        let form = [("grant_type", "client_credentials"), ("scope", scopes.as_str())];
        assert_eq!(fixture.token_as("orders-daemon", &form).await.status(), 400);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
