//! Responses that endpoints share.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    aadsts::Aadsts, body::Unread, error::OAuthError, idp::Idp, origin::FOR_THIS_ORIGIN, requests::Details,
};

/// What Entra has and this mock does not have is absent, rather than pretended.
pub(super) async fn absent() -> Response {
    const REASON: &str = "This mock identity provider has no such endpoint.";
    let body = Json(json!({"error": "not_found", "error_description": REASON}));
    let mut response = (StatusCode::NOT_FOUND, FOR_THIS_ORIGIN, body).into_response();
    response.extensions_mut().insert(Details::refused("not_found", REASON));
    response
}

/// The body was too long, too slow or broken.
pub(super) fn unread(Unread { status, message }: &Unread) -> Response {
    let body = Json(json!({"error": "invalid_request", "error_description": message}));
    let mut response = (*status, body).into_response();
    response.extensions_mut().insert(Details::refused("invalid_request", message));
    response
}

pub(super) async fn only_post(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    refuse(&idp, &headers, &Aadsts::PostExpected.because("The endpoint accepts POST requests only."))
}

/// An error in Entra's form.
pub(super) fn refuse(idp: &Idp, headers: &HeaderMap, error: &OAuthError) -> Response {
    let correlation_id = headers.get("client-request-id").and_then(|value| value.to_str().ok());
    let body = error.body(&idp.base_url, &idp.occurrence(correlation_id));
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, Json(body)).into_response();
    response.extensions_mut().insert(Details::from(error));
    response
}

/// Every origin may read metadata, and caches keep it for a day, as Entra's.
pub(super) fn public(body: Value) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 3] = [
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400, private")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (HEADERS, Json(body)).into_response()
}
