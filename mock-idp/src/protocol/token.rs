//! The token endpoint (RFC 6749 §3.2).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State as Shared},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    directory::Platform,
    error::OAuthError,
    grant::{self, Parameters, TokenRequest, TokenResponse},
    requests::Details,
    state::State,
};

use super::refuse;

pub(super) async fn token(
    Shared(state): Shared<Arc<State>>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = match Parameters::parse(&body) {
        Ok(parameters) => parameters,
        Err(error) => return refuse(&state, &headers, &error),
    };
    let mut response = match answer(&state, &tenant, &headers, &parameters) {
        Ok((platform, body)) => {
            let mut response = Json(body).into_response();
            allow_origin(&mut response, platform, &headers);
            response
        }
        Err(error) => refuse(&state, &headers, &error),
    };
    for (name, value) in UNCACHED {
        response.headers_mut().insert(name, value);
    }
    let error = response.extensions().get::<Details>().and_then(|details| details.error);
    let text = |name| parameters.get(name).map(str::to_owned);
    response.extensions_mut().insert(Details { client: text("client_id"), grant: text("grant_type"), error });
    response
}

pub(super) async fn only_post(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    refuse(&state, &headers, &OAuthError::new(900_561, "The endpoint takes POST requests only."))
}

const UNCACHED: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::EXPIRES, HeaderValue::from_static("-1")),
];

fn answer(
    state: &State,
    tenant: &str,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<(Platform, TokenResponse), OAuthError> {
    let request = TokenRequest {
        parameters,
        basic: basic(headers)?,
        cross_origin: headers.contains_key(header::ORIGIN),
        tenant: state.tenant(tenant)?.one(),
        directory: &state.directory,
        now: state.clock.now(),
    };
    let grant = grant::grant(&request, &mut state.store())?;
    let platform = grant.platform;
    Ok((platform, state.issuer().respond(grant, parameters.get("client_info") == Some("1"))?))
}

/// Name and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let malformed =
        || OAuthError::new(9_002_313, "The Authorization header is not 'Basic' with a name and a secret.");
    let text = value.to_str().map_err(|_| malformed())?;
    let (scheme, credentials) = text.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(malformed());
    }
    let decoded = STANDARD.decode(credentials.trim()).map_err(|_| malformed())?;
    let joined = String::from_utf8(decoded).map_err(|_| malformed())?;
    let (id, secret) = joined.split_once(':').ok_or_else(malformed)?;
    Ok(Some((form_decoded(id), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// Pages may read the answer only if what they redeemed was issued to a single-page app.
fn allow_origin(response: &mut Response, platform: Platform, headers: &HeaderMap) {
    if let (Platform::Spa, Some(origin)) = (platform, headers.get(header::ORIGIN)) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}
