//! Each recipe does what it is copied for.

use actix_web::{App, test as actix, web};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use entra_mock_idp::MockIdp;
use entra_validator::{Authority, ResourceServer, Validator, reqwest};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const API: &str = "dddddddd-0000-4000-8000-00000000a001";

fn validator(idp: &MockIdp) -> Validator {
    Validator::new(Authority::from_url(&idp.authority()).unwrap(), API)
}

fn server(idp: &MockIdp) -> ResourceServer {
    ResourceServer::new(validator(idp)).contact("mailto:api@contoso.com")
}

/// What to send, and the status and code that must come: no token, a bad one, one without permission, a good one.
fn attempts(idp: &MockIdp) -> [(Option<String>, u16, &'static str); 4] {
    let token = || idp.token().user("alice");
    [
        (None, 401, "auth_header_missing"),
        (Some(token().audience("api://another").sign()), 401, "auth_token_audience_invalid"),
        (Some(token().scopes(["Orders.Write"]).sign()), 403, "auth_token_insufficient_scopes"),
        (Some(token().scopes(["Orders.Read"]).sign()), 200, "orders of "),
    ]
}

async fn call(app: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn actix_web_answers_like_the_other_frameworks() {
    let idp = MockIdp::start().await;
    let app = App::new()
        .app_data(web::Data::new(server(&idp)))
        .route("/orders", web::get().to(recipes::actix::orders));
    let app = actix::init_service(app).await;
    for (token, status, text) in attempts(&idp) {
        let request = actix::TestRequest::get().uri("/orders");
        let request = match &token {
            Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
            None => request,
        };
        let response = actix::call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers().contains_key("www-authenticate"), status != 200);
        let body = actix::read_body(response).await;
        let body = str::from_utf8(&body).unwrap();
        assert!(body.contains(text), "{body}");
        assert_eq!(body.contains("mailto:api@contoso.com"), status != 200, "{body}");
    }
    let twice = actix::TestRequest::get().uri("/orders");
    let twice =
        twice.append_header(("authorization", "Bearer a.b.c")).append_header(("authorization", "Bearer d"));
    assert_eq!(actix::call_service(&app, twice.to_request()).await.status().as_u16(), 401);
}

#[tokio::test]
async fn a_lambda_function_answers_like_the_other_frameworks() {
    let idp = MockIdp::start().await;
    let server = server(&idp);
    for (token, status, text) in attempts(&idp) {
        let mut request = lambda_http::Request::default();
        if let Some(token) = token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let response = recipes::lambda::handle(&server, request).await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.body().contains(text), "{}", response.body());
    }
}

