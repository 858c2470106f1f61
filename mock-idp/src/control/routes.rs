//! The table of contents: the router and its description are both made of it.

use std::sync::Arc;

use axum::{Json, Router, middleware};
use serde_json::{Map, Value, json};

use crate::{
    clock::Setting,
    decoder::{DecodeRequest, Decoded},
    faults::FaultRule,
    idp::Idp,
    requests::RecordedRequest,
    token::SignedToken,
};

use super::{
    forge::{self, ForgeRequest},
    guard,
    handlers::{self, OfClient, RotateRequest},
    openapi::document,
    operation::Operation,
    requests,
    responses::{ClockResponse, DirectoryResponse, Health, Keys, RequestsResponse},
};

pub(crate) fn router(idp: &Arc<Idp>) -> Router<Arc<Idp>> {
    let routes = operations()
        .into_iter()
        .fold(Router::new(), |router, operation| router.route(operation.path, operation.handler));
    routes.layer(middleware::from_fn_with_state(Arc::clone(idp), guard::guard))
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/_mock/health", handlers::health, "Whether the mock serves").responds::<Health>(),
        Operation::get("/_mock/openapi.json", openapi_json, "This document").responds::<Map<String, Value>>(),
        Operation::get(
            "/_mock/directory",
            handlers::directory,
            "Tenants, apps with secrets, users with passwords",
        )
        .responds::<DirectoryResponse>(),
        Operation::post("/_mock/tokens", forge::forge, "A token, as the request describes it")
            .body::<ForgeRequest>(json!({"user": "alice", "without": ["nbf"]}))
            .responds::<SignedToken>(),
        Operation::post(
            "/_mock/decode",
            handlers::decode,
            "What a token says, and whether an API would accept it",
        )
        .body::<DecodeRequest>(json!({"token": "eyJhbGciOiJub25lIn0.e30."}))
        .responds::<Decoded>(),
        Operation::get("/_mock/keys", handlers::keys, "The signing keys").responds::<Keys>(),
        Operation::post("/_mock/keys/rotate", handlers::rotate_keys, "Signs with another key from now on")
            .body::<RotateRequest>(json!({"keep_old": true}))
            .responds::<Keys>(),
        Operation::get("/_mock/clock", handlers::clock, "The clock that dates the tokens")
            .responds::<ClockResponse>(),
        Operation::put("/_mock/clock", handlers::set_clock, "Shifts or freezes the clock")
            .body::<Setting>(json!({"offset_seconds": 3600}))
            .responds::<ClockResponse>(),
        Operation::delete("/_mock/clock", handlers::reset_clock, "The system's time again")
            .responds::<ClockResponse>(),
        Operation::get("/_mock/faults", handlers::faults, "The faults in force, oldest first")
            .responds::<Vec<FaultRule>>(),
        Operation::post("/_mock/faults", handlers::add_fault, "Adds a fault to an endpoint")
            .body::<FaultRule>(json!({"endpoint": "jwks", "fault": {"status": 503}, "times": 2}))
            .responds::<Vec<FaultRule>>(),
        Operation::delete("/_mock/faults", handlers::clear_faults, "Removes all faults"),
        Operation::get("/_mock/requests", requests::list, "Recorded requests, newest last")
            .query::<requests::Filter>()
            .responds::<RequestsResponse>(),
        Operation::delete("/_mock/requests", requests::clear, "Forgets the recorded requests"),
        Operation::get("/_mock/requests/stream", requests::stream, "Requests as they are recorded")
            .query::<requests::Since>()
            .streams::<RecordedRequest>(),
        Operation::delete(
            "/_mock/consents",
            handlers::revoke_consents,
            "Revokes every consent to an app or to all, those of the directory included",
        )
        .query::<OfClient>(),
        Operation::post(
            "/_mock/reset",
            handlers::reset,
            "Resets keys, clock, faults, requests, sessions, consents, codes and refresh tokens",
        ),
    ]
}

/// The description of the control surface.
pub(crate) fn openapi() -> Value {
    document(operations())
}

async fn openapi_json() -> Json<Value> {
    Json(openapi())
}
