//! Writes down every request, but for those to the control surface.

use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::Response,
};

use crate::{
    requests::{Details, Endpoint, RecordedRequest},
    state::{PathTenant, State},
};

pub(super) async fn record(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/" || path.starts_with("/_mock/") {
        return next.run(request).await;
    }
    let method = request.method().to_string();
    let endpoint = Endpoint::of(&path);
    let fault = state.faults.next(endpoint);
    let faulty = fault.is_some();
    let answer = next.run(request);
    let response = match fault {
        Some(fault) => fault.instead_of(answer).await,
        None => answer.await,
    };
    let details = response.extensions().get::<Details>().cloned().unwrap_or_default();
    let status = response.status();
    tracing::info!(%method, %path, status = status.as_u16(), error = details.error, "request");
    state.requests.record(RecordedRequest {
        at: state.clock.now(),
        endpoint,
        tenant: tenant_in(&state, &path),
        method,
        path,
        status: status.as_u16(),
        client: details.client,
        grant: details.grant,
        outcome: match faulty {
            true => "fault",
            false if status.is_client_error() || details.error.is_some() => "refused",
            false => "ok",
        },
        error: details.error.map(|number| format!("AADSTS{number}")),
    });
    response
}

fn tenant_in(state: &State, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&state.directory(), segment).is_ok().then(|| segment.to_owned())
}
