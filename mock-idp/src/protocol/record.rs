//! Records requests to an endpoint, and applies its faults. What is kept of a request has a limit, and so has its body.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use serde_json::json;

use crate::{
    body::{self, read_whole},
    endpoint::Endpoint,
    grant::PathTenant,
    idp::Idp,
    requests::{Details, RecordedRequest},
    text::cut,
};

use super::response;

pub(super) async fn record(
    State((idp, endpoint)): State<(Arc<Idp>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (cut(request.method().to_string()), request.uri().path().to_owned());
    let tenant = tenant_in(&idp, &path);
    let path = cut(path);
    let fault = idp.faults.next(endpoint);
    idp.requests.arrived(endpoint);
    let injected = fault.as_ref().map(|fault| cut(format!("injected fault: {}", json!(fault))));
    let response = match fault {
        Some(fault) => fault.instead_of(honest(request, next)).await,
        None => honest(request, next).await,
    };
    let details = response.extensions().get::<Details>().cloned().unwrap_or_default();
    let status = response.status();
    let outcome = match (&injected, &details.refusal) {
        (Some(_), _) => "fault",
        (None, None) if !status.is_client_error() => "ok",
        (None, _) => "refused",
    };
    let (error, reason) = details.refusal.map(|refusal| (cut(refusal.error), cut(refusal.reason))).unzip();
    tracing::info!(%method, %path, status = status.as_u16(), error, reason, "request");
    idp.requests.record(RecordedRequest {
        number: 0,
        at: idp.clock.now(),
        endpoint,
        tenant,
        method,
        path,
        status: status.as_u16(),
        client: details.client.map(cut),
        grant: details.grant.map(cut),
        outcome,
        error,
        reason: injected.or(reason),
    });
    response
}

async fn honest(request: Request, next: Next) -> Response {
    match read_whole(request, body::PROTOCOL).await {
        Ok(request) => next.run(request).await,
        Err(unread) => response::unread(&unread),
    }
}

/// The path's first segment, if it names a tenant.
fn tenant_in(idp: &Idp, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&idp.directory(), segment).is_ok().then(|| segment.to_owned())
}
