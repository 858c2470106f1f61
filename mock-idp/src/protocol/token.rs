//! The token endpoint (RFC 6749 §3.2).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use crate::{
    directory::Platform,
    error::OAuthError,
    grant::{self, ClientAssertion, Parameters, ProtocolVersion, ResponseOptions, TokenResponse},
    idp::Idp,
};

use super::{cors::readable, extract::TenantSegment, federation, response::refuse, token_request::Received};

pub(super) async fn token(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    version: ProtocolVersion,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = match Parameters::parse(&body) {
        Ok(parameters) => parameters,
        Err(error) => return refuse(&idp, &headers, &error),
    };
    let assertion = federation::client_assertion(&idp, &parameters).await;
    let received =
        Received { idp: &idp, version, tenant: &tenant, headers: &headers, parameters: &parameters };
    let (platform, body) = match granted(&received, assertion) {
        Ok((platform, body)) => (Some(platform), Ok(body)),
        Err(error) => (None, Err(error)),
    };
    let mut response = received.respond(body);
    // Pages may read a success only if what they redeemed was issued to a single-page app.
    if platform == Some(Platform::Spa) {
        readable(&mut response);
    }
    response
}

fn granted(
    received: &Received<'_>,
    assertion: Option<ClientAssertion<'_>>,
) -> Result<(Platform, TokenResponse), OAuthError> {
    let options = ResponseOptions::of(received.parameters, received.version)?;
    let (directory, keys) = (received.idp.directory(), received.idp.keys().clone());
    let request = received.request(&directory, &keys, assertion)?;
    let grant = grant::grant(&request, &mut received.idp.store())?;
    let platform = grant.platform;
    Ok((platform, received.idp.mint(&directory).respond(grant, &options)))
}
