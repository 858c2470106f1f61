//! Keys fetched from the identity provider: one cache, shared by all requests.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;

use crate::{Authority, KeyFuture, KeySet, KeySetError, KeySource, TimeSource};

use super::{
    cache::{Cache, Chance, Clock, Need},
    fetch::{Customize, Fetcher},
    policy::CachePolicy,
};

/// The keys of an [`Authority`], fetched over HTTP when they are first needed, cached, and refreshed before they age.
/// Clones share one cache, and reading it takes no lock.
///
/// * One fetch is in flight at a time, however many requests wait for it; it goes on when they give up. Nobody waits
///   longer than two [timeouts](CachePolicy::timeout) and 5 seconds.
/// * Cached keys are refreshed in the background once they are older than [`CachePolicy::refresh_after`]. Equal keys stay
///   the same `Arc`.
/// * While the identity provider is down, the last good keys serve up to [`CachePolicy::max_age`], and a `kid` that is not
///   among them is an error, not an unknown key. The pauses between attempts grow from 5 seconds to 5 minutes.
/// * A `kid` that is not in the set causes a fetch: 3 at most, and one more every
///   [5 minutes](CachePolicy::unknown_kid_interval).
/// * Redirects, statuses other than 200, documents that are too large, too slow or not the authority's, and key sets with
///   which no token can be verified are refused, and the cached keys stay.
/// * An authority on loopback is reached without a proxy, and `localhost` is this machine whatever a name server says.
///
/// Intervals are measured from the end of a fetch on a monotonic clock, so the system's time may be set.
///
/// A background fetch runs in the tokio runtime of the request that needs it. Where a runtime runs for moments only, call
/// [`refresh`](Self::refresh) from time to time; in a service, [`spawn_refresh`](Self::spawn_refresh) keeps the keys fresh
/// while there are no requests.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use entra_validator::{Authority, RemoteKeySet};
///
/// let keys = RemoteKeySet::new(Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?);
/// println!("{} keys", keys.get().await?.len());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct RemoteKeySet {
    cache: Arc<Cache>,
}

impl RemoteKeySet {
    /// With the default [`CachePolicy`]. Fetches nothing yet.
    #[must_use]
    pub fn new(authority: Authority) -> Self {
        Self::builder(authority).build()
    }

    /// With settings.
    pub fn builder(authority: Authority) -> RemoteKeySetBuilder {
        RemoteKeySetBuilder {
            authority,
            policy: CachePolicy::default(),
            seed: None,
            customize: Box::new(|client| client),
            clock: Box::new(Instant::now),
            chance: Box::new(chance),
        }
    }

    /// The keys: cached, or fetched if there are none.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if there are none and the fetch fails, or one failed a short while ago.
    pub async fn get(&self) -> Result<Arc<KeySet>, KeySetError> {
        match self.cached() {
            Some(keys) => Ok(keys),
            None => self.cache.obtain(Need::Keys).await,
        }
    }

    /// The cached keys, if there are any that may still serve. Never waits; within a tokio runtime, starts a refresh in the
    /// background where one is due.
    #[must_use]
    pub fn cached(&self) -> Option<Arc<KeySet>> {
        self.cache.cached()
    }

    /// The keys after a token named a `kid` that is not among them: fetched again, if it is this `kid`'s turn. Without a
    /// fetch, the cached ones.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if the fetch fails, or the last one did: then nobody knows whether there is such a key.
    pub async fn get_for_unknown_kid(&self, kid: &str) -> Result<Arc<KeySet>, KeySetError> {
        self.cache.obtain(Need::Kid(kid)).await
    }

    /// Fetches metadata and keys, whether or not they are due, or waits for the fetch under way.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if the fetch fails. The cached keys stay.
    pub async fn refresh(&self) -> Result<Arc<KeySet>, KeySetError> {
        self.cache.obtain(Need::RefreshNow).await
    }

    /// Starts a task that fetches the keys at once, and refreshes them whenever that is due, until the returned value is
    /// dropped.
    ///
    /// ```no_run
    /// # async fn example(keys: entra_validator::RemoteKeySet) {
    /// let refresh = keys.spawn_refresh();
    /// // .. serve requests ..
    /// drop(refresh);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    #[must_use = "the task ends when this is dropped"]
    pub fn spawn_refresh(&self) -> RefreshTask {
        let cache = Arc::clone(&self.cache);
        RefreshTask(tokio::spawn(async move {
            loop {
                tokio::time::sleep(cache.snapshot().next_refresh).await;
                // A failure is reported where it happens, and sets the next attempt.
                _ = cache.obtain(Need::Refresh).await;
            }
        }))
    }

