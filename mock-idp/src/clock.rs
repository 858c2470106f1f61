//! The mock's own clock.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use schemars::JsonSchema;
use serde::Deserialize;

/// The clock that dates a mock's tokens: the system's time, shifted or frozen. A clone is the same clock, for an API that
/// shares it: `ResourceServer::clock` of `entra-validator` takes it as it is, and for anything else it turns into a
/// [`SystemTime`].
///
/// ```
/// # let idp = entra_mock_idp::MockIdp::start_blocking();
/// idp.clock().freeze_at(1_767_225_600);
/// assert_eq!(idp.now(), 1_767_225_600);
/// idp.clock().set_offset(3600);
/// assert!(idp.now() > 1_767_225_600);
///
/// let shared = idp.clock();
/// let before = shared.now();
/// idp.clock().advance(std::time::Duration::from_secs(3600));
/// assert!(shared.now().duration_since(before).unwrap().as_secs() >= 3600);
/// ```
#[derive(Debug, Default, Clone)]
pub struct Clock(Arc<Mutex<Setting>>);

/// How a clock is set: by one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setting {
    /// Runs this many seconds ahead of the system's clock; behind it, if negative.
    #[serde(default)]
    pub(crate) offset_seconds: i64,
    /// Freezes at this time, in seconds since 1970.
    #[serde(default)]
    pub(crate) frozen_at: Option<i64>,
}

impl Setting {
    /// What is invalid, and what would be valid.
    pub(crate) fn check(&self) -> Result<(), String> {
        /// About 10,000 years: what tokens and errors can write as a date.
        const MOST: i64 = 253_402_207_200;
        match *self {
            Self { offset_seconds, frozen_at: Some(_) } if offset_seconds != 0 => {
                Err("offset_seconds and frozen_at are both given: one of them is expected".to_owned())
            }
            Self { offset_seconds: seconds, frozen_at: None } | Self { frozen_at: Some(seconds), .. }
                if !(-MOST..=MOST).contains(&seconds) =>
            {
                Err(format!("{seconds} is too far from now: -{MOST} to {MOST} seconds are expected"))
            }
            _ => Ok(()),
        }
    }
}

impl Clock {
    /// The time in seconds since 1970, at most 10,000 years before or after.
    pub(crate) fn seconds(&self) -> i64 {
        // Any lifetime can be added to such a time.
        const FAR: i64 = 10_000 * 366 * 24 * 3600;
        let setting = self.setting();
        let now =
            setting.frozen_at.unwrap_or_else(|| system_seconds().saturating_add(setting.offset_seconds));
        now.clamp(-FAR, FAR)
    }

    /// The present time, in whole seconds, at most 10,000 years from 1970.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let now = self.seconds();
        let distance = Duration::from_secs(now.unsigned_abs());
        if now < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
    }

    /// Lets this much time pass, in whole seconds: a frozen clock stays frozen.
    pub fn advance(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let mut setting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut setting.frozen_at {
            Some(at) => *at = at.saturating_add(seconds),
            None => setting.offset_seconds = setting.offset_seconds.saturating_add(seconds),
        }
    }

    /// Makes it this time, in whole seconds. A clock that runs goes on from there, a frozen one stays frozen.
    pub fn set(&self, time: SystemTime) {
        let (wanted, system) = (seconds_of(time), system_seconds());
        let mut setting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut setting.frozen_at {
            Some(at) => *at = wanted,
            None => setting.offset_seconds = wanted.saturating_sub(system),
        }
    }

    /// Runs this many seconds ahead of the system's clock; behind it, if negative.
    pub fn set_offset(&self, seconds: i64) {
        self.apply(Setting { offset_seconds: seconds, frozen_at: None });
    }

    /// Freezes at this time, in seconds since 1970.
    pub fn freeze_at(&self, seconds: i64) {
        self.apply(Setting { offset_seconds: 0, frozen_at: Some(seconds) });
    }

    /// Returns to the system's time.
    pub fn reset(&self) {
        self.apply(Setting::default());
    }

    /// How many seconds it is ahead of the system's clock.
    #[must_use]
    pub fn offset(&self) -> i64 {
        self.setting().offset_seconds
    }

    /// The time that it is frozen at, in seconds since 1970; `None` while it runs.
    #[must_use]
    pub fn frozen_at(&self) -> Option<i64> {
        self.setting().frozen_at
    }

    pub(crate) fn setting(&self) -> Setting {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn apply(&self, setting: Setting) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = setting;
    }
}

impl From<Clock> for SystemTime {
    fn from(clock: Clock) -> Self {
        clock.now()
    }
}

fn system_seconds() -> i64 {
    seconds_of(SystemTime::now())
}

fn seconds_of(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_goes_on_from_there_and_a_frozen_one_stays_frozen() {
        let (clock, then) = (Clock::default(), UNIX_EPOCH + Duration::from_secs(1_767_225_600));
        clock.set(then);
        assert_eq!(clock.frozen_at(), None);
        assert!(clock.now() >= then && clock.now() < then + Duration::from_secs(3600));
        clock.freeze_at(0);
        clock.set(then);
        assert_eq!((SystemTime::from(clock.clone()), clock.frozen_at()), (then, Some(1_767_225_600)));
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now(), then + Duration::from_secs(60));
        clock.set(UNIX_EPOCH - Duration::from_secs(60));
        assert_eq!(clock.seconds(), -60);
    }
}
