//! What was asked of the mock.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

/// More than this many requests are counted but not kept.
const MOST_KEPT: usize = 5_000;

/// A kind of endpoint, in requests and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Endpoint {
    /// A discovery document.
    Discovery,
    /// A key set.
    Jwks,
    /// The token endpoint.
    Token,
    /// The authorize page.
    Authorize,
    /// Instance discovery.
    Instance,
    /// User realm.
    UserRealm,
    /// The device authorization endpoint, and the page where a person approves a device.
    DeviceCode,
    /// Sign-out.
    Logout,
    /// Userinfo and the rest of Microsoft Graph.
    Graph,
    /// The endpoints of managed identities.
    ManagedIdentity,
    /// Anything else.
    Other,
}

impl Endpoint {
    pub(crate) fn of(path: &str) -> Self {
        match path {
            _ if path.ends_with("/.well-known/openid-configuration") => Self::Discovery,
            _ if path.ends_with("/discovery/v2.0/keys") || path.ends_with("/discovery/keys") => Self::Jwks,
            "/common/discovery/instance" => Self::Instance,
            "/metadata/identity/oauth2/token" | "/msi/token" => Self::ManagedIdentity,
            _ if path.starts_with("/v1.0/") || path.ends_with("/userinfo") => Self::Graph,
            _ if path.ends_with("/token") => Self::Token,
            _ if path.ends_with("/authorize") => Self::Authorize,
            _ if path.ends_with("/devicecode") || path.ends_with("/devicelogin") => Self::DeviceCode,
            _ if path.ends_with("/logout") => Self::Logout,
            _ if path.to_ascii_lowercase().starts_with("/common/userrealm/") => Self::UserRealm,
            _ => Self::Other,
        }
    }
}

/// One request, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// When, in seconds since 1970 by the mock's clock.
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
    /// The HTTP status of the answer.
    pub status: u16,
    /// The client's id, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The grant type that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// `ok`, `refused`, or `fault` where the mock was told to go wrong.
    pub outcome: &'static str,
    /// The error's code, `AADSTS` and the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a handler knows of its request besides.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    pub(crate) client: Option<String>,
    pub(crate) grant: Option<String>,
    pub(crate) error: Option<u32>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    kept: VecDeque<RecordedRequest>,
    counts: BTreeMap<Endpoint, u64>,
}

impl RequestLog {
    pub(crate) fn record(&self, request: RecordedRequest) {
        let mut log = self.log();
        *log.counts.entry(request.endpoint).or_default() += 1;
        if log.kept.len() == MOST_KEPT {
            log.kept.pop_front();
        }
        log.kept.push_back(request);
    }

    pub(crate) fn clear(&self) {
        *self.log() = Log::default();
    }

    pub(crate) fn all(&self) -> Requests {
        Requests(self.log().kept.iter().cloned().collect())
    }

    pub(crate) fn counts(&self) -> BTreeMap<Endpoint, u64> {
        self.log().counts.clone()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Recorded requests, oldest first.
///
/// ```
/// # let idp = entra_mock_idp::MockIdp::start_blocking();
/// use entra_mock_idp::Endpoint;
///
/// assert_eq!(idp.requests().to(Endpoint::Jwks).count(), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests(Vec<RecordedRequest>);

impl Requests {
    /// Those to one kind of endpoint.
    #[must_use]
    pub fn to(mut self, endpoint: Endpoint) -> Self {
        self.0.retain(|request| request.endpoint == endpoint);
        self
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
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
