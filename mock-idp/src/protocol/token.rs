//! The token endpoint (RFC 6749 §3.2).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    aadsts::Aadsts,
    directory::{Directory, Platform},
    error::OAuthError,
    grant::{self, DeviceAnswer, Parameters, PathTenant, TokenRequest, Wishes},
    idp::Idp,
    requests::Details,
    token::{KeyRing, TokenVersion},
};

use super::{federation, refuse, tenant_segment::TenantSegment};

pub(super) async fn v2(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    token(&idp, &tenant, &headers, &body, TokenVersion::V2).await
}

/// The older endpoint, whose answers have another form.
pub(super) async fn v1(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    token(&idp, &tenant, &headers, &body, TokenVersion::V1).await
}

async fn token(
    idp: &Idp,
    tenant: &str,
    headers: &HeaderMap,
    body: &Bytes,
    version: TokenVersion,
) -> Response {
    let parameters = match Parameters::parse(body) {
        Ok(parameters) => parameters,
        Err(error) => return refuse(idp, headers, &error),
    };
    let foreign = federation::verify(idp, &parameters).await;
    let request = Request { idp, tenant, headers, parameters: &parameters, version };
    let answer = request.answer(foreign);
    let response = match answer {
        Ok((platform, body)) => {
            let mut response = Json(body).into_response();
            allow_origin(&mut response, platform, headers);
            response
        }
        Err(error) => refuse(idp, headers, &error),
    };
    finished(response, &parameters)
}

/// The device authorization endpoint (RFC 8628 §3.1).
pub(super) async fn device_v2(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    device(&idp, &tenant, &headers, &body, TokenVersion::V2)
}

/// The older one calls the address otherwise, and writes numbers as text.
pub(super) async fn device_v1(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    device(&idp, &tenant, &headers, &body, TokenVersion::V1)
}

fn device(idp: &Idp, tenant: &str, headers: &HeaderMap, body: &Bytes, version: TokenVersion) -> Response {
    let parameters = match Parameters::parse(body) {
        Ok(parameters) => parameters,
        Err(error) => return refuse(idp, headers, &error),
    };
    let request = Request { idp, tenant, headers, parameters: &parameters, version };
    let response = match request.device() {
        Ok(answer) if version == TokenVersion::V2 => Json(answer).into_response(),
        Ok(answer) => Json(serde_json::json!({
            "user_code": answer.user_code,
            "device_code": answer.device_code,
            "verification_url": answer.verification_uri,
            "expires_in": answer.expires_in.to_string(),
            "interval": answer.interval.to_string(),
            "message": answer.message,
        }))
        .into_response(),
        Err(error) => refuse(idp, headers, &error),
    };
    finished(response, &parameters)
}

pub(super) async fn only_post(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    refuse(&idp, &headers, &Aadsts::PostExpected.because("The endpoint takes POST requests only."))
}

const UNCACHED: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::EXPIRES, HeaderValue::from_static("-1")),
];

fn finished(mut response: Response, parameters: &Parameters) -> Response {
    for (name, value) in UNCACHED {
        response.headers_mut().insert(name, value);
    }
    let text = |name| parameters.get(name).map(str::to_owned);
    let details = response.extensions_mut().get_or_insert_default::<Details>();
    (details.client, details.grant) = (text("client_id"), text("grant_type"));
    response
}

/// A request to one of the endpoints that programs ask.
struct Request<'a> {
    idp: &'a Idp,
    tenant: &'a str,
    headers: &'a HeaderMap,
    parameters: &'a Parameters,
    version: TokenVersion,
}

impl Request<'_> {
    fn answer(&self, foreign: Option<Result<(), String>>) -> Result<(Platform, Value), OAuthError> {
        let wishes = Wishes::of(self.parameters, self.version == TokenVersion::V1)?;
        let keys = self.idp.keys().clone();
        let directory = self.idp.directory();
        let request = self.token_request(&directory, &keys, foreign)?;
        let grant = grant::grant(&request, &mut self.idp.store())?;
        let (platform, issuer) = (grant.platform, self.idp.issuer());
        let body = match self.version {
            TokenVersion::V2 => serde_json::to_value(issuer.respond(grant, &wishes)?).unwrap_or_default(),
            TokenVersion::V1 => issuer.respond_v1(grant, &wishes)?,
        };
        Ok((platform, body))
    }

    fn device(&self) -> Result<DeviceAnswer, OAuthError> {
        let keys = self.idp.keys().clone();
        let directory = self.idp.directory();
        let request = self.token_request(&directory, &keys, None)?;
        let user = self.idp.sign_in.as_deref().and_then(|user| directory.user(user));
        grant::start_device(&request, user, &mut self.idp.store())
    }

    fn token_request<'b>(
        &'b self,
        directory: &'b Directory,
        keys: &'b KeyRing,
        foreign: Option<Result<(), String>>,
    ) -> Result<TokenRequest<'b>, OAuthError> {
        let tenant = PathTenant::of(directory, self.tenant)?;
        Ok(TokenRequest {
            parameters: self.parameters,
            basic: basic(self.headers)?,
            cross_origin: self.headers.contains_key(header::ORIGIN),
            tenant: tenant.one(),
            common: tenant.common(),
            directory,
            base_url: &self.idp.base_url,
            keys,
            foreign,
            now: self.idp.clock.now(),
            version_one: self.version == TokenVersion::V1,
        })
    }
}

/// Name and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let malformed = || {
        Aadsts::InvalidRequest.because("The Authorization header is not 'Basic' with a name and a secret.")
    };
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