#[tokio::test]
async fn a_preflight_without_a_token_passes_and_a_browser_can_read_the_challenge() {
    let idp = MockIdp::start().await;
    let app = recipes::cors::app(&server(&idp), "https://app.contoso.com".parse().unwrap());
    let request = |method: Method| {
        Request::builder().method(method).uri("/orders").header("origin", "https://app.contoso.com")
    };
    let preflight = request(Method::OPTIONS)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let (status, headers, _) = call(&app, preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (status, &headers["access-control-allow-headers"]),
        (StatusCode::OK, &"authorization".parse().unwrap())
    );

    let (status, headers, _) = call(&app, request(Method::GET).body(Body::empty()).unwrap()).await;
    assert_eq!(status, 401);
    assert_eq!(headers["access-control-allow-origin"], "https://app.contoso.com");
    assert_eq!(headers["access-control-expose-headers"], "www-authenticate");

    let token = format!("Bearer {}", idp.token().user("alice").sign());
    let (status, ..) =
        call(&app, request(Method::GET).header("authorization", token).body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_guard_of_graphql_decides_per_field() {
    let idp = MockIdp::start().await;
    let app = recipes::graphql::app(server(&idp));
    let ask = |token: Option<String>| {
        let request = Request::post("/graphql").header("content-type", "application/json");
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        request.body(Body::from(r#"{"query":"{ me orders }"}"#)).unwrap()
    };
    let token = || idp.token().user("alice").claim("sub", "alice's");
    assert_eq!(call(&app, ask(None)).await.0, 401);

    let (status, _, body) = call(&app, ask(Some(token().scopes(["Orders.Read"]).sign()))).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["data"]), (StatusCode::OK, &json!({"me": "alice's", "orders": ["an order"]})));

    let (_, _, body) = call(&app, ask(Some(token().scopes(["Orders.Write"]).sign()))).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "auth_token_insufficient_scopes");
    assert_eq!(body["errors"][0]["path"], json!(["orders"]));
}

#[tokio::test]
async fn a_method_of_grpc_says_what_it_requires() {
    let idp = MockIdp::start().await;
    let server = server(&idp);
    let layer = server.layer_with_body(tonic::body::Body::new::<String>);
    let (_, health) = tonic_health::server::health_reporter();
    let require = |request: tonic::Request<()>| recipes::tonic::authorize(&request).map(|_| request);
    let health = tonic::service::interceptor::InterceptedService::new(health, require);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    tokio::spawn(
        tonic::transport::Server::builder().layer(layer).add_service(health).serve_with_incoming(incoming),
    );

    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut client = tonic_health::pb::health_client::HealthClient::new(channel.connect().await.unwrap());
    for (token, status, message) in attempts(&idp) {
        let mut request = tonic::Request::new(tonic_health::pb::HealthCheckRequest::default());
        if let Some(token) = token {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let answer = client.check(request).await;
        let expected = match status {
            401 => tonic::Code::Unauthenticated,
            403 => tonic::Code::PermissionDenied,
            _ => tonic::Code::Ok,
        };
        match answer {
            Ok(_) => assert_eq!(expected, tonic::Code::Ok),
            Err(error) => assert_eq!((error.code(), error.message()), (expected, message)),
        }
    }
}

#[tokio::test]
async fn a_pod_is_alive_at_once_and_ready_when_it_has_keys() {
    let probe = async |app: &Router, path: &str| {
        let (status, _, body) = call(app, Request::get(path).body(Body::empty()).unwrap()).await;
        (status.as_u16(), body)
    };
    // Nobody listens on this port.
    let nowhere = Authority::from_url(&format!("http://127.0.0.1:9/{API}")).unwrap();
    let app = recipes::readiness::app(Validator::new(nowhere, API)).unwrap();
    assert_eq!(probe(&app, "/livez").await.0, 200);
    let error = loop {
        let (status, body) = probe(&app, "/readyz").await;
        assert_eq!(status, 503);
        let body: Value = serde_json::from_str(&body).unwrap();
        if let Some(error) = body["last_error"].as_str() {
            break error.to_owned();
        }
        tokio::task::yield_now().await;
    };
    assert!(error.contains("127.0.0.1:9"), "{error}");

    let idp = MockIdp::start().await;
    let app = recipes::readiness::app(validator(&idp)).unwrap();
    while probe(&app, "/readyz").await.0 == 503 {
        tokio::task::yield_now().await;
    }
    let requests = idp.requests().count();
    let token = format!("Bearer {}", idp.token().user("alice").sign());
    let request = Request::get("/orders").header("authorization", token).body(Body::empty()).unwrap();
    assert_eq!(call(&app, request).await.0, 200);
    assert_eq!(idp.requests().count(), requests, "no request waited for keys");
}

#[tokio::test]
async fn an_api_calls_another_one_as_its_user() {
    let idp = MockIdp::start().await;
    let client = recipes::on_behalf_of::Client {
        http: reqwest::Client::new(),
        client_id: API.to_owned(),
        client_secret: idp.directory().app("orders-api").unwrap().client_secret.clone().unwrap(),
    };
    let token = server(&idp).validate(&idp.token().user("alice").sign()).await.unwrap();
    let graph =
        client.exchange(&token, &idp.base_url(), "https://graph.microsoft.com/User.Read").await.unwrap();
    assert_ne!(graph, token.expose_secret());
    let unconsented = client.exchange(&token, &idp.base_url(), "https://graph.microsoft.com/Mail.Read").await;
    assert!(
        matches!(&unconsented, Err(recipes::on_behalf_of::Failed::Exchange(error)) if error == "invalid_grant"),
        "{unconsented:?}"
    );
}

#[tokio::test]
async fn what_the_identity_provider_wants_of_the_user_is_passed_on_to_the_client() {
    let idp = MockIdp::start().await;
    let wanted = r#"{"access_token":{"polids":{"essential":true,"values":["a-policy"]}}}"#;
    let answer = json!({"error": "interaction_required", "claims": wanted});
    let strict = Router::new().fallback(async move || (StatusCode::BAD_REQUEST, axum::Json(answer)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, strict).await });

    let client = recipes::on_behalf_of::Client {
        http: reqwest::Client::new(),
        client_id: API.to_owned(),
        client_secret: "any".to_owned(),
    };
    let server = server(&idp);
    let token = server.validate(&idp.token().user("alice").sign()).await.unwrap();
    let refused = client.exchange(&token, &base, "https://graph.microsoft.com/User.Read").await.unwrap_err();
    let recipes::on_behalf_of::Failed::User(error) = refused else { panic!("{refused:?}") };
    let response = server.refuse(&error);
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains(r#"error="insufficient_claims""#), "{challenge}");
    // The form that Microsoft's libraries read: standard base64 of the claims request.
    assert!(challenge.contains("eyJhY2Nlc3NfdG9rZW4iOnsicG9saWRzIjp7"), "{challenge}");
}
