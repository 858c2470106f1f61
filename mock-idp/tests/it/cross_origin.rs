//! What a page of another origin can read.

use reqwest::{Method, Response, header::HeaderMap};

use crate::support::{Fixture, NOW, VERIFIER, json_of};

const ORIGIN: &str = "http://localhost:5173";
const SPA_REDIRECT: &str = "http://localhost:5173/";

#[track_caller]
fn is_readable(headers: &HeaderMap) -> bool {
    let all = headers.get_all("access-control-allow-origin").iter().collect::<Vec<_>>();
    assert!(all.len() <= 1, "{all:?}");
    all.first().is_some_and(|origin| *origin == "*")
}

async fn ask(fixture: &Fixture, method: Method, path: &str) -> Response {
    let url = format!("{}{path}", fixture.idp.base_url());
    fixture.client.request(method, url).header("origin", ORIGIN).send().await.unwrap()
}

async fn preflight(fixture: &Fixture, path: &str, headers: &str) -> Response {
    fixture
        .client
        .request(Method::OPTIONS, format!("{}{path}", fixture.idp.base_url()))
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers)
        .send()
        .await
        .unwrap()
}

/// The refresh token of a single-page app.
async fn refresh_token(fixture: &Fixture, client: &str) -> String {
    let code = fixture.code(&[("client_id", client), ("redirect_uri", SPA_REDIRECT)]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code.as_str()),
        ("redirect_uri", SPA_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let response = fixture.token(&form, Some(ORIGIN)).await;
    assert!(is_readable(response.headers()));
    json_of(response).await["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_reads_that_its_refresh_token_has_ended_and_what_to_do_about_it() {
    let fixture = Fixture::start();
    let client = fixture.app("orders-spa");
    let token = refresh_token(&fixture, &client).await;
    fixture.idp.clock().freeze_at(NOW + 86_400);
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", &token)];
    let response = fixture.token(&form, Some(ORIGIN)).await;
    assert!(is_readable(response.headers()));
    let exposed = "Content-Length,Content-Encoding,x-ms-request-id,x-ms-srs";
    assert_eq!(response.headers()["access-control-expose-headers"], exposed);
    assert_eq!(response.headers()["access-control-allow-methods"], "POST, OPTIONS");
    let body = json_of(response).await;
    assert_eq!((&body["error_codes"][0], &body["suberror"]), (&700_084.into(), &"bad_token".into()));
}

#[tokio::test]
async fn every_error_of_the_token_endpoint_can_be_read_even_an_injected_one() {
    let fixture = Fixture::start();
    let token = format!("/{}/oauth2/v2.0/token", fixture.idp.tenant_id());
    for response in [
        fixture.token(&[("grant_type", "magic")], Some(ORIGIN)).await,
        ask(&fixture, Method::GET, &token).await,
        ask(&fixture, Method::POST, "/nobody.example/oauth2/v2.0/token").await,
    ] {
        assert!(response.status().is_client_error() && is_readable(response.headers()), "{response:?}");
    }
    fixture.idp.inject(entra_mock_idp::Fault::Status(503).on(entra_mock_idp::Endpoint::Token).times(1));
    let injected = fixture.token(&[("grant_type", "magic")], Some(ORIGIN)).await;
    assert!(injected.status() == 503 && is_readable(injected.headers()));
    let program = fixture.token(&[("grant_type", "magic")], None).await;
    assert!(!is_readable(program.headers()));
}

#[tokio::test]
async fn metadata_and_graph_answer_every_page_errors_included() {
    let fixture = Fixture::start();
    for path in [
        "/nobody.example/v2.0/.well-known/openid-configuration",
        "/nobody.example/discovery/v2.0/keys",
        "/common/discovery/instance?authorization_endpoint=https://x.example/y",
        "/common/discovery/v2.0/keys",
        "/common/UserRealm/alice@contoso.example",
        "/v1.0/me",
        "/oidc/userinfo",
    ] {
        assert!(is_readable(ask(&fixture, Method::GET, path).await.headers()), "{path}");
    }
    for path in ["/_mock/state", "/_mock/directory", "/", "/contoso.example/oauth2/v2.0/authorize"] {
        assert!(!is_readable(ask(&fixture, Method::GET, path).await.headers()), "{path}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_and_not_recorded() {
    let fixture = Fixture::start();
    let token = format!("/{}/oauth2/v2.0/token", fixture.idp.tenant_id());
    for path in [token.as_str(), "/oidc/userinfo", "/v1.0/me", "/common/discovery/v2.0/keys"] {
        let response = preflight(&fixture, path, "authorization,x-client-sku").await;
        assert_eq!(response.status(), 200, "{path}");
        assert!(is_readable(response.headers()));
        assert_eq!(response.headers()["access-control-allow-headers"], "authorization,x-client-sku");
    }
    assert_eq!(fixture.idp.requests().count(), 0);
    for path in ["/_mock/tokens", "/contoso.example/oauth2/v2.0/authorize", "/msi/token"] {
        assert!(!is_readable(preflight(&fixture, path, "content-type").await.headers()), "{path}");
    }
}
