//! Responses that endpoints share.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    aadsts::Aadsts,
    body::Unread,
    error::{ErrorBody, OAuthError},
    idp::Idp,
    origin::FOR_THIS_ORIGIN,
    requests::Details,
};

use super::correlation::{CLIENT_REQUEST_ID, CLIENT_TELEMETRY, identify};

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

/// What an error says at this occurrence of it.
pub(super) fn error_body(idp: &Idp, headers: &HeaderMap, error: &OAuthError) -> ErrorBody {
    let correlation_id = headers.get(CLIENT_REQUEST_ID).and_then(|value| value.to_str().ok());
    error.body(&idp.base_url, &idp.occurrence(correlation_id))
}

/// JSON as Entra's endpoints send it: with a character set.
pub(super) struct EntraJson<T>(pub(super) T);

impl<T: Serialize> IntoResponse for EntraJson<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

/// An error in Entra's form.
pub(super) fn refuse(idp: &Idp, headers: &HeaderMap, error: &OAuthError) -> Response {
    let body = error_body(idp, headers, error);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, EntraJson(&body)).into_response();
    identify(response.headers_mut(), &body.trace_id);
    if let Ok(telemetry) = HeaderValue::try_from(format!("1,{},0,,", error.code.number())) {
        response.headers_mut().insert(CLIENT_TELEMETRY, telemetry);
    }
    response.extensions_mut().insert(Details::from(error));
    response
}

/// Caches keep metadata for a day, as Entra's.
pub(super) fn public(body: impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, "max-age=86400, private")], EntraJson(body)).into_response()
}
