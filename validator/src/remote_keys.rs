//! Keys fetched from the identity provider: one cache, shared by all requests.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::watch;

use crate::{Authority, KeySet, KeySetError, ProviderMetadata, fetch::Fetcher, observe};

/// The keys of an [`Authority`], fetched over HTTP when they are first needed, cached, and refreshed before they age.
/// Clones share one cache.
///
/// * One fetch is under way at a time, however many requests wait for it; it goes on when they give up.
/// * Cached keys are refreshed in the background once they are older than [`CachePolicy::refresh_after`].
/// * While the identity provider is down, the last good keys serve up to [`CachePolicy::max_age`].
/// * A `kid` that is not in the set causes one refresh, then none for [`CachePolicy::unknown_kid_cooldown`].
/// * Redirects, answers other than 200, documents that are too large, too slow, or not what was asked for are refused,
///   and what was cached stays.
///
/// The time is an argument everywhere, so that all of this can be tested without waiting.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::SystemTime;
/// use entra_validator::{Authority, RemoteKeySet};
///
/// let keys = RemoteKeySet::new(Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?);
/// println!("{} keys", keys.get(SystemTime::now()).await?.len());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct RemoteKeySet {
    shared: Arc<Shared>,
}

/// How long fetched keys serve, and how often they are fetched.
///
/// ```
/// use std::time::Duration;
/// use entra_validator::CachePolicy;
///
/// let policy = CachePolicy { max_age: Duration::from_secs(3600), ..CachePolicy::default() };
/// # assert_eq!(policy.unknown_kid_cooldown, Duration::from_secs(300));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePolicy {
    /// Older keys are refreshed in the background. One hour, as Microsoft advises
    /// ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)).
    pub refresh_after: Duration,
    /// Older keys do not serve any more, whether or not the identity provider can be reached. 24 hours.
    pub max_age: Duration,
    /// After an unknown `kid` caused a refresh, none causes another for this long. 5 minutes, as in Microsoft's library.
    pub unknown_kid_cooldown: Duration,
    /// After a failed fetch, none is tried for this long. 5 seconds.
    pub retry_after: Duration,
    /// How long one request may take, from connecting to the last byte. 10 seconds.
    pub timeout: Duration,
}

impl Default for CachePolicy {
    fn default() -> Self {
        Self {
            refresh_after: Duration::from_secs(60 * 60),
            max_age: Duration::from_secs(24 * 60 * 60),
            unknown_kid_cooldown: Duration::from_secs(5 * 60),
            retry_after: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
        }
    }
}

#[derive(Debug)]
struct Shared {
    fetcher: Fetcher,
    policy: CachePolicy,
    state: Mutex<State>,
}

type Outcome = Result<Arc<KeySet>, KeySetError>;

#[derive(Debug, Default)]
struct State {
    cached: Option<Cached>,
    failed: Option<(SystemTime, KeySetError)>,
    unknown_kid_refresh: Option<SystemTime>,
    in_flight: Option<watch::Receiver<Option<Outcome>>>,
}

#[derive(Debug)]
struct Cached {
    keys: Arc<KeySet>,
    metadata: ProviderMetadata,
    fetched: SystemTime,
}

/// What a fetch asks for.
#[derive(Debug)]
enum Wanted {
    MetadataAndKeys {
        issuer: Option<String>,
    },
    /// Metadata does not change with the keys, and an unknown `kid` is worth one request, not two.
    Keys {
        metadata: ProviderMetadata,
    },
}

