//! A browser's preflight carries no token: the CORS layer goes outside of the one that requires it. Of axum's layers the last
//! is the outermost.

use axum::{
    Router,
    http::{
        HeaderValue, Method,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
    },
    routing::get,
};
use entra_validator::ResourceServer;
use tower_http::cors::CorsLayer;

/// An API for a single-page app at `origin`. The app can read why a request was refused, since the challenge is exposed.
pub fn app(server: &ResourceServer, origin: HeaderValue) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET])
        .allow_headers([AUTHORIZATION])
        .expose_headers([WWW_AUTHENTICATE]);
    Router::new().route("/orders", get(async || "orders")).layer(server.layer()).layer(cors)
}
