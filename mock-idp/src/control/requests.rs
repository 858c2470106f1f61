//! Recorded requests: as a list, and live.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt as _, stream};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{endpoint::Endpoint, idp::Idp};

use super::{refusal::Refused, responses::RequestsResponse};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only requests to this kind of endpoint.
    endpoint: Option<Endpoint>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    /// Begins after the request with this number. Default: with the next one. The header `Last-Event-ID` does the same.
    after: Option<u64>,
}

/// How many requests are read from the log at a time.
const BATCH: usize = 100;

fn parameters<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Refused> {
    query.map(|Query(query)| query).map_err(|error| Refused::bad_request(error.body_text()))
}

pub(super) async fn list(
    State(idp): State<Arc<Idp>>,
    query: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<RequestsResponse>, Refused> {
    let all = idp.requests.all();
    let requests = match parameters(query)?.endpoint {
        Some(endpoint) => all.to(endpoint),
        None => all,
    };
    Ok(Json(RequestsResponse { counts: idp.requests.counts(), requests: requests.into_iter().collect() }))
}

pub(super) async fn clear(State(idp): State<Arc<Idp>>) -> StatusCode {
    idp.requests.clear();
    StatusCode::NO_CONTENT
}

/// [Server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html), one for each request.
pub(super) async fn stream(
    State(idp): State<Arc<Idp>>,
    query: Result<Query<Since>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let newest = idp.requests.newest();
    let after = last.or(parameters(query)?.after).unwrap_or(newest).min(newest);
    let batches = stream::unfold((idp, after), async |(idp, after)| {
        // A reader that has stopped reading holds one batch.
        let requests: Vec<_> = idp.requests.after(after).await.into_iter().take(BATCH).collect();
        let newest = requests.last().map_or(after, |request| request.number);
        Some((requests, (idp, newest)))
    });
    let events = batches.flat_map(stream::iter).map(|request| {
        let event = Event::default().id(request.number.to_string());
        Ok(event.json_data(&request).unwrap_or_default())
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
