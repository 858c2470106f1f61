//! The control surface is for this machine, or for whoever has the token, and for no page of another origin.

use std::{net::SocketAddr, sync::Arc};

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use axum::{
    extract::{ConnectInfo, Request, State as Shared},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::state::State;

use super::Refused;

/// What everyone must present who wants to use the control surface. Kept as a digest: it is compared in constant time,
/// whatever its length, and cannot be printed.
#[derive(Debug)]
pub(crate) struct ControlToken([u8; 32]);

impl ControlToken {
    /// # Errors
    ///
    /// What is wrong, if the text cannot travel as a bearer token
    /// ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err("the control token must be of letters, digits and -._~+/=".to_owned());
        }
        Ok(Self(Self::digest(text)))
    }

    fn digest(text: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        bytes
    }

    fn is_presented(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((scheme, token)) = value.and_then(|value| value.split_once(' ')) else { return false };
        scheme.eq_ignore_ascii_case("Bearer")
            && verify_slices_are_equal(&Self::digest(token.trim()), &self.0).is_ok()
    }
}

pub(super) async fn guard(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    match check(&state, &request) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

fn check(state: &State, request: &Request) -> Result<(), Refused> {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 has the name in the request's address.
    let host = request.uri().authority().map(axum::http::uri::Authority::as_str).or(host).unwrap_or_default();
    let forbidden = |message: &str| Err(Refused::forbidden(message));
    if let Some(origin) = headers.get(header::ORIGIN) {
        let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        if authority.is_none_or(|(_, authority)| authority != host)
            && origin.as_bytes() != state.base_url.as_bytes()
        {
            return forbidden("the control surface does not answer pages of other origins");
        }
    }
    if let Some(token) = &state.control_token {
        return if token.is_presented(headers) { Ok(()) } else { Err(Refused::unauthorized()) };
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_local = peer.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback());
    // A proxy on this machine speaks for another one.
    if !is_local || headers.contains_key("forwarded") || headers.contains_key("x-forwarded-for") {
        return forbidden(
            "the control surface answers to this machine only, unless --control-token is given",
        );
    }
    // A page whose name was made to resolve to this machine (DNS rebinding) is of the same origin.
    if !is_local_name(host) && !state.base_url.ends_with(&format!("//{host}")) {
        return forbidden("the control surface is addressed by a name of this machine");
    }
    Ok(())
}

fn is_local_name(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
