//! Probes of Kubernetes: a pod is alive whatever the identity provider does, and ready once it has keys. From then on it stays
//! ready through an outage, for as long as its keys may be used.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use entra_validator::{AuthorityError, RefreshTask, RemoteKeySet, ResourceServer, Validator, VerifiedToken};
use serde::Serialize;

/// The API and its probes. The keys are fetched and kept fresh in the background, so no request waits for them.
pub fn app(validator: Validator) -> Result<Router, AuthorityError> {
    let keys = RemoteKeySet::new(validator.authority().clone());
    let refreshing = Arc::new(keys.spawn_refresh());
    let server = ResourceServer::with_keys(validator, keys.clone())?;
    let api = Router::new().route("/orders", get(async |_: VerifiedToken| "orders")).with_state(server);
    let probes = Router::new().route("/livez", get(async || "alive")).route("/readyz", get(ready));
    Ok(api.merge(probes.with_state(Probed { keys, _refreshing: refreshing })))
}

/// The refreshing ends when it is dropped, so it lives as long as the app.
#[derive(Clone)]
struct Probed {
    keys: RemoteKeySet,
    _refreshing: Arc<RefreshTask>,
}

/// What a person wants to know who looks why a pod is not ready.
#[derive(Serialize)]
struct Readiness {
    kids: Vec<String>,
    last_error: Option<String>,
}

async fn ready(State(Probed { keys, .. }): State<Probed>) -> (StatusCode, Json<Readiness>) {
    let status = keys.status();
    let code = if keys.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let last_error = status.last_error.map(|error| error.to_string());
    (code, Json(Readiness { kids: status.kids, last_error }))
}
