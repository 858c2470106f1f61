//! What the token endpoint and the device authorization endpoint share.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    aadsts::Aadsts,
    directory::Directory,
    error::OAuthError,
    grant::{ClientAssertion, Parameters, PathTenant, ProtocolVersion, TokenRequest},
    idp::Idp,
    token::KeyRing,
};

use super::{
    correlation::CLIENT_TELEMETRY,
    response::{EntraJson, refuse},
};

/// What was received.
pub(super) struct Received<'a> {
    pub(super) idp: &'a Idp,
    pub(super) version: ProtocolVersion,
    pub(super) tenant: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) parameters: &'a Parameters,
}

impl Received<'_> {
    pub(super) fn request<'a>(
        &'a self,
        directory: &'a Directory,
        keys: &'a KeyRing,
        assertion: Option<ClientAssertion<'a>>,
    ) -> Result<TokenRequest<'a>, OAuthError> {
        Ok(TokenRequest {
            parameters: self.parameters,
            version: self.version,
            tenant: PathTenant::of(directory, self.tenant)?,
            basic: basic(self.headers)?,
            assertion,
            cross_origin: self.headers.contains_key(header::ORIGIN),
            directory,
            base_url: &self.idp.base_url,
            keys,
            now: self.idp.clock.seconds(),
        })
    }

    /// The response: uncacheable, and with the details that are recorded.
    pub(super) fn respond(&self, body: Result<impl Serialize, OAuthError>) -> Response {
        let mut response = match body {
            Ok(body) => {
                ([(CLIENT_TELEMETRY, HeaderValue::from_static("1,0,0,,"))], EntraJson(body)).into_response()
            }
            Err(error) => refuse(self.idp, self.headers, &error),
        };
        response.headers_mut().extend(UNCACHED);
        response
    }
}

const UNCACHED: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::EXPIRES, HeaderValue::from_static("-1")),
];

/// Name and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
pub(super) fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
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
