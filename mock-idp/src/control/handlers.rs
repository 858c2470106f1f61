//! Handlers that are one call each.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    clock::Setting,
    decoder::{DecodeRequest, Decoded},
    faults::FaultRule,
    idp::Idp,
    token::Rotation,
};

use super::{
    refusal::{Refused, read},
    responses::{ClockResponse, DirectoryResponse, Health, Keys},
};

pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

pub(super) async fn directory(State(idp): State<Arc<Idp>>) -> Json<DirectoryResponse> {
    Json((&*idp.directory()).into())
}

pub(super) async fn decode(State(idp): State<Arc<Idp>>, body: Bytes) -> Result<Json<Decoded>, Refused> {
    let request: DecodeRequest = read(&body)?;
    idp.decode(&request).map(Json).map_err(|error| Refused::bad_request(error.to_string()))
}

pub(super) async fn keys(State(idp): State<Arc<Idp>>) -> Json<Keys> {
    Json((&*idp.keys()).into())
}

/// How to rotate the keys.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateRequest {
    /// Whether the old keys stay published, as in a planned rotation. If not, they are withdrawn, as in an emergency.
    #[serde(default = "stay_published")]
    keep_old: bool,
}

fn stay_published() -> bool {
    true
}

pub(super) async fn rotate_keys(State(idp): State<Arc<Idp>>, body: Bytes) -> Result<Json<Keys>, Refused> {
    let RotateRequest { keep_old } = read(&body)?;
    let rotation = if keep_old { Rotation::Planned } else { Rotation::Emergency };
    let ring = aside(move || idp.rotate_keys(rotation)).await?;
    Ok(Json((&ring).into()))
}

/// Generating keys takes some tenths of a second, in which the other requests go on.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::unfinished())
}

pub(super) async fn clock(State(idp): State<Arc<Idp>>) -> Json<ClockResponse> {
    Json((&idp.clock).into())
}

pub(super) async fn set_clock(
    State(idp): State<Arc<Idp>>,
    body: Bytes,
) -> Result<Json<ClockResponse>, Refused> {
    let setting: Setting = read(&body)?;
    setting.check().map_err(Refused::bad_request)?;
    idp.clock.apply(setting);
    Ok(Json((&idp.clock).into()))
}

pub(super) async fn reset_clock(State(idp): State<Arc<Idp>>) -> Json<ClockResponse> {
    idp.clock.reset();
    Json((&idp.clock).into())
}

pub(super) async fn faults(State(idp): State<Arc<Idp>>) -> Json<Vec<FaultRule>> {
    Json(idp.faults.all())
}

pub(super) async fn add_fault(
    State(idp): State<Arc<Idp>>,
    body: Bytes,
) -> Result<Json<Vec<FaultRule>>, Refused> {
    let rule: FaultRule = read(&body)?;
    rule.check().map_err(Refused::bad_request)?;
    idp.faults.add(rule);
    Ok(Json(idp.faults.all()))
}

pub(super) async fn clear_faults(State(idp): State<Arc<Idp>>) -> StatusCode {
    idp.faults.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn reset(State(idp): State<Arc<Idp>>) -> Result<StatusCode, Refused> {
    aside(move || idp.reset()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfClient {
    /// The app: name or client id. Default: every app.
    client: Option<String>,
}

pub(super) async fn revoke_consents(
    State(idp): State<Arc<Idp>>,
    query: Result<Query<OfClient>, QueryRejection>,
) -> Result<StatusCode, Refused> {
    let Query(OfClient { client }) = query.map_err(|error| Refused::bad_request(error.body_text()))?;
    if idp.revoke_consents(client.as_deref()) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let name = client.unwrap_or_default();
    Err(Refused::bad_request(format!("there is no app {name:?}: GET /_mock/directory lists them")))
}
