//! Recorded requests.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::watch;

use crate::{endpoint::Endpoint, error::OAuthError};

/// More than this many requests are counted but not kept.
const MOST_KEPT: usize = 5_000;

/// One request, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Its place among all requests since the start of the mock, from 1. Numbers are not reused, not even after a reset.
    pub number: u64,
    /// The time of the response by the mock's clock, in seconds since 1970.
    pub at: i64,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The kind of endpoint.
    pub endpoint: Endpoint,
    /// The tenant segment of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The HTTP status of the response.
    pub status: u16,
    /// The client id, if the request names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The grant type, if the request names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// `ok`, `refused`, or `fault` if a fault was injected.
    #[schemars(extend("enum" = ["ok", "refused", "fault"]))]
    pub outcome: &'static str,
    /// The error code: `AADSTS` and the number, or the word of Microsoft Graph or a managed identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why the request was refused, or which fault was injected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a handler knows about its request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    pub(crate) client: Option<String>,
    pub(crate) grant: Option<String>,
    pub(crate) refusal: Option<Refusal>,
}

/// Why a request was refused.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    pub(crate) reason: String,
}

impl Details {
    pub(crate) fn refused(error: impl Into<String>, reason: impl Into<String>) -> Self {
        let refusal = Refusal { error: error.into(), reason: reason.into() };
        Self { refusal: Some(refusal), ..Self::default() }
    }
}

impl From<&OAuthError> for Details {
    fn from(error: &OAuthError) -> Self {
        Self::refused(format!("AADSTS{}", error.code.number()), error.message())
    }
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    log: Mutex<Log>,
    /// The newest number, for those who wait for more.
    newest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Log {
    kept: VecDeque<RecordedRequest>,
    counts: BTreeMap<Endpoint, u64>,
    newest: u64,
}

impl RequestLog {
    /// Counts a request when it arrives: its client may give up before there is a response to record.
    pub(crate) fn arrived(&self, endpoint: Endpoint) {
        *self.log().counts.entry(endpoint).or_default() += 1;
    }

    /// The number is given here.
    pub(crate) fn record(&self, request: RecordedRequest) {
        let mut log = self.log();
        log.newest += 1;
        let number = log.newest;
        if log.kept.len() == MOST_KEPT {
            log.kept.pop_front();
        }
        log.kept.push_back(RecordedRequest { number, ..request });
        self.newest.send_replace(number);
    }

    pub(crate) fn clear(&self) {
        let mut log = self.log();
        *log = Log { newest: log.newest, ..Log::default() };
    }

    pub(crate) fn all(&self) -> Requests {
        Requests(self.log().kept.iter().cloned().collect())
    }

    pub(crate) fn counts(&self) -> BTreeMap<Endpoint, u64> {
        self.log().counts.clone()
    }

    pub(crate) fn newest(&self) -> u64 {
        self.log().newest
    }

    /// Those with a higher number than this, once there are any.
    pub(crate) async fn after(&self, number: u64) -> Requests {
        let mut newest = self.newest.subscribe();
        loop {
            // The sender is as old as this.
            _ = newest.wait_for(|newest| *newest > number).await;
            let requests: Vec<_> =
                self.log().kept.iter().filter(|request| request.number > number).cloned().collect();
            if !requests.is_empty() {
                return Requests(requests);
            }
            // They were forgotten before they could be read.
            _ = newest.changed().await;
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Recorded requests, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests(Vec<RecordedRequest>);

impl Requests {
    /// The requests to one kind of endpoint.
    #[must_use]
    pub fn to(mut self, endpoint: Endpoint) -> Self {
        self.0.retain(|request| request.endpoint == endpoint);
        self
    }

    /// The number of requests.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The requests, oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, RecordedRequest> {
        self.0.iter()
    }
}

impl IntoIterator for Requests {
    type Item = RecordedRequest;
    type IntoIter = std::vec::IntoIter<RecordedRequest>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Requests {
    type Item = &'a RecordedRequest;
    type IntoIter = std::slice::Iter<'a, RecordedRequest>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
