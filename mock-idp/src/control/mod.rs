//! The control surface: health, directory, forge, keys, clock, faults, requests. For tests on this machine.

mod directory;
mod forge;
mod guard;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State as Shared},
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    clock::Setting,
    faults::FaultRule,
    requests::{Endpoint, RecordedRequest},
    state::State,
};

pub(crate) fn router(state: &Arc<State>) -> Router<Arc<State>> {
    Router::new()
        .route("/_mock/health", get(health))
        .route("/_mock/directory", get(directory::directory))
        .route("/_mock/tokens", post(forge::forge))
        .route("/_mock/keys", get(keys))
        .route("/_mock/keys/rotate", post(rotate_keys))
        .route("/_mock/clock", get(clock).put(set_clock).delete(reset_clock))
        .route("/_mock/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_mock/requests", get(requests).delete(clear_requests))
        .route("/_mock/reset", post(reset))
        .layer(middleware::from_fn_with_state(Arc::clone(state), guard::guard))
}

/// A refusal of the control surface: what is wrong, and what would be right.
fn bad_request(message: impl Into<String>) -> (StatusCode, Json<Value>) {
    (StatusCode::BAD_REQUEST, Json(json!({"error": "bad_request", "message": message.into()})))
}

/// Reads a JSON body whatever its content type says: `curl -d` says that it is a form.
fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, (StatusCode, Json<Value>)> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| bad_request(format!("the body is not what is expected: {error}")))
}

async fn health() -> Json<Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

async fn keys(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let ring = state.keys();
    let keys: Vec<Value> = ring.published_keys().map(|key| key.jwk()).collect();
    Json(json!({"current": ring.current().kid(), "keys": keys}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    #[serde(default = "yes")]
    keep_old: bool,
}

fn yes() -> bool {
    true
}

async fn rotate_keys(
    Shared(state): Shared<Arc<State>>,
    body: axum::body::Bytes,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    let rotation: Rotation = read(&body)?;
    state.keys().rotate(rotation.keep_old);
    Ok(keys(Shared(state)).await)
}

async fn clock(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let Setting { offset_seconds, frozen_at } = state.clock.setting();
    Json(json!({"now": state.clock.now(), "offset_seconds": offset_seconds, "frozen_at": frozen_at}))
}

async fn set_clock(
    Shared(state): Shared<Arc<State>>,
    body: axum::body::Bytes,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    state.clock.set(read(&body)?);
    Ok(clock(Shared(state)).await)
}

async fn reset_clock(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    state.clock.reset();
    clock(Shared(state)).await
}

async fn faults(Shared(state): Shared<Arc<State>>) -> Json<Vec<FaultRule>> {
    Json(state.faults.all())
}

async fn add_fault(
    Shared(state): Shared<Arc<State>>,
    body: axum::body::Bytes,
) -> Result<Json<Vec<FaultRule>>, (StatusCode, Json<Value>)> {
    let rule: FaultRule = read(&body)?;
    rule.check().map_err(bad_request)?;
    state.faults.add(rule);
    Ok(faults(Shared(state)).await)
}

async fn clear_faults(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Filter {
    endpoint: Option<Endpoint>,
}

#[derive(Serialize)]
struct RequestsAnswer {
    counts: BTreeMap<Endpoint, u64>,
    requests: Vec<RecordedRequest>,
}

async fn requests(Shared(state): Shared<Arc<State>>, Query(filter): Query<Filter>) -> Json<RequestsAnswer> {
    let all = state.requests.all();
    let requests = match filter.endpoint {
        Some(endpoint) => all.to(endpoint),
        None => all,
    };
    Json(RequestsAnswer { counts: state.requests.counts(), requests: requests.into_iter().collect() })
}

async fn clear_requests(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.requests.clear();
    StatusCode::NO_CONTENT
}

async fn reset(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.reset();
    StatusCode::NO_CONTENT
}
