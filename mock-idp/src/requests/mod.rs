//! Recorded requests.

mod parameters;

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Deref,
    sync::{Mutex, MutexGuard, PoisonError},
};

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::watch;

use crate::{endpoint::Endpoint, error::OAuthError};

pub use parameters::RecordedParameters;

/// More than this many requests are counted but not kept.
const MOST_KEPT: usize = 2_000;

/// One request, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The place of its response among all since the start of the mock, from 1; 0 while there is none. Numbers are not reused,
    /// not even after a reset.
    pub number: u64,
    /// The time of the response by the mock's clock, in seconds since 1970; while there is none, the time of the request.
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
    /// The HTTP status of the response; 0 without one.
    pub status: u16,
    /// The client id, if the request names one, in whichever way the client authenticates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// How the client authenticates, at the token and the device authorization endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_auth: Option<ClientAuth>,
    /// The grant type, if the request names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The scopes that it asks for, as they are spelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The user principal name of the user who got tokens or a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its parameters, from query or form.
    #[serde(skip_serializing_if = "RecordedParameters::is_empty")]
    pub parameters: RecordedParameters,
    /// What became of it.
    pub outcome: Outcome,
    /// The error code: `AADSTS` and the number, or the word of Microsoft Graph or a managed identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why the request was refused, or which fault was injected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// There is no response yet.
    Pending,
    /// It was answered.
    Ok,
    /// It was refused.
    Refused,
    /// A fault was injected.
    Fault,
    /// The client gave up before there was a response.
    Abandoned,
}

/// How a client authenticates ([OpenID Connect Core §9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuth {
    /// A public client.
    None,
    /// A secret in the form.
    ClientSecretPost,
    /// A secret in the `Authorization` header.
    ClientSecretBasic,
    /// A signed assertion: by a certificate's key, or a federated token.
    PrivateKeyJwt,
}

/// What a handler knows about its response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    pub(crate) user: Option<String>,
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
    /// By the order of arrival.
    pending: BTreeMap<u64, RecordedRequest>,
    arrivals: u64,
    counts: BTreeMap<Endpoint, u64>,
    newest: u64,
}

impl RequestLog {
    /// Counts and keeps a request when it arrives: its client may give up before there is a response.
    pub(crate) fn arrived(&self, request: RecordedRequest) -> u64 {
        let mut log = self.log();
        *log.counts.entry(request.endpoint).or_default() += 1;
        log.arrivals += 1;
        let arrival = log.arrivals;
        log.pending.insert(arrival, request);
        arrival
    }

    /// More is known about a pending request.
    pub(crate) fn change(&self, arrival: u64, change: impl FnOnce(&mut RecordedRequest)) {
        self.log().pending.get_mut(&arrival).map(change);
    }

    /// There will be no more to say. The number is given here; a request of before a reset is forgotten.
    pub(crate) fn complete(&self, arrival: u64, change: impl FnOnce(&mut RecordedRequest)) {
        let mut log = self.log();
        let Some(mut request) = log.pending.remove(&arrival) else { return };
        change(&mut request);
        log.newest += 1;
        request.number = log.newest;
        if log.kept.len() == MOST_KEPT {
            log.kept.pop_front();
        }
        log.kept.push_back(request);
        self.newest.send_replace(log.newest);
    }

    pub(crate) fn clear(&self) {
        let mut log = self.log();
        *log = Log { newest: log.newest, arrivals: log.arrivals, ..Log::default() };
    }

    pub(crate) fn all(&self) -> Requests {
        let log = self.log();
        Requests(log.kept.iter().chain(log.pending.values()).cloned().collect())
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

/// Recorded requests, oldest first, and those that have no response yet last. It is a slice of [`RecordedRequest`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests(Vec<RecordedRequest>);

impl Deref for Requests {
    type Target = [RecordedRequest];

    fn deref(&self) -> &[RecordedRequest] {
        &self.0
    }
}

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

    /// Those of which this holds.
    #[must_use]
    pub fn filter(mut self, holds: impl FnMut(&RecordedRequest) -> bool) -> Self {
        self.0.retain(holds);
        self
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
