//! The layer around a service that knows nothing of tokens, in axum and without it.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::{Router, body::Body, routing::get};
use entra_mock_idp::MockIdp;
use entra_validator::{
    AuthError, AuthLayer, Authority, Forbidden, Permissions, Requirement, ResourceMetadata, ResourceServer,
    Scoped, ToolRequirements, Validator, VerifiedToken,
};
use http::{Request, Response, Uri};
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

fn server(idp: &MockIdp) -> ResourceServer {
    let authority = Authority::from_url(&idp.authority()).unwrap();
    ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"))
}

/// A service of hyper's kind: a function from requests to responses, with a body of its own type.
async fn call(layer: &AuthLayer<String>, request: Request<()>) -> Response<String> {
    let service = service_fn(|request: Request<()>| async move {
        let name = request.extensions().get::<VerifiedToken>().map(|token| token.claims().sub.clone());
        Ok::<_, Infallible>(Response::new(name.unwrap_or_else(|| "nobody".to_owned())))
    });
    layer.layer(service).oneshot(request).await.unwrap()
}

fn bearing(token: &str) -> Request<()> {
    Request::builder().header("authorization", format!("Bearer {token}")).body(()).unwrap()
}

#[tokio::test]
async fn the_service_inside_is_called_with_the_token_and_only_with_a_good_one() {
    let idp = MockIdp::start().await;
    let layer = server(&idp).layer();
    let good = idp.token().user("alice").claim("sub", "alice's").sign();
    assert_eq!(call(&layer, bearing(&good)).await.body(), "alice's");

    let refused = call(&layer, bearing(&idp.token().audience("api://another").sign())).await;
    assert_eq!(refused.status(), 401);
    assert!(refused.body().contains("auth_token_audience_invalid"));
    assert_eq!(call(&layer, Request::new(())).await.headers()["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn headers_reach_the_service_inside_as_they_came() {
    let idp = MockIdp::start().await;
    let layer: AuthLayer<String> = server(&idp).layer();
    let echo = service_fn(|request: Request<()>| async move {
        Ok::<_, Infallible>(Response::new(request.headers()["authorization"].to_str().unwrap().to_owned()))
    });
    let token = idp.token().user("alice").sign();
    let response = layer.layer(echo).oneshot(bearing(&token)).await.unwrap();
    assert_eq!(*response.body(), format!("Bearer {token}"));
}

#[tokio::test]
async fn an_optional_route_lets_in_no_token_but_no_bad_one() {
    let idp = MockIdp::start().await;
    let layer = server(&idp).layer().optional();
    assert_eq!(call(&layer, Request::new(())).await.body(), "nobody");
    assert_eq!(call(&layer, bearing("junk")).await.status(), 401);
    let good = idp.token().user("alice").claim("sub", "alice's").sign();
    assert_eq!(call(&layer, bearing(&good)).await.body(), "alice's");
}

#[tokio::test]
async fn a_token_that_an_earlier_layer_left_behind_does_not_count() {
    let idp = MockIdp::start().await;
    let server = server(&idp);
    let stale = server.validate(&idp.token().user("alice").sign()).await.unwrap();
    let mut request = Request::new(());
    request.extensions_mut().insert(stale);
    assert_eq!(call(&server.layer().optional(), request).await.body(), "nobody");
}

#[tokio::test]
async fn a_requirement_is_met_by_a_users_scope_or_a_daemons_role_and_else_answered_with_403() {
    let idp = MockIdp::start().await;
    let requirement = Requirement::scopes(["Orders.Read"]).or_roles(["Orders.Read.All"]);
    let layer = server(&idp).layer().require(requirement);
    assert_eq!(call(&layer, bearing(&idp.token().user("alice").sign())).await.status(), 200);
    assert_eq!(call(&layer, bearing(&idp.token().sign())).await.status(), 200);

    let refused = call(&layer, bearing(&idp.token().user("alice").scopes(["Orders.Write"]).sign())).await;
    assert_eq!(refused.status(), 403);
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.ends_with(r#"scope="Orders.Read""#), "{challenge}");
}

#[tokio::test]
async fn a_requirement_of_roles_alone_is_not_met_by_a_scope_of_that_name() {
    let idp = MockIdp::start().await;
    let layer = server(&idp).layer().require(Requirement::roles(["Orders.Read.All"]));
    let token = idp.token().user("alice").scopes(["Orders.Read.All"]).sign();
    let refused = call(&layer, bearing(&token)).await;
    assert_eq!(refused.status(), 403);
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(!challenge.contains("scope="), "roles cannot be asked for: {challenge}");
}

#[tokio::test]
async fn a_route_layer_of_axum_guards_one_route() {
    let idp = MockIdp::start().await;
    let guard: AuthLayer<Body> = server(&idp).layer();
    let app = Router::new()
        .route("/orders", get(|| async { "orders" }))
        .route_layer(guard)
        .route("/health", get(|| async { "ok" }));
    let status = |path: &'static str, token: Option<String>| {
        let (app, mut request) = (app.clone(), Request::get(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        async move { app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status() }
    };
    assert_eq!(status("/health", None).await, 200);
    assert_eq!(status("/orders", None).await, 401);
    assert_eq!(status("/orders", Some(idp.token().sign())).await, 200);
}

/// What `?` in a handler answers, and whether a token is validated once or twice, seen by the requests for keys.
#[tokio::test]
async fn a_handler_that_refuses_with_a_question_mark_answers_as_the_server_would() {
    async fn orders(token: VerifiedToken) -> Result<&'static str, Forbidden> {
        token.require_scopes(["Orders.Delete"])?;
        Ok("deleted")
    }
    async fn payments(token: VerifiedToken) -> Result<&'static str, AuthError> {
        token.require_auth_context("c1")?;
        Ok("paid")
    }
    let idp = MockIdp::start().await;
    let url = Uri::from_static("https://api.example/.well-known/oauth-protected-resource");
    let server = server(&idp).contact("mailto:api@contoso.example").resource_metadata(&url);
    let app =
        Router::new().route("/orders", get(orders)).route("/payments", get(payments)).with_state(server);
    let capable = idp.token().user("alice").claim("xms_cc", vec!["cp1"]).sign();
    for (path, status) in [("/orders", 403), ("/payments", 401)] {
        let request = Request::get(path).header("authorization", format!("Bearer {capable}"));
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status);
        let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(challenge.contains(&format!("resource_metadata=\"{url}\"")), "{challenge}");
        let body = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("mailto:api@contoso.example"));
    }
}

