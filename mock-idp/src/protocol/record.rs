//! Records requests to an endpoint, and applies its faults. What is kept of a request has a limit, and so has its body.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
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
    requests::{Details, Outcome, RecordedParameters, RecordedRequest},
    text::cut,
};

use super::{asked::Asked, response};

pub(super) async fn record(
    State((idp, endpoint)): State<(Arc<Idp>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let record = Record::begin(&idp, endpoint, &request);
    let request = match read_whole(request, body::PROTOCOL).await {
        Ok(request) => request,
        Err(unread) => return record.end(response::unread(&unread)),
    };
    let request = record.asked(request).await;
    let Some(fault) = idp.faults.next(endpoint) else { return record.end(next.run(request).await) };
    let reason = cut(format!("injected fault: {}", json!(fault)));
    idp.requests.change(record.arrival, |recorded| {
        (recorded.outcome, recorded.reason) = (Outcome::Fault, Some(reason));
    });
    record.end(fault.instead_of(next.run(request)).await)
}

/// The record of one request, from its arrival to its response. Dropped before, it says that the client gave up.
struct Record {
    idp: Arc<Idp>,
    arrival: u64,
    method: String,
    path: String,
    ended: bool,
}

impl Record {
    fn begin(idp: &Arc<Idp>, endpoint: Endpoint, request: &Request) -> Self {
        let (method, path) = (cut(request.method().to_string()), request.uri().path().to_owned());
        let tenant = tenant_in(idp, &path);
        let path = cut(path);
        let arrival = idp.requests.arrived(RecordedRequest {
            number: 0,
            at: idp.clock.seconds(),
            endpoint,
            tenant,
            method: method.clone(),
            path: path.clone(),
            status: 0,
            client: None,
            client_auth: None,
            grant: None,
            scope: None,
            user: None,
            parameters: RecordedParameters::default(),
            outcome: Outcome::Pending,
            error: None,
            reason: None,
        });
        Self { idp: Arc::clone(idp), arrival, method, path, ended: false }
    }

    /// Keeps what the request asks for. Its body is in memory.
    async fn asked(&self, request: Request) -> Request {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, body::PROTOCOL).await.unwrap_or_default();
        let asked = Asked::of(&parts, &body);
        self.idp.requests.change(self.arrival, |recorded| {
            (recorded.client, recorded.client_auth) = (asked.client, asked.client_auth);
            (recorded.grant, recorded.scope) = (asked.grant, asked.scope);
            recorded.parameters = asked.parameters;
        });
        Request::from_parts(parts, Body::from(body))
    }

    fn end(mut self, response: Response) -> Response {
        self.ended = true;
        let details = response.extensions().get::<Details>().cloned().unwrap_or_default();
        let status = response.status();
        let (error, reason) =
            details.refusal.map(|refusal| (cut(refusal.error), cut(refusal.reason))).unzip();
        let Self { method, path, .. } = &self;
        tracing::info!(%method, %path, status = status.as_u16(), error, reason, "request");
        let now = self.idp.clock.seconds();
        self.idp.requests.complete(self.arrival, |recorded| {
            recorded.at = now;
            recorded.status = status.as_u16();
            recorded.user = details.user.map(cut);
            if recorded.outcome == Outcome::Pending {
                let refused = error.is_some() || status.is_client_error();
                recorded.outcome = if refused { Outcome::Refused } else { Outcome::Ok };
            }
            recorded.error = error;
            recorded.reason = recorded.reason.take().or(reason);
        });
        response
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.ended {
            self.idp.requests.complete(self.arrival, |recorded| recorded.outcome = Outcome::Abandoned);
        }
    }
}

/// The path's first segment, if it names a tenant.
fn tenant_in(idp: &Idp, path: &str) -> Option<String> {
    let segment = path.split('/').nth(1)?;
    PathTenant::of(&idp.directory(), segment).is_ok().then(|| segment.to_owned())
}
