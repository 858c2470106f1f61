//! Writes down every request, but for those to the control surface and its page.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use serde_json::json;

use crate::{
    grant::PathTenant,
    idp::Idp,
    requests::{Details, Endpoint, RecordedRequest},
};

pub(super) async fn record(State(idp): State<Arc<Idp>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/" || path.starts_with("/_mock/") || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    let endpoint = Endpoint::of(&path);
    let fault = idp.faults.next(endpoint);
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
    idp.requests.record(RecordedRequest {
        number: 0,
        at: idp.clock.now(),
        endpoint,
        tenant: tenant_in(&idp, &path),
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

fn tenant_in(idp: &Idp, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&idp.directory(), segment).is_ok().then(|| segment.to_owned())
}
