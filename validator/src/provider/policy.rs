//! How long keys serve, and how often they are fetched.

use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long fetched keys serve, and how often they are fetched. A value outside of its range becomes the nearest one
/// inside: no setting makes a service ask the identity provider without a pause, or trust keys forever.
///
/// ```
/// use std::time::Duration;
/// use entra_validator::CachePolicy;
///
/// // Withdrawn keys are trusted for 10 minutes, and an outage is survived for 6 hours.
/// let policy = CachePolicy::default()
///     .refresh_after(Duration::from_secs(10 * 60))
///     .max_age(Duration::from_secs(6 * 60 * 60));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePolicy {
    pub(super) refresh_after: Duration,
    pub(super) max_age: Duration,
    pub(super) unknown_kid_interval: Duration,
    pub(super) retry_after: Duration,
    pub(super) timeout: Duration,
}

impl Default for CachePolicy {
    fn default() -> Self {
        Self {
            refresh_after: HOUR,
            max_age: DAY,
            unknown_kid_interval: 5 * MINUTE,
            retry_after: 5 * SECOND,
            timeout: 10 * SECOND,
        }
    }
}

impl CachePolicy {
    /// Older keys are refreshed in the background: 1 minute to 1 day, 1 hour by default, as Microsoft advises
    /// ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)). The refresh is
    /// up to 10 % earlier, by chance, so that services which started together do not ask together. If this is more than
    /// half of [`max_age`](Self::max_age), that half counts: a refresh that fails must leave time for another.
    #[must_use]
    pub fn refresh_after(self, age: Duration) -> Self {
        Self { refresh_after: age.clamp(MINUTE, DAY), ..self }
    }

    /// Older keys are no longer used, whether or not the identity provider can be reached: 2 minutes to 30 days, 1 day by
    /// default.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self { max_age: age.clamp(2 * MINUTE, 30 * DAY), ..self }
    }

    /// Tokens with an unknown `kid` cause 3 fetches at most, and one more after each such interval: 1 minute to 1 day,
    /// 5 minutes by default, as in Microsoft's library. A `kid` that was just fetched for is not fetched for again within
    /// 10 seconds.
    #[must_use]
    pub fn unknown_kid_interval(self, interval: Duration) -> Self {
        Self { unknown_kid_interval: interval.clamp(MINUTE, DAY), ..self }
    }

    /// After a failed fetch, none is tried for this long, counted from its end: 1 second to 5 minutes, 5 seconds by
    /// default. It doubles with each further failure up to 5 minutes, and is up to 20 % longer by chance. A `Retry-After`
    /// of the identity provider counts if it is longer, up to 5 minutes.
    #[must_use]
    pub fn retry_after(self, pause: Duration) -> Self {
        Self { retry_after: pause.clamp(SECOND, super::schedule::LONGEST_PAUSE), ..self }
    }

    /// How long one request may take, from connecting to the last byte: at most 1 minute, 10 seconds by default. Whoever
    /// waits for keys waits at most for two requests and 5 seconds.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: timeout.min(MINUTE), ..self }
    }

    /// The age at which keys are refreshed. `chance` is from 0 to 1.
    pub(super) fn refresh_age(&self, chance: f64) -> Duration {
        self.refresh_after.min(self.max_age / 2).mul_f64(1.0 - 0.1 * chance)
    }

    /// After this long without a result, a fetch counts as lost: its task belongs to a runtime that nobody drives.
    pub(super) fn deadline(&self) -> Duration {
        2 * self.timeout + 5 * SECOND
    }
}