    /// Whether there are keys that may serve: for readiness probes. Never starts a fetch.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.cache.snapshot().keys.is_some()
    }

    /// What the cache holds: for readiness probes and dashboards. Never starts a fetch.
    ///
    /// ```
    /// # use entra_validator::{Authority, RemoteKeySet};
    /// let keys = RemoteKeySet::new(Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?);
    /// let status = keys.status();
    /// assert!(!keys.is_ready() && status.kids.is_empty());
    /// assert_eq!((status.age, status.last_error), (None, None), "nothing was fetched yet");
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    #[must_use]
    pub fn status(&self) -> KeyStatus {
        let now = self.cache.snapshot();
        let mut kids: Vec<String> =
            now.keys.iter().flat_map(|keys| keys.key_ids()).map(str::to_owned).collect();
        kids.sort_unstable();
        KeyStatus { kids, age: now.age, last_error: now.last_error, next_refresh: now.next_refresh }
    }
}

impl KeySource for RemoteKeySet {
    fn cached(&self) -> Option<Arc<KeySet>> {
        self.cached()
    }

    fn get_for_unknown_kid<'a>(&'a self, kid: &'a str) -> KeyFuture<'a> {
        Box::pin(self.get_for_unknown_kid(kid))
    }

    fn authority(&self) -> Option<&Authority> {
        Some(self.cache.fetcher.authority())
    }
}

/// What a [`RemoteKeySet`] holds, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The `kid`s of the keys that may serve, sorted; none once they are too old.
    pub kids: Vec<String>,
    /// How long ago keys were fetched; `None` if they never were.
    pub age: Option<Duration>,
    /// Why the last fetch failed; `None` if it did not.
    pub last_error: Option<KeySetError>,
    /// How long until the next refresh is due; zero if it is.
    pub next_refresh: Duration,
}

/// The task that refreshes the keys of a [`RemoteKeySet`], made by [`RemoteKeySet::spawn_refresh`]. Dropping it ends the
/// task.
#[derive(Debug)]
pub struct RefreshTask(JoinHandle<()>);

impl Drop for RefreshTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The settings of a [`RemoteKeySet`].
///
/// ```
/// use entra_validator::{Authority, CachePolicy, KeySet, RemoteKeySet, reqwest};
///
/// # fn example(last_keys: &[u8], proxy: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let proxy = reqwest::Proxy::https(proxy)?;
/// let keys = RemoteKeySet::builder(Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?)
///     .policy(CachePolicy::default().timeout(std::time::Duration::from_secs(3)))
///     .seed(KeySet::from_jwks(last_keys)?)
///     .client(move |client| client.proxy(proxy.clone()))
///     .build();
/// # Ok(()) }
/// ```
#[must_use]
pub struct RemoteKeySetBuilder {
    authority: Authority,
    policy: CachePolicy,
    seed: Option<KeySet>,
    customize: Customize,
    clock: Clock,
    chance: Chance,
}

impl RemoteKeySetBuilder {
    /// How long keys serve, and how often they are fetched.
    pub fn policy(self, policy: CachePolicy) -> Self {
        Self { policy, ..self }
    }

    /// Keys that serve until some are fetched, which is tried at the first request: for a start while the identity provider
    /// is down. They are as old as the `RemoteKeySet`, so save them again for each release: a key that was withdrawn
    /// since is trusted until the first fetch.
    pub fn seed(self, keys: KeySet) -> Self {
        Self { seed: Some(keys), ..self }
    }

    /// The HTTP client's proxy, additional CA certificates, client certificate, DNS and the like. Called for each attempt
    /// to build the client. Redirects are never followed and the [timeout](CachePolicy::timeout) holds, whatever is set
    /// here; an authority on loopback is reached without a proxy.
    pub fn client(
        self,
        customize: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self { customize: Box::new(customize), ..self }
    }

    /// Measures intervals by this clock instead of the system's monotonic one: for tests.
    pub fn clock(self, clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    /// Measures the age of keys and all intervals by a clock that tells the time of day, which an API under test shares with
    /// its identity provider: `idp.clock()` of `entra-mock-idp`. A step back stands still.
    pub fn wall_clock<Kind>(self, clock: impl TimeSource<Kind>) -> Self {
        let (start, epoch) = (Instant::now(), clock.now());
        self.clock(move || {
            let passed = clock.now().duration_since(epoch).unwrap_or_default();
            start.checked_add(passed).unwrap_or(start)
        })
    }

    /// Takes a number from 0 to 1 from this function, instead of by chance, for each interval: for tests.
    pub fn chance(self, chance: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self { chance: Box::new(chance), ..self }
    }

    /// Fetches nothing yet.
    #[must_use]
    pub fn build(self) -> RemoteKeySet {
        let Self { authority, policy, seed, customize, clock, chance } = self;
        let fetcher = Fetcher::new(authority, policy.timeout, customize);
        RemoteKeySet { cache: Arc::new(Cache::new(fetcher, policy, clock, chance, seed)) }
    }
}

impl std::fmt::Debug for RemoteKeySetBuilder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("RemoteKeySetBuilder")
            .field("authority", &self.authority)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// From 0 to 1.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without chance, the intervals are what the policy says.
    _ = aws_lc_rs::rand::fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}
