//! The control surface is for this machine, or for everyone who has the token, and for no page of another origin.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    body::{self, read_whole},
    idp::Idp,
    origin::{self, FOR_THIS_ORIGIN},
};

use super::refusal::Refused;

pub(super) async fn guard(State(idp): State<Arc<Idp>>, request: Request, next: Next) -> Response {
    (FOR_THIS_ORIGIN, guarded(&idp, request, next).await).into_response()
}

async fn guarded(idp: &Idp, request: Request, next: Next) -> Response {
    if let Err(refused) = check(idp, &request) {
        return refused.into_response();
    }
    match read_whole(request, body::CONTROL).await {
        Ok(request) => next.run(request).await,
        Err(unread) => Refused::unread(unread).into_response(),
    }
}

fn check(idp: &Idp, request: &Request) -> Result<(), Refused> {
    let headers = request.headers();
    let host = origin::host(headers, request.uri());
    let forbidden = |message: &str| Err(Refused::forbidden(message));
    if origin::is_foreign(headers, request.uri(), &idp.base_url) {
        return forbidden("the control surface refuses pages of other origins");
    }
    if let Some(token) = &idp.control_token {
        let presented = bearer(headers).is_some_and(|presented| token.matches(presented));
        return if presented { Ok(()) } else { Err(Refused::unauthorized()) };
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_local = peer.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback());
    if !is_local || is_proxied(request) {
        return forbidden(
            "the control surface accepts requests from this machine only, and none of a proxy, unless --control-token is \
             given",
        );
    }
    // A page whose name was made to resolve to this machine (DNS rebinding) is of the same origin.
    if !is_local_name(host) && !idp.base_url.ends_with(&format!("//{host}")) {
        return forbidden("the control surface must be called by a name of this machine");
    }
    Ok(())
}

/// A proxy on this machine speaks for another one. Not every proxy says what it is: nginx by default sends no such header, but
/// HTTP/1.0, which no client of today speaks.
fn is_proxied(request: &Request) -> bool {
    const OF_PROXIES: [&str; 7] = [
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-real-ip",
    ];
    request.version() < Version::HTTP_11
        || OF_PROXIES.iter().any(|name| request.headers().contains_key(*name))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token.trim())
}

fn is_local_name(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
