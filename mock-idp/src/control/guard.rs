//! The control surface is for this machine, and for no page of another origin.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, Request, State as Shared},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::state::State;

pub(super) async fn guard(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if !peer.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback()) {
        return forbidden("the control surface answers to this machine only");
    }
    let origin = request.headers().get(header::ORIGIN);
    if origin.is_some_and(|origin| origin.as_bytes() != state.base_url.as_bytes()) {
        return forbidden("the control surface does not answer pages of other origins");
    }
    // A page whose name was made to resolve to this machine (DNS rebinding) sends no foreign origin with a GET.
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_local_name(host) && !state.base_url.ends_with(&format!("//{host}")) {
        return forbidden("the control surface is addressed by a name of this machine");
    }
    next.run(request).await
}

fn is_local_name(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn forbidden(message: &str) -> Response {
    (StatusCode::FORBIDDEN, Json(json!({"error": "forbidden", "message": message}))).into_response()
}
