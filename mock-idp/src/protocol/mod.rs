//! Entra's endpoints over HTTP. A handler extracts, calls, maps.

mod authorize;
mod cookie;
mod device_page;
mod discovery;
mod federation;
mod graph;
mod instance;
mod keys;
mod logout;
mod managed_identity;
mod page;
mod record;
mod tenant_segment;
mod token;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::{control, error::OAuthError, idp::Idp, requests::Details};

/// The table of contents.
pub(crate) fn router(idp: &Arc<Idp>) -> Router {
    Router::new()
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::v2))
        .route("/{tenant}/.well-known/openid-configuration", get(discovery::v1))
        .route("/{tenant}/discovery/v2.0/keys", get(keys::v2))
        .route("/{tenant}/discovery/keys", get(keys::v1))
        .route("/common/discovery/instance", get(instance::discovery))
        .route("/common/UserRealm/{user}", get(instance::user_realm))
        .route("/common/userrealm/{user}", get(instance::user_realm))
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize::by_query).post(authorize::by_form))
        .route("/{tenant}/oauth2/authorize", get(authorize::by_query).post(authorize::by_form))
        .route("/{tenant}/oauth2/v2.0/token", post(token::v2).fallback(token::only_post))
        .route("/{tenant}/oauth2/token", post(token::v1).fallback(token::only_post))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(token::device_v2).fallback(token::only_post))
        .route("/{tenant}/oauth2/devicecode", post(token::device_v1).fallback(token::only_post))
        .route("/{tenant}/oauth2/v2.0/devicelogin", get(device_page::by_query).post(device_page::by_form))
        .route("/{tenant}/oauth2/v2.0/logout", get(logout::by_query).post(logout::by_form))
        .route("/{tenant}/oauth2/logout", get(logout::by_query).post(logout::by_form))
        .route("/oidc/userinfo", get(graph::userinfo).post(graph::userinfo))
        .route("/{tenant}/openid/userinfo", get(graph::userinfo).post(graph::userinfo))
        .route("/v1.0/me", get(graph::me))
        .route("/v1.0/me/getMemberObjects", post(graph::my_groups))
        .route("/v1.0/users/{user}/getMemberObjects", post(graph::groups_of))
        .route("/metadata/identity/oauth2/token", get(managed_identity::imds))
        .route("/msi/token", get(managed_identity::app_service))
        .route("/", get(page::home))
        .route("/assets/{name}", get(page::asset))
        .merge(control::router(idp))
        .fallback(absent)
        .layer(middleware::from_fn_with_state(Arc::clone(idp), record::record))
        .with_state(Arc::clone(idp))
}

/// What Entra has and this mock lacks is not there, rather than pretended.
async fn absent() -> Response {
    const REASON: &str = "This mock identity provider has no such endpoint.";
    let mut response =
        (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "error_description": REASON})))
            .into_response();
    response.extensions_mut().insert(Details::refused("not_found", REASON));
    response
}

/// An error as Entra answers it.
fn refuse(idp: &Idp, headers: &HeaderMap, error: &OAuthError) -> Response {
    let correlation_id = headers.get("client-request-id").and_then(|value| value.to_str().ok());
    let body = error.body(&idp.base_url, &idp.occurrence(correlation_id));
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, Json(body)).into_response();
    response.extensions_mut().insert(Details::from(error));
    response
}

/// Metadata is for every origin; and for the same day, as Entra's.
fn public(body: serde_json::Value) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 3] = [
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400, private")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (HEADERS, Json(body)).into_response()
}
