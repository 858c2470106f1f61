//! The endpoints without a socket.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use entra_mock_idp::{MockIdp, MockIdpBuilder};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::NOW;

fn builder() -> MockIdpBuilder {
    MockIdp::builder().public_url("https://idp.example").frozen_at(NOW)
}

async fn answer(builder: MockIdpBuilder, request: Request<Body>) -> (StatusCode, Value) {
    let answer = builder.router().unwrap().oneshot(request).await.unwrap();
    let status = answer.status();
    (status, serde_json::from_slice(&to_bytes(answer.into_body(), usize::MAX).await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_router_issues_tokens_and_publishes_its_keys_under_the_public_url() {
    let app = MockIdp::start().await.directory().app("orders-daemon").cloned().unwrap();
    let (id, secret) = (app.client_id, app.client_secret.unwrap());
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=api://orders/.default"
    );
    let request = Request::post("/contoso.example/oauth2/v2.0/token").body(form.into()).unwrap();
    let (status, body) = answer(builder(), request).await;
    assert_eq!((status, &body["token_type"]), (StatusCode::OK, &"Bearer".into()));
    let document = Request::get("/contoso.example/v2.0/.well-known/openid-configuration");
    let (_, body) = answer(builder(), document.body(Body::empty()).unwrap()).await;
    assert!(body["jwks_uri"].as_str().unwrap().starts_with("https://idp.example/"), "{body}");
}

#[tokio::test]
async fn a_routers_control_surface_refuses_everyone_because_no_machine_is_known() {
    let request = Request::get("/_mock/directory").header("host", "localhost").body(Body::empty()).unwrap();
    assert_eq!(answer(builder(), request).await.0, StatusCode::FORBIDDEN);
}

#[test]
fn a_user_to_sign_in_must_be_in_the_directory() {
    assert!(builder().sign_in("nobody").router().unwrap_err().to_string().contains("nobody"));
}

#[tokio::test]
async fn a_tenant_that_is_not_utf_8_is_not_found_in_the_endpoints_own_form() {
    for place in ["oauth2/v2.0/token", "oauth2/token", "oauth2/v2.0/devicecode", "oauth2/devicecode"] {
        let request = Request::post(format!("/contoso%ff.example/{place}")).body(Body::empty()).unwrap();
        let (status, body) = answer(builder(), request).await;
        assert_eq!((status, &body["error_codes"][0]), (StatusCode::BAD_REQUEST, &90002.into()), "{place}");
    }
    for place in ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"] {
        let request = Request::get(format!("/%ff/{place}")).body(Body::empty()).unwrap();
        assert_eq!(answer(builder(), request).await.1["error"], "invalid_tenant", "{place}");
    }
}