#[tokio::test]
async fn the_extractor_under_the_layer_takes_the_layers_token_and_that_of_no_other_server() {
    let idp = MockIdp::start().await;
    let clock = |count: &Arc<AtomicUsize>| {
        let count = Arc::clone(count);
        move || {
            count.fetch_add(1, Ordering::Relaxed);
            std::time::SystemTime::now()
        }
    };
    // Each validation asks for the time once.
    let (validations, of_other) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let ours = server(&idp).clock(clock(&validations));
    let other = server(&idp).clock(clock(&of_other));
    let app = |layer: AuthLayer<Body>| {
        let handler = |token: VerifiedToken| async move { token.claims().sub.clone() };
        Router::new().route("/", get(handler)).layer(layer).with_state(ours.clone())
    };
    let request = || {
        let request = Request::get("/").header("authorization", format!("Bearer {}", idp.token().sign()));
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(app(ours.layer()).oneshot(request()).await.unwrap().status(), 200);
    assert_eq!(validations.load(Ordering::Relaxed), 1, "the layer's alone");
    assert_eq!(app(other.layer()).oneshot(request()).await.unwrap().status(), 200);
    assert_eq!((validations.load(Ordering::Relaxed), of_other.load(Ordering::Relaxed)), (2, 1));
}

#[tokio::test]
async fn a_scoped_extractor_and_a_list_of_tools_refuse_what_they_do_not_name() {
    struct OrdersRead;
    impl Permissions for OrdersRead {
        const SCOPES: &'static [&'static str] = &["Orders.Read"];
        const ROLES: &'static [&'static str] = &["Orders.Read.All"];
    }
    struct Nothing;
    impl Permissions for Nothing {}

    let idp = MockIdp::start().await;
    let server = server(&idp);
    let app = Router::new()
        .route(
            "/orders",
            get(|token: Scoped<OrdersRead>| async move { token.into_inner().claims().sub.clone() }),
        )
        .route("/nothing", get(|_: Scoped<Nothing>| async { "never" }))
        .with_state(server.clone());
    let tools = ToolRequirements::new()
        .tool("list_orders", Requirement::scopes(["Orders.Read"]))
        .tool("cancel_order", Requirement::scopes(["Orders.Write"]));
    let reader = idp.token().user("alice").scopes(["Orders.Read"]).sign();
    let writer = idp.token().user("alice").scopes(["Orders.Write"]).sign();
    for (path, token, status) in [
        ("/orders", &reader, 200),
        ("/orders", &writer, 403),
        ("/orders", &idp.token().sign(), 200),
        ("/nothing", &reader, 403),
    ] {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
    let token = server.validate(&reader).await.unwrap();
    assert!(tools.check(&token, "list_orders").is_ok());
    assert!(tools.check(&token, "cancel_order").is_err());
    assert!(tools.check(&token, "drop_table").is_err(), "a tool that is not listed is refused");
}

#[tokio::test]
async fn challenges_name_the_resource_metadata_and_it_is_served_by_one_line() {
    let idp = MockIdp::start().await;
    let url = Uri::from_static("https://api.example/.well-known/oauth-protected-resource");
    let layer = server(&idp).resource_metadata(&url).layer();
    let challenge =
        |response: Response<String>| response.headers()["www-authenticate"].to_str().unwrap().to_owned();
    let named = r#"resource_metadata="https://api.example/.well-known/oauth-protected-resource""#;
    assert_eq!(challenge(call(&layer, Request::new(())).await), format!("Bearer {named}"));
    assert_eq!(
        challenge(call(&layer, bearing("junk")).await),
        format!(r#"Bearer error="invalid_token", error_description="auth_token_invalid", {named}"#)
    );

    let metadata = ResourceMetadata::new("api://orders")
        .authorization_server("https://issuer.example/v2.0")
        .scopes(["api://orders/Orders.Read"]);
    let app: Router = Router::new().route(ResourceMetadata::PATH, get(metadata));
    let request = Request::get(ResourceMetadata::PATH).body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&body).unwrap(),
        serde_json::json!({
            "resource": "api://orders",
            "authorization_servers": ["https://issuer.example/v2.0"],
            "scopes_supported": ["api://orders/Orders.Read"],
            "bearer_methods_supported": ["header"],
        })
    );
}

/// Never ready.
#[derive(Clone)]
struct Exhausted;

impl Service<Request<()>> for Exhausted {
    type Response = Response<String>;
    type Error = &'static str;
    type Future = std::future::Ready<Result<Response<String>, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Err("exhausted"))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        std::future::ready(Ok(Response::new("called all the same".to_owned())))
    }
}

#[tokio::test]
async fn a_service_that_is_not_ready_is_not_called() {
    let idp = MockIdp::start().await;
    let layer: AuthLayer<String> = server(&idp).layer();
    let request = bearing(&idp.token().user("alice").sign());
    assert_eq!(layer.layer(Exhausted).oneshot(request).await.unwrap_err(), "exhausted");
}
