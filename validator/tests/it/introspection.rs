//! The introspection endpoint (RFC 7662), through axum.

use axum::{Router, body::Body, routing::post};
use entra_mock_idp::MockIdp;
use entra_validator::{Authority, IntrospectionCaller, ResourceServer, Validator};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// `gateway:s3cret`.
const GATEWAY: &str = "Basic Z2F0ZXdheTpzM2NyZXQ=";

fn api(idp: &MockIdp) -> Router {
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let server = ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"));
    let caller = IntrospectionCaller::basic("gateway", "s3cret");
    Router::new().route("/introspect", post(server.introspection(caller)))
}

async fn ask(api: &Router, credentials: &[&str], form: String) -> Response<Body> {
    let mut request =
        Request::post("/introspect").header("content-type", "application/x-www-form-urlencoded");
    for value in credentials {
        request = request.header("authorization", *value);
    }
    api.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap()
}

async fn json(response: Response<Body>) -> Value {
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    serde_json::from_slice(&axum::body::to_bytes(response.into_body(), 10_000).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_good_token_is_described_in_the_terms_of_the_rfc() {
    let idp = MockIdp::start().await;
    let token = idp.token().user("alice").scopes(["Orders.Read"]).claim("uti", "u-1").sign();
    let answer =
        json(ask(&api(&idp), &[GATEWAY], format!("token={token}&token_type_hint=access_token")).await).await;
    assert_eq!(answer["active"], true);
    assert_eq!(answer["scope"], "Orders.Read");
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["aud"], "dddddddd-0000-4000-8000-00000000a001");
    assert_eq!(answer["jti"], "u-1");
    assert!(answer["exp"].as_i64() > answer["iat"].as_i64());
}

#[tokio::test]
async fn a_refused_token_is_inactive_and_nothing_else_is_told() {
    let idp = MockIdp::start().await;
    for token in ["junk".to_owned(), idp.token().audience("api://another").sign(), String::new()] {
        let answer = json(ask(&api(&idp), &[GATEWAY], format!("token={token}")).await).await;
        assert_eq!(answer, json!({"active": false}));
    }
}

#[tokio::test]
async fn whoever_is_not_the_caller_learns_nothing() {
    let idp = MockIdp::start().await;
    let form = format!("token={}", idp.token().user("alice").sign());
    for credentials in [
        vec![],
        vec!["Basic Z2F0ZXdheTpzM2NyZXU="],
        vec!["Basic Z2F0ZXdheTpzM2NyZXQ"],
        vec!["Basic"],
        vec!["Basic "],
        vec!["Bearer Z2F0ZXdheTpzM2NyZXQ="],
        vec![GATEWAY, GATEWAY],
    ] {
        let response = ask(&api(&idp), &credentials, form.clone()).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{credentials:?}");
        assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic "));
        assert!(axum::body::to_bytes(response.into_body(), 1000).await.unwrap().is_empty());
    }
    let lower_case = ask(&api(&idp), &["basic Z2F0ZXdheTpzM2NyZXQ="], form).await;
    assert_eq!(lower_case.status(), StatusCode::OK, "a scheme is written in any case (RFC 9110 §11.1)");
}

#[tokio::test]
async fn a_request_that_names_no_token_or_two_is_a_mistake_of_the_caller() {
    let idp = MockIdp::start().await;
    for form in ["", "x=1", "token=a&token=b"] {
        let response = ask(&api(&idp), &[GATEWAY], form.to_owned()).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{form:?}");
    }
}

#[tokio::test]
async fn without_keys_nothing_is_known_of_the_token() {
    let idp = MockIdp::start().await;
    let (api, token) = (api(&idp), idp.token().user("alice").sign());
    drop(idp);
    let response = ask(&api, &[GATEWAY], format!("token={token}")).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}