impl RemoteKeySet {
    /// Fetches nothing yet.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// # use std::time::{Duration, SystemTime};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let authority = Authority::from_url(&idp.authority())?;
    /// let keys = RemoteKeySet::new(authority);
    /// assert!(keys.cached(SystemTime::now()).is_none());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(authority: Authority) -> Self {
        Self::with_policy(authority, CachePolicy::default())
    }

    /// Fetches nothing yet.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// # use std::time::{Duration, SystemTime};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let authority = Authority::from_url(&idp.authority())?;
    /// use entra_validator::CachePolicy;
    ///
    /// let policy = CachePolicy { timeout: Duration::from_secs(3), ..CachePolicy::default() };
    /// let keys = RemoteKeySet::with_policy(authority, policy);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_policy(authority: Authority, policy: CachePolicy) -> Self {
        let fetcher = Fetcher::new(authority, policy.timeout);
        Self { shared: Arc::new(Shared { fetcher, policy, state: Mutex::default() }) }
    }

    /// The keys: cached, or fetched if there are none.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// # use std::time::{Duration, SystemTime};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let authority = Authority::from_url(&idp.authority())?;
    /// let keys = RemoteKeySet::new(authority);
    /// assert!(!keys.get(SystemTime::now()).await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if there are none and the fetch fails, or one failed less than [`CachePolicy::retry_after`] ago.
    pub async fn get(&self, now: SystemTime) -> Result<Arc<KeySet>, KeySetError> {
        match self.cached(now) {
            Some(keys) => Ok(keys),
            None => self.fetch(now).await,
        }
    }

    /// The cached keys, if there are any that may still serve. Never waits; starts a refresh in the background where one
    /// is due, for which it must be called within a tokio runtime.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// # use std::time::{Duration, SystemTime};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let authority = Authority::from_url(&idp.authority())?;
    /// let (keys, now) = (RemoteKeySet::new(authority), SystemTime::now());
    /// keys.get(now).await?;
    /// assert!(keys.cached(now).is_some());
    /// assert!(keys.cached(now + Duration::from_secs(24 * 3600)).is_none());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn cached(&self, now: SystemTime) -> Option<Arc<KeySet>> {
        let mut state = self.state();
        let cached = state.cached.as_ref()?;
        let (keys, age) = (Arc::clone(&cached.keys), elapsed(cached.fetched, now));
        if age.is_none_or(|age| age >= self.shared.policy.refresh_after) && self.may_try(&state, now) {
            self.start(&mut state, now);
        }
        age.is_none_or(|age| age < self.shared.policy.max_age).then_some(keys)
    }

    /// The keys again, after a token named a `kid` that is not among them: fetched anew, unless that was done less than
    /// [`CachePolicy::unknown_kid_cooldown`] ago. If the fetch fails, the cached ones.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// # use std::time::{Duration, SystemTime};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let authority = Authority::from_url(&idp.authority())?;
    /// let (keys, now) = (RemoteKeySet::new(authority), SystemTime::now());
    /// let before = keys.get(now).await?;
    /// idp.rotate_keys(entra_mock_idp::Rotation::Planned);
    /// assert!(keys.get_for_unknown_kid(now).await?.len() > before.len());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if there are no keys at all.
    pub async fn get_for_unknown_kid(&self, now: SystemTime) -> Result<Arc<KeySet>, KeySetError> {
        let Some(keys) = self.cached(now) else { return self.fetch(now).await };
        let receiver = {
            let mut state = self.state();
            let cooling = state
                .unknown_kid_refresh
                .and_then(|at| elapsed(at, now))
                .is_some_and(|age| age < self.shared.policy.unknown_kid_cooldown);
            if let Some(receiver) = running(&state) {
                receiver
            } else if cooling || !self.may_try(&state, now) {
                return Ok(keys);
            } else {
                state.unknown_kid_refresh = Some(now);
                let metadata = state.cached.as_ref().map(|cached| cached.metadata.clone());
                let wanted = metadata.map(|metadata| Wanted::Keys { metadata });
                self.spawn(&mut state, now, wanted.unwrap_or(Wanted::MetadataAndKeys { issuer: None }))
            }
        };
        Ok(wait(receiver).await.unwrap_or(keys))
    }

    async fn fetch(&self, now: SystemTime) -> Outcome {
        let receiver = {
            let mut state = self.state();
            match &state.failed {
                Some((_, error)) if running(&state).is_none() && !self.may_try(&state, now) => {
                    return Err(error.clone());
                }
                _ => self.start(&mut state, now),
            }
        };
        wait(receiver).await
    }

    fn may_try(&self, state: &State, now: SystemTime) -> bool {
        let since_failure = state.failed.as_ref().and_then(|(at, _)| elapsed(*at, now));
        since_failure.is_none_or(|age| age >= self.shared.policy.retry_after)
    }

    fn start(&self, state: &mut State, now: SystemTime) -> watch::Receiver<Option<Outcome>> {
        let issuer = state.cached.as_ref().map(|cached| cached.metadata.issuer().to_owned());
        running(state).unwrap_or_else(|| self.spawn(state, now, Wanted::MetadataAndKeys { issuer }))
    }

    /// On a task of its own: whoever waits may give up without stopping it for the others.
    fn spawn(&self, state: &mut State, now: SystemTime, wanted: Wanted) -> watch::Receiver<Option<Outcome>> {
        let (sender, receiver) = watch::channel(None);
        state.in_flight = Some(receiver.clone());
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let outcome = observe::fetched(shared.fetch(wanted, now).await);
            let outcome = shared.settle(outcome, now);
            sender.send_replace(Some(outcome));
        });
        receiver
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Shared {
    /// Nothing that holds the lock can panic half-way through a change.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, wanted: Wanted, now: SystemTime) -> Result<Cached, KeySetError> {
        let metadata = match wanted {
            Wanted::Keys { metadata } => metadata,
            Wanted::MetadataAndKeys { issuer } => self.fetcher.metadata(issuer.as_deref()).await?,
        };
        let keys = self.fetcher.keys(metadata.jwks_uri()).await?.with_metadata(&metadata);
        Ok(Cached { keys: Arc::new(keys), metadata, fetched: now })
    }

    fn settle(&self, fetched: Result<Cached, KeySetError>, now: SystemTime) -> Outcome {
        let mut state = self.state();
        state.in_flight = None;
        match fetched {
            Ok(cached) => {
                state.failed = None;
                let keys = Arc::clone(&cached.keys);
                state.cached = Some(cached);
                Ok(keys)
            }
            Err(error) => {
                state.failed = Some((now, error.clone()));
                Err(error)
            }
        }
    }
}

/// The fetch under way. One whose task was ended with its runtime counts no more.
fn running(state: &State) -> Option<watch::Receiver<Option<Outcome>>> {
    state.in_flight.clone().filter(|receiver| receiver.has_changed().is_ok())
}

async fn wait(mut receiver: watch::Receiver<Option<Outcome>>) -> Outcome {
    let outcome = receiver.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
    outcome.unwrap_or_else(|| Err(KeySetError::Jwks { reason: "the fetch was cancelled".to_owned() }))
}

/// `None` if the clock was set back: then nothing that was measured before it counts.
fn elapsed(since: SystemTime, now: SystemTime) -> Option<Duration> {
    now.duration_since(since).ok()
}
