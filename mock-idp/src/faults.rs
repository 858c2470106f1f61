//! Endpoints that go wrong on purpose.

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

/// How an endpoint goes wrong.
///
/// ```
/// # let idp = entra_mock_idp::MockIdp::start_blocking();
/// use entra_mock_idp::{Endpoint, Fault};
///
/// idp.inject(Fault::Status(503).on(Endpoint::Jwks));
/// idp.inject(Fault::DelayMs(10_000).on(Endpoint::Discovery).times(1));
/// idp.inject(Fault::Drop.on(Endpoint::Token).probability(0.5));
/// idp.heal();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Answers with this HTTP status, 200 to 599, and nothing else.
    Status(#[schemars(range(min = 200, max = 599))] u16),
    /// Answers as it should, but so many milliseconds later.
    DelayMs(u64),
    /// Answers 200 with this body.
    Body(String),
    /// Answers as it should, but only so many bytes of it.
    Truncate(usize),
    /// Closes the connection amid the response.
    #[serde(with = "only_true")]
    #[schemars(with = "bool", extend("const" = true))]
    Drop,
    /// Answers 302 with this address.
    Redirect(String),
    /// Responds 200 and never ends: white space, as fast as it is read.
    #[serde(with = "only_true")]
    #[schemars(with = "bool", extend("const" = true))]
    Endless,
    /// Answers as it should, but says that it is of this content type.
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
    /// At this kind of endpoint, until told otherwise.
    #[must_use]
    pub fn on(self, endpoint: Endpoint) -> FaultRule {
        FaultRule { endpoint, fault: self, times: None, every: None, probability: None }
    }
}

/// A fault, where it happens and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// The kind of endpoint.
    pub endpoint: Endpoint,
    /// What happens there.
    pub fault: Fault,
    /// How many requests it happens to, 1 or more; all if left out.
    #[schemars(range(min = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// It happens to every so many-th request only, beginning with the first; to each if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<NonZeroU32>,
    /// How likely it happens to a request, from 0 to 1; surely if left out.
    #[schemars(range(min = 0, max = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

impl FaultRule {
    /// For so many requests; then the endpoint is well again.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// For every so many-th request only, beginning with the first: an endpoint that flaps.
    ///
    /// ```
    /// # use std::num::NonZeroU32;
    /// # use entra_mock_idp::{Endpoint, Fault};
    /// let flapping = Fault::Status(503).on(Endpoint::Jwks).every(NonZeroU32::new(2).unwrap());
    /// ```
    #[must_use]
    pub fn every(self, requests: NonZeroU32) -> Self {
        Self { every: Some(requests), ..self }
    }

    /// For some requests only, drawn at random: 0 is none, 1 is all.
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self { probability: Some(probability), ..self }
    }

    /// What cannot be meant, and what would be right.
    pub(crate) fn check(&self) -> Result<(), String> {
        match (&self.fault, self.probability) {
            (_, Some(p)) if !(0.0..=1.0).contains(&p) => {
                Err(format!("probability is {p}: 0 to 1 is expected"))
            }
            _ if self.times == Some(0) => {
                Err("times is 0: 1 or more is expected, or none for all requests".to_owned())
            }
            (Fault::Status(status), _) if !(200..600).contains(status) => {
                Err(format!("status is {status}: 200 to 599 is expected"))
            }
            (Fault::Redirect(url), _) if HeaderValue::try_from(url).is_err() => {
                Err(format!("redirect is {url:?}: an address is expected"))
            }
            (Fault::ContentType(name), _) if HeaderValue::try_from(name).is_err() => {
                Err(format!("content_type is {name:?}: a media type like text/html is expected"))
            }
            _ => Ok(()),
        }
    }
}

/// The faults that are in force, oldest first, each with how many requests it has seen.
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

    /// What happens to the next request to this endpoint. The oldest rule that applies is the one that counts.
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
    /// What is sent, given what would have been.
    pub(crate) async fn instead_of(self, answer: impl Future<Output = Response>) -> Response {
        match self {
            Self::Status(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK).into_response(),
            Self::DelayMs(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                answer.await
            }
            Self::Body(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Self::Truncate(length) => truncated(answer.await, length).await,
            Self::Drop => dropped(),
            Self::Endless => {
                ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(endless())).into_response()
            }
            Self::ContentType(name) => {
                let mut response = answer.await;
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

/// An answer that promises more than it holds ends the connection.
fn dropped() -> Response {
    let broken = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("dropped on purpose"))];
    Body::from_stream(stream::iter(broken)).into_response()
}

/// White space without end, which is JSON so far.
fn endless() -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::repeat_with(|| Ok(Bytes::from_static(&[b' '; 16 * 1024])))
}
