//! The extractor and its answers, through a real socket and a mock identity provider.

use axum::{Router, routing::get};
use entra_mock_idp::{Endpoint, MockIdp};
use entra_validator::{Authority, Forbidden, ResourceServer, Validator, VerifiedToken};
use http::{Request, Response, StatusCode};
use tower::ServiceExt as _;

async fn orders(token: VerifiedToken) -> Result<String, Forbidden> {
    token.require_scopes(["Orders.Read"]).or_else(|_| token.require_roles(["Orders.Read.All"]))?;
    Ok(format!("orders of {}", token.claims().sub))
}

/// The same code as in production.
fn my_api(authority: &str) -> Router {
    let authority = Authority::from_url(authority).unwrap();
    let validator = Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001");
    let server = ResourceServer::new(validator).contact("mailto:orders@contoso.example");
    Router::new().route("/orders", get(orders)).with_state(server)
}

async fn call(api: &Router, token: Option<&str>) -> Response<axum::body::Body> {
    let mut request = Request::builder().uri("/orders");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    api.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap()
}

async fn json(response: Response<axum::body::Body>) -> serde_json::Value {
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn a_token_for_another_api_is_refused() {
    let idp = MockIdp::start().await;
    let api = my_api(&idp.authority());
    let token = idp.token().audience("api://someone-else").sign();
    assert_eq!(call(&api, Some(&token)).await.status(), 401);
}

#[tokio::test]
async fn a_users_scope_and_a_daemons_role_open_the_route() {
    let idp = MockIdp::start().await;
    let api = my_api(&idp.authority());
    assert_eq!(call(&api, Some(&idp.token().user("alice").sign())).await.status(), StatusCode::OK);
    assert_eq!(call(&api, Some(&idp.token().sign())).await.status(), StatusCode::OK);
    assert_eq!(
        (idp.requests().to(Endpoint::Discovery).count(), idp.requests().to(Endpoint::Jwks).count()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_request_without_credentials_is_told_the_scheme_and_nothing_else() {
    let idp = MockIdp::start().await;
    let response = call(&my_api(&idp.authority()), None).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem = json(response).await;
    assert_eq!((&problem["type"], &problem["status"]), (&"auth_header_missing".into(), &401.into()));
    assert_eq!(problem["contact"], "mailto:orders@contoso.example");
    assert!(problem["title"].is_string() && problem["detail"].is_string());
}

#[tokio::test]
async fn a_refused_token_gets_a_challenge_that_tells_nothing_of_what_it_held() {
    let idp = MockIdp::start().await;
    let token = idp.token().user("alice").claim("aud", "a-secret-audience\"\r\nx: y").sign();
    let response = call(&my_api(&idp.authority()), Some(&token)).await;
    let expected = r#"Bearer error="invalid_token", error_description="auth_token_audience_invalid""#;
    assert_eq!(response.headers()["www-authenticate"], expected);
    assert!(!json(response).await.to_string().contains("secret"));
}

#[tokio::test]
async fn a_missing_scope_is_answered_with_403_and_named_in_the_challenge() {
    let idp = MockIdp::start().await;
    let token = idp.token().user("alice").scopes(["Orders.Write"]).sign();
    let response = call(&my_api(&idp.authority()), Some(&token)).await;
    assert_eq!(response.status(), 403);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains(r#"error="insufficient_scope""#), "{challenge}");
}

#[tokio::test]
async fn without_keys_the_answer_is_503_and_the_token_is_not_blamed() {
    let idp = MockIdp::start().await;
    let (authority, token) = (idp.authority(), idp.token().user("alice").sign());
    drop(idp);
    let response = call(&my_api(&authority), Some(&token)).await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().get("www-authenticate").is_none());
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(json(response).await["type"], "auth_oidc_error");
}

#[tokio::test]
async fn an_optional_extractor_lets_in_no_token_but_no_bad_one() {
    async fn greeting(token: Option<VerifiedToken>) -> String {
        token.map_or("stranger".into(), |token| token.claims().client.clone())
    }
    let idp = MockIdp::start().await;
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let server = ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"));
    let api = Router::new().route("/orders", get(greeting)).with_state(server);
    let text = |response: Response<axum::body::Body>| async {
        axum::body::to_bytes(response.into_body(), 1000).await.unwrap()
    };
    assert_eq!(text(call(&api, None).await).await, "stranger");
    let client = "dddddddd-0000-4000-8000-00000000a004";
    assert_eq!(text(call(&api, Some(&idp.token().sign())).await).await, client);
    assert_eq!(call(&api, Some("junk")).await.status(), 401);
}
