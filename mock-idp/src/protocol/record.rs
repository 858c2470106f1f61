//! Records requests to an endpoint, and applies its faults.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use serde_json::json;

use crate::{
    endpoint::Endpoint,
    grant::PathTenant,
    idp::Idp,
    requests::{Details, RecordedRequest},
};

pub(super) async fn record(
    State((idp, endpoint)): State<(Arc<Idp>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let fault = idp.faults.next(endpoint);
    idp.requests.arrived(endpoint);
    let injected = fault.as_ref().map(|fault| format!("injected fault: {}", json!(fault)));
    let honest = next.run(request);
    let response = match fault {
        Some(fault) => fault.instead_of(honest).await,
        None => honest.await,
    };
    let details = response.extensions().get::<Details>().cloned().unwrap_or_default();
    let status = response.status();
    let outcome = match (&injected, &details.refusal) {
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
        reason: injected.or(reason),
    });
    response
}

/// The path's first segment, if it names a tenant.
fn tenant_in(idp: &Idp, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&idp.directory(), segment).is_ok().then(|| segment.to_owned())
}
