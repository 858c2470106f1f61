//! The cache of fetched keys: what serves, what is fetched, and by whom.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use arc_swap::ArcSwapOption;
use tokio::{runtime::Handle, sync::watch};

use crate::KeySet;

use super::{
    fetch::{Failure, Fetcher},
    metadata::ProviderMetadata,
    observe,
    policy::CachePolicy,
    schedule::pause,
    state::{Failed, Flight, Outcome, Pending, Snapshot, State, wait},
};

pub(super) type Clock = Box<dyn Fn() -> Instant + Send + Sync>;
pub(super) type Chance = Box<dyn Fn() -> f64 + Send + Sync>;

pub(super) struct Cache {
    pub(super) fetcher: Fetcher,
    policy: CachePolicy,
    clock: Clock,
    chance: Chance,
    /// What requests read, without a lock.
    serving: ArcSwapOption<Serving>,
    state: Mutex<State>,
}

#[derive(Debug, Clone)]
struct Serving {
    keys: Arc<KeySet>,
    expires: Instant,
    /// Whoever reads the keys after this starts a refresh.
    refresh: Instant,
}

type Fetched = (Arc<KeySet>, ProviderMetadata);

/// What somebody needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Need<'a> {
    /// Keys that may serve.
    Keys,
    /// A key that is not among them.
    Kid(&'a str),
    /// A refresh, if it is due.
    Refresh,
    /// A refresh, due or not.
    RefreshNow,
}

enum Step {
    Done(Outcome),
    Wait(Pending),
    Fetch(Fetch),
}

/// A fetch that is to be started, and those who wait for it.
struct Fetch {
    number: u64,
    /// Metadata does not change with the keys, and an unknown `kid` is worth one request, not two.
    metadata: Option<ProviderMetadata>,
    known_issuer: Option<String>,
    sender: watch::Sender<Option<Outcome>>,
}

impl Cache {
    pub(super) fn new(
        fetcher: Fetcher,
        policy: CachePolicy,
        clock: Clock,
        chance: Chance,
        seed: Option<KeySet>,
    ) -> Self {
        let now = clock();
        let seed =
            seed.map(|keys| Serving { keys: Arc::new(keys), expires: now + policy.max_age, refresh: now });
        let serving = ArcSwapOption::new(seed.map(Arc::new));
        Self { fetcher, policy, clock, chance, serving, state: Mutex::new(State::new(now)) }
    }

    /// The keys that may serve. Starts a refresh where one is due.
    pub(super) fn cached(self: &Arc<Self>) -> Option<Arc<KeySet>> {
        let serving = self.serving.load();
        let serving = serving.as_ref()?;
        let now = (self.clock)();
        if now >= serving.refresh && Handle::try_current().is_ok() {
            _ = self.start(Need::Refresh);
        }
        (now < serving.expires).then(|| Arc::clone(&serving.keys))
    }

    pub(super) async fn obtain(self: &Arc<Self>, need: Need<'_>) -> Outcome {
        match self.start(need) {
            Ok(outcome) => outcome,
            Err(receiver) => wait(receiver, self.policy.deadline()).await,
        }
    }

    /// The outcome, or where it will be.
    fn start(self: &Arc<Self>, need: Need<'_>) -> Result<Outcome, Pending> {
        let now = (self.clock)();
        let step = self.next_step(&mut self.state(), need, now);
        match step {
            Step::Done(outcome) => Ok(outcome),
            Step::Wait(receiver) => Err(receiver),
            Step::Fetch(fetch) => {
                let receiver = fetch.sender.subscribe();
                // In a task of its own: a request that stops waiting does not stop the fetch for the others.
                tokio::spawn(Arc::clone(self).fetch(fetch));
                Err(receiver)
            }
        }
    }

    fn next_step(&self, state: &mut State, need: Need<'_>, now: Instant) -> Step {
        let keys = self.unexpired(now);
        match (need, keys) {
            (Need::Keys, Some(keys)) => return Step::Done(Ok(keys)),
            // Somebody else's fetch found it meanwhile.
            (Need::Kid(kid), Some(keys)) if keys.find(Some(kid)).is_ok() => return Step::Done(Ok(keys)),
            (Need::Refresh, Some(keys)) if now < state.due => return Step::Done(Ok(keys)),
            _ => {}
        }
        if let Some(outcome) = state.running(now, self.policy.unknown_kid_interval) {
            return Step::Wait(outcome);
        }
        if !matches!(need, Need::RefreshNow)
            && let Some(failed) = state.failed.as_ref().filter(|failed| now < failed.retry)
        {
            return Step::Done(Err(failed.error.clone()));
        }
        let mut for_unknown_kid = false;
        if let (Need::Kid(kid), Some(keys)) = (need, self.unexpired(now)) {
            if !state.unknown_kids.take_turn(kid, now, self.policy.unknown_kid_interval) {
                // A refresh that failed says nothing about the `kid`.
                let failed = state.failed.as_ref().map(|failed| failed.error.clone());
                return Step::Done(failed.map_or(Ok(keys), Err));
            }
            for_unknown_kid = true;
        }
        Step::Fetch(self.take_off(state, now, for_unknown_kid))
    }

