//! Endpoints that fail on purpose.

use std::{
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{endpoint::Endpoint, random};

/// How an endpoint fails.
///
/// ```
/// # let idp = entra_mock_idp::MockIdp::start_blocking();
/// use entra_mock_idp::{Endpoint, Fault};
///
/// idp.inject(Fault::Status(503).on(Endpoint::Jwks));
/// idp.inject(Fault::DelayMs(10_000).on(Endpoint::Discovery).times(1));
/// idp.inject(Fault::Drop.on(Endpoint::Token).probability(0.5));
/// idp.inject(Fault::Status(500).on(Endpoint::Authorize).every(2_u32.try_into().unwrap()));
/// idp.heal();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "How an endpoint fails.")]
#[non_exhaustive]
pub enum Fault {
    /// Responds with this HTTP status, 200 to 599, and no body.
    Status(#[schemars(range(min = 200, max = 599))] u16),
    /// Delays the honest response by this many milliseconds.
    DelayMs(u64),
    /// Responds 200 with this body, as `application/json`.
    Body(String),
    /// Cuts the honest response after this many bytes of its body.
    Truncate(usize),
    /// Closes the connection amid the response.
    #[serde(with = "only_true")]
    #[schemars(with = "bool", extend("const" = true))]
    Drop,
    /// Responds 302 with this URL as `Location`.
    Redirect(String),
    /// Responds 200 and never ends: white space, as fast as it is read.
    #[serde(with = "only_true")]
    #[schemars(with = "bool", extend("const" = true))]
    Endless,
    /// Replaces the content type of the honest response.
    ContentType(String),
}

/// A fault without a value is `{"drop": true}` in JSON.
mod only_true {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        if bool::deserialize(deserializer)? { Ok(()) } else { Err(D::Error::custom("true is expected")) }
    }
}

impl Fault {
    /// The rule that applies this fault to every request to this kind of endpoint.
    #[must_use]
    pub fn on(self, endpoint: Endpoint) -> FaultRule {
        FaultRule { endpoint, fault: self, times: None, every: None, probability: None }
    }
}

/// A fault, where it happens and how often. Setters check nothing; [`inject`](crate::MockIdp::inject) does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "A fault, where it happens and how often.")]
#[non_exhaustive]
pub struct FaultRule {
    /// The kind of endpoint.
    pub endpoint: Endpoint,
    /// What happens there.
    pub fault: Fault,
    /// Applies to this many requests, 1 or more. Default: all.
    #[schemars(range(min = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Applies to every n-th request, starting with the first. Default: every request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<NonZeroU32>,
    /// The probability, from 0 to 1, that it applies to a request. Default: 1.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

impl FaultRule {
    /// For this many requests, after which the endpoint recovers.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// For every n-th request, starting with the first: an endpoint that flaps.
    #[must_use]
    pub fn every(self, requests: NonZeroU32) -> Self {
        Self { every: Some(requests), ..self }
    }

    /// For requests drawn at random with this probability: 0 is none, 1 is all.
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self { probability: Some(probability), ..self }
    }

    /// What is invalid, and what would be valid.
    pub(crate) fn check(&self) -> Result<(), String> {
        match (&self.fault, self.probability) {
            (_, Some(p)) if !(0.0..=1.0).contains(&p) => {
                Err(format!("probability is {p}: 0 to 1 is expected"))
            }
            _ if self.times == Some(0) => {
                Err("times is 0: 1 or more is expected, or leave it out for all requests".to_owned())
            }
            (Fault::Status(status), _) if !(200..600).contains(status) => {
                Err(format!("status is {status}: 200 to 599 is expected"))
            }
            (Fault::Redirect(url), _) if HeaderValue::try_from(url).is_err() => {
                Err(format!("redirect is {url:?}: a URL is expected"))
            }
            (Fault::ContentType(name), _) if HeaderValue::try_from(name).is_err() => {
                Err(format!("content_type is {name:?}: a media type like text/html is expected"))
            }
            _ => Ok(()),
        }
    }
}

/// The faults in force, oldest first, each with the number of requests that it has seen.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<(FaultRule, u32)>>);

impl Faults {
    fn rules(&self) -> MutexGuard<'_, Vec<(FaultRule, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn all(&self) -> Vec<FaultRule> {
        self.rules().iter().map(|(rule, _)| rule.clone()).collect()
    }

    pub(crate) fn add(&self, rule: FaultRule) {
        self.rules().push((rule, 0));
    }

    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    /// The fault of the next request to this endpoint. Of several rules that apply, the oldest counts.
    pub(crate) fn next(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut rules = self.rules();
        let happens = |(rule, seen): &mut (FaultRule, u32)| {
            if rule.endpoint != endpoint {
                return false;
            }
            let due = rule.every.is_none_or(|every| *seen % every == 0);
            *seen = seen.wrapping_add(1);
            due && rule.probability.is_none_or(random::chance)
        };
        let place = rules.iter_mut().position(happens)?;
        let rule = &mut rules[place].0;
        let fault = rule.fault.clone();
        match &mut rule.times {
            Some(1) => {
                rules.remove(place);
            }
            Some(times) => *times -= 1,
            None => {}
        }
        Some(fault)
    }
}

impl Fault {
    /// The response that is sent instead of the honest one.
    pub(crate) async fn instead_of(self, honest: impl Future<Output = Response>) -> Response {
        match self {
            Self::Status(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK).into_response(),
            Self::DelayMs(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                honest.await
            }
            Self::Body(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Self::Truncate(length) => truncated(honest.await, length).await,
            Self::Drop => dropped(),
            Self::Endless => {
                ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(endless())).into_response()
            }
            Self::ContentType(name) => {
                let mut response = honest.await;
                if let Ok(name) = HeaderValue::try_from(name) {
                    response.headers_mut().insert(header::CONTENT_TYPE, name);
                }
                response
            }
            Self::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        }
    }
}

async fn truncated(response: Response, length: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let mut bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    bytes.truncate(length);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}

/// A response whose body breaks off ends the connection.
fn dropped() -> Response {
    let broken = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("dropped on purpose"))];
    Body::from_stream(stream::iter(broken)).into_response()
}

/// White space without end, which is JSON so far.
fn endless() -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::repeat_with(|| Ok(Bytes::from_static(&[b' '; 16 * 1024])))
}
