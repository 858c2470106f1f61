//! Writes down every request, but for those to the control surface and its page.

use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::Response,
};
use serde_json::json;

use crate::{
    requests::{Details, Endpoint, RecordedRequest},
    state::{PathTenant, State},
};

pub(super) async fn record(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/" || path.starts_with("/_mock/") || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    let endpoint = Endpoint::of(&path);
    let fault = state.faults.next(endpoint);
    let told = fault.as_ref().map(|fault| format!("told to go wrong: {}", json!(fault)));
    let answer = next.run(request);
    let response = match fault {
        Some(fault) => fault.instead_of(answer).await,
        None => answer.await,
    };
    let details = response.extensions().get::<Details>().cloned().unwrap_or_default();
    let status = response.status();
    let outcome = match (&told, &details.refusal) {
        (Some(_), _) => "fault",
        (None, None) if !status.is_client_error() => "ok",
        (None, _) => "refused",
    };
    let (error, reason) = details.refusal.map(|refusal| (refusal.error, refusal.reason)).unzip();
    tracing::info!(%method, %path, status = status.as_u16(), error, reason, "request");
    state.requests.record(RecordedRequest {
        number: 0,
        at: state.clock.now(),
        endpoint,
        tenant: tenant_in(&state, &path),
        method,
        path,
        status: status.as_u16(),
        client: details.client,
        grant: details.grant,
        outcome,
        error,
        reason: told.or(reason),
    });
    response
}

fn tenant_in(state: &State, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&state.directory(), segment).is_ok().then(|| segment.to_owned())
}