    fn take_off(&self, state: &mut State, now: Instant, for_unknown_kid: bool) -> Fetch {
        let (sender, outcome) = watch::channel(None);
        state.flights += 1;
        let (number, lost) = (state.flights, now + self.policy.deadline());
        state.flight = Some(Flight { number, outcome, lost, for_unknown_kid });
        self.look_again(state.due.max(lost));
        let serving = self.serving.load();
        let known_issuer = serving.as_ref().and_then(|serving| serving.keys.issuer().map(str::to_owned));
        // After a failure the URL of the keys may be what has changed.
        let metadata = state.metadata.clone().filter(|_| for_unknown_kid && state.failed.is_none());
        Fetch { number, metadata, known_issuer, sender }
    }

    async fn fetch(self: Arc<Self>, fetch: Fetch) {
        let Fetch { number, metadata, known_issuer, sender } = fetch;
        let outcome = self.request(metadata, known_issuer.as_deref()).await;
        observe::fetched(outcome.as_ref().err().map(|failure| &failure.error));
        let outcome = self.land(number, outcome);
        sender.send_replace(Some(outcome));
    }

    async fn request(
        &self,
        metadata: Option<ProviderMetadata>,
        known_issuer: Option<&str>,
    ) -> Result<Fetched, Failure> {
        let metadata = match metadata {
            Some(metadata) => metadata,
            None => self.fetcher.metadata(known_issuer).await?,
        };
        let keys = self.fetcher.keys(&metadata).await?;
        // The same `Arc` for the same keys: what was verified with them stays verified.
        let old = self.serving.load_full().filter(|old| *old.keys == keys);
        Ok((old.map_or_else(|| Arc::new(keys), |old| Arc::clone(&old.keys)), metadata))
    }

    /// The intervals begin here: a fetch that took long must not use up the pause after it.
    fn land(&self, number: u64, fetched: Result<Fetched, Failure>) -> Outcome {
        let (now, chance) = ((self.clock)(), (self.chance)().max(0.0).clamp(0.0, 1.0));
        // Dropped after the lock.
        let _old = self.serving.load_full();
        let mut state = self.state();
        let Some(flight) = state.flight.take_if(|flight| flight.number == number) else {
            // It was lost, and what a later fetch brought is newer.
            return fetched.map(|(keys, _)| keys).map_err(|failure| failure.error);
        };
        match fetched {
            Ok((keys, metadata)) => {
                state.metadata = Some(metadata);
                state.fetched = Some(now);
                state.failed = None;
                state.due = now + self.policy.refresh_age(chance);
                let serving = Serving {
                    keys: Arc::clone(&keys),
                    expires: now + self.policy.max_age,
                    refresh: state.due,
                };
                self.serving.store(Some(Arc::new(serving)));
                Ok(keys)
            }
            Err(Failure { error, retry_after }) => {
                let times = state.failed.as_ref().map_or(1, |failed| failed.times.saturating_add(1));
                let retry = now + pause(self.policy.retry_after, times, retry_after, chance);
                state.failed = Some(Failed { error: error.clone(), times, retry });
                if flight.for_unknown_kid {
                    state.unknown_kids.give_back(self.policy.unknown_kid_interval);
                }
                self.look_again(state.due.max(retry));
                Err(error)
            }
        }
    }

    /// Readers need not ask before this whether a refresh can be started.
    fn look_again(&self, refresh: Instant) {
        if let Some(serving) = self.serving.load_full() {
            self.serving.store(Some(Arc::new(Serving { refresh, ..(*serving).clone() })));
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let now = (self.clock)();
        let state = self.state();
        let keys = self.unexpired(now);
        let retry = state.failed.as_ref().map(|failed| failed.retry);
        let due = if keys.is_some() { state.due } else { now };
        let next = retry.map_or(due, |retry| due.max(retry));
        Snapshot {
            keys,
            age: state.fetched.map(|fetched| now.saturating_duration_since(fetched)),
            last_error: state.failed.as_ref().map(|failed| failed.error.clone()),
            next_refresh: next.saturating_duration_since(now),
        }
    }

    fn unexpired(&self, now: Instant) -> Option<Arc<KeySet>> {
        let serving = self.serving.load();
        serving.as_ref().filter(|serving| now < serving.expires).map(|serving| Arc::clone(&serving.keys))
    }

    /// Nothing that holds the lock can panic half-way through a change.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache")
            .field("fetcher", &self.fetcher)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::Authority;

    use super::*;

    /// Nobody listens on port 9.
    fn failing() -> Arc<Cache> {
        let authority = Authority::from_discovery_url("http://127.0.0.1:9/").unwrap();
        let policy = CachePolicy::default();
        let fetcher = Fetcher::new(authority, policy.timeout, Box::new(|client| client));
        let start = Instant::now();
        let (clock, chance) = (Box::new(move || start), Box::new(|| 0.0));
        Arc::new(Cache::new(fetcher, policy, clock, chance, Some(KeySet::empty())))
    }

    #[tokio::test]
    async fn requests_take_no_lock_while_a_refresh_is_under_way_and_after_it_has_failed() {
        let cache = failing();
        let ahead =
            || cache.serving.load().as_ref().unwrap().refresh.duration_since((cache.clock)()).as_secs();
        assert_eq!(ahead(), 0, "the first request starts it");
        assert!(cache.cached().is_some());
        assert_eq!(ahead(), 25, "whoever comes after it does not, unless it is lost");
        cache.obtain(Need::RefreshNow).await.unwrap_err();
        assert_eq!(ahead(), 5, "nor in the pause");
    }
}
