//! What the cache knows, apart from the keys. Changed under its lock only.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{KeySet, KeySetError};

use super::{metadata::ProviderMetadata, schedule::UnknownKids};

pub(super) type Outcome = Result<Arc<KeySet>, KeySetError>;
/// Where the outcome of a fetch will be.
pub(super) type Pending = watch::Receiver<Option<Outcome>>;

#[derive(Debug)]
pub(super) struct State {
    pub(super) metadata: Option<ProviderMetadata>,
    pub(super) fetched: Option<Instant>,
    /// When the keys are due for a refresh.
    pub(super) due: Instant,
    pub(super) failed: Option<Failed>,
    pub(super) unknown_kids: UnknownKids,
    pub(super) flight: Option<Flight>,
    pub(super) flights: u64,
}

/// What the last fetch ended with.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: KeySetError,
    pub(super) times: u32,
    pub(super) retry: Instant,
}

/// The fetch under way.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) number: u64,
    pub(super) outcome: Pending,
    pub(super) lost: Instant,
    pub(super) for_unknown_kid: bool,
}

/// The state of the cache, at one moment.
pub(super) struct Snapshot {
    pub(super) keys: Option<Arc<KeySet>>,
    pub(super) age: Option<Duration>,
    pub(super) last_error: Option<KeySetError>,
    pub(super) next_refresh: Duration,
}

impl State {
    /// Nothing was fetched yet, so a refresh is due.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            metadata: None,
            fetched: None,
            due: now,
            failed: None,
            unknown_kids: UnknownKids::default(),
            flight: None,
            flights: 0,
        }
    }

    /// The fetch under way. One whose task ended with its runtime, or is stuck in it, counts no more.
    pub(super) fn running(&mut self, now: Instant, unknown_kid_interval: Duration) -> Option<Pending> {
        let lost = |flight: &mut Flight| now >= flight.lost || flight.outcome.has_changed().is_err();
        if self.flight.take_if(lost).is_some_and(|flight| flight.for_unknown_kid) {
            self.unknown_kids.give_back(unknown_kid_interval);
        }
        self.flight.as_ref().map(|flight| flight.outcome.clone())
    }
}

pub(super) async fn wait(mut receiver: Pending, deadline: Duration) -> Outcome {
    let lost = |reason: String| Err(KeySetError::Jwks { reason });
    match tokio::time::timeout(deadline, receiver.wait_for(Option::is_some)).await {
        Ok(Ok(outcome)) => outcome.clone().unwrap_or_else(|| lost("the fetch has no result".to_owned())),
        Ok(Err(_)) => lost("the fetch was cancelled".to_owned()),
        Err(_) => lost(format!("the fetch has no result after {} seconds", deadline.as_secs())),
    }
}
