//! The control surface: health, directory, forge, decoder, keys, clock, faults, requests. For tests on this machine.

mod answers;
mod forge;
mod guard;
mod openapi;
mod operation;
mod requests;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::{
    clock::Setting,
    decoder::{DecodeRequest, Decoded},
    faults::FaultRule,
    idp::Idp,
    token::SignedToken,
};

use answers::{ClockAnswer, ControlError, DirectoryAnswer, Health, Keys, RequestsAnswer};
use operation::Operation;

pub use forge::ForgeRequest;
pub(crate) use openapi::document as openapi;

pub(crate) fn router(idp: &Arc<Idp>) -> Router<Arc<Idp>> {
    let routes = operations()
        .into_iter()
        .fold(Router::new(), |router, operation| router.route(operation.path, operation.handler));
    routes.layer(middleware::from_fn_with_state(Arc::clone(idp), guard::guard))
}

/// The table of contents: the router and its description are both made of it.
fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/_mock/health", health, "Whether the mock serves").answers::<Health>(),
        Operation::get("/_mock/openapi.json", openapi_json, "This document")
            .answers::<serde_json::Map<String, serde_json::Value>>(),
        Operation::get("/_mock/directory", directory, "Tenants, apps with secrets, users with passwords")
            .answers::<DirectoryAnswer>(),
        Operation::post("/_mock/tokens", forge::forge, "A token, as the request describes it")
            .takes::<ForgeRequest>(json!({"user": "alice", "without": ["nbf"]}))
            .answers::<SignedToken>(),
        Operation::post("/_mock/decode", decode, "What a token says, and whether an API would take it")
            .takes::<DecodeRequest>(json!({"token": "eyJhbGciOiJub25lIn0.e30."}))
            .answers::<Decoded>(),
        Operation::get("/_mock/keys", keys, "The signing keys").answers::<Keys>(),
        Operation::post("/_mock/keys/rotate", rotate_keys, "Signs with another key from now on")
            .takes::<Rotation>(json!({"keep_old": true}))
            .answers::<Keys>(),
        Operation::get("/_mock/clock", clock, "The clock that dates the tokens").answers::<ClockAnswer>(),
        Operation::put("/_mock/clock", set_clock, "Shifts the clock, or lets it stand still")
            .takes::<Setting>(json!({"offset_seconds": 3600}))
            .answers::<ClockAnswer>(),
        Operation::delete("/_mock/clock", reset_clock, "Tells the system's time again")
            .answers::<ClockAnswer>(),
        Operation::get("/_mock/faults", faults, "The faults in force, oldest first")
            .answers::<Vec<FaultRule>>(),
        Operation::post("/_mock/faults", add_fault, "Lets an endpoint go wrong from now on")
            .takes::<FaultRule>(json!({"endpoint": "jwks", "fault": {"status": 503}, "times": 2}))
            .answers::<Vec<FaultRule>>(),
        Operation::delete("/_mock/faults", clear_faults, "Ends all faults"),
        Operation::get("/_mock/requests", requests::list, "What was asked of the mock, newest last")
            .query::<requests::Filter>()
            .answers::<RequestsAnswer>(),
        Operation::delete("/_mock/requests", requests::clear, "Forgets what was asked"),
        Operation::get("/_mock/requests/stream", requests::stream, "Requests as they are recorded")
            .query::<requests::Since>()
            .streams::<crate::RecordedRequest>(),
        Operation::post(
            "/_mock/reset",
            reset,
            "Back to the start: keys, clock, faults, requests, sessions, grants",
        ),
    ]
}

/// A refusal of the control surface as HTTP.
struct Refused(StatusCode, ControlError);

impl Refused {
    fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, ControlError { error: "bad_request", message: message.into() })
    }

    fn forbidden(message: &str) -> Self {
        Self(StatusCode::FORBIDDEN, ControlError { error: "forbidden", message: message.into() })
    }

    fn unauthorized() -> Self {
        let message = "the control surface expects the header `Authorization: Bearer` with the control token";
        Self(StatusCode::UNAUTHORIZED, ControlError { error: "unauthorized", message: message.into() })
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let challenge = (self.0 == StatusCode::UNAUTHORIZED)
            .then_some([(header::WWW_AUTHENTICATE, "Bearer realm=\"mock-idp control\"")]);
        let answer = (self.0, Json(self.1));
        match challenge {
            Some(challenge) => (challenge, answer).into_response(),
            None => answer.into_response(),
        }
    }
}

/// Reads a JSON body whatever its content type says: `curl -d` says that it is a form.
fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| Refused::bad_request(format!("the body is not what is expected: {error}")))
}

async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

async fn openapi_json() -> Json<serde_json::Value> {
    Json(openapi())
}

async fn directory(State(idp): State<Arc<Idp>>) -> Json<DirectoryAnswer> {
    Json((&*idp.directory()).into())
}

async fn decode(State(idp): State<Arc<Idp>>, body: axum::body::Bytes) -> Result<Json<Decoded>, Refused> {
    let request: DecodeRequest = read(&body)?;
    idp.decode(&request).map(Json).map_err(|error| Refused::bad_request(error.to_string()))
}

async fn keys(State(idp): State<Arc<Idp>>) -> Json<Keys> {
    Json((&*idp.keys()).into())
}

/// How to rotate the keys.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rotation {
    /// Whether the old keys stay published, as in a planned rotation. Else they are withdrawn, as in an emergency.
    #[serde(default = "yes")]
    keep_old: bool,
}

fn yes() -> bool {
    true
}

async fn rotate_keys(State(idp): State<Arc<Idp>>, body: axum::body::Bytes) -> Result<Json<Keys>, Refused> {
    let rotation: Rotation = read(&body)?;
    let mut ring = idp.keys();
    ring.rotate(rotation.keep_old);
    Ok(Json((&*ring).into()))
}

async fn clock(State(idp): State<Arc<Idp>>) -> Json<ClockAnswer> {
    Json((&idp.clock).into())
}

async fn set_clock(
    State(idp): State<Arc<Idp>>,
    body: axum::body::Bytes,
) -> Result<Json<ClockAnswer>, Refused> {
    let setting: Setting = read(&body)?;
    setting.check().map_err(Refused::bad_request)?;
    idp.clock.set(setting);
    Ok(Json((&idp.clock).into()))
}

async fn reset_clock(State(idp): State<Arc<Idp>>) -> Json<ClockAnswer> {
    idp.clock.reset();
    Json((&idp.clock).into())
}

async fn faults(State(idp): State<Arc<Idp>>) -> Json<Vec<FaultRule>> {
    Json(idp.faults.all())
}

async fn add_fault(
    State(idp): State<Arc<Idp>>,
    body: axum::body::Bytes,
) -> Result<Json<Vec<FaultRule>>, Refused> {
    let rule: FaultRule = read(&body)?;
    rule.check().map_err(Refused::bad_request)?;
    idp.faults.add(rule);
    Ok(Json(idp.faults.all()))
}

async fn clear_faults(State(idp): State<Arc<Idp>>) -> StatusCode {
    idp.faults.clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(idp): State<Arc<Idp>>) -> StatusCode {
    idp.reset();
    StatusCode::NO_CONTENT
}
