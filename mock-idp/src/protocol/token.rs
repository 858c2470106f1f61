//! The token endpoint (RFC 6749 §3.2).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use crate::{
    directory::Platform,
    error::OAuthError,
    grant::{self, ClientAssertion, Parameters, ProtocolVersion, ResponseOptions, TokenResponse},
    idp::Idp,
    requests::Details,
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
    let (user, platform, body) = match issued(&received, assertion) {
        Ok(Issued { user, platform, body }) => (user, Some(platform), Ok(body)),
        Err(error) => (None, None, Err(error)),
    };
    let mut response = received.respond(body);
    response.extensions_mut().get_or_insert_default::<Details>().user = user;
    // Pages may read a success only if what they redeemed was issued to a single-page app.
    if platform == Some(Platform::Spa) {
        readable(&mut response);
    }
    response
}

struct Issued {
    user: Option<String>,
    platform: Platform,
    body: TokenResponse,
}

fn issued(received: &Received<'_>, assertion: Option<ClientAssertion<'_>>) -> Result<Issued, OAuthError> {
    let options = ResponseOptions::of(received.parameters, received.version)?;
    let (directory, keys) = (received.idp.directory(), received.idp.keys().clone());
    let request = received.request(&directory, &keys, assertion)?;
    let grant = grant::grant(&request, &mut received.idp.store())?;
    let (user, platform) = (grant.user.map(|user| user.upn.clone()), grant.platform);
    Ok(Issued { user, platform, body: received.idp.mint(&directory).respond(grant, &options) })
}
