//! The keys of other issuers, kept for a minute: a request costs them nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use crate::token::JwkSet;

/// How long keys are kept, in seconds of the mock's clock.
const KEPT: i64 = 60;
/// How often an issuer is asked in that time, if it fails or a token names a key that it did not publish before.
const MOST_READS: u32 = 10;

/// What was read: the keys, or why they could not be read. One read serves all who wait for it.
pub(crate) type Reading = Arc<OnceCell<Result<JwkSet, String>>>;

#[derive(Debug)]
struct Kept {
    since: i64,
    reads: u32,
    reading: Reading,
}

/// The keys of other issuers by their `iss`: of those that the directory names, so there are few.
#[derive(Debug, Default)]
pub(crate) struct IssuerKeys(Mutex<HashMap<String, Kept>>);

impl IssuerKeys {
    /// What is kept of the issuer's keys, or a place for them.
    pub(crate) fn of(&self, issuer: &str, now: i64) -> Reading {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes them old, too.
        all.retain(|_, kept| (kept.since..kept.since.saturating_add(KEPT)).contains(&now));
        let new = || Kept { since: now, reads: 1, reading: Reading::default() };
        Arc::clone(&all.entry(issuer.to_owned()).or_insert_with(new).reading)
    }

    /// A place for a further reading instead of one that did not help, unless there were too many.
    pub(crate) fn again(&self, issuer: &str, useless: &Reading) -> Option<Reading> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get_mut(issuer)?;
        if Arc::ptr_eq(&kept.reading, useless) {
            kept.reads = Some(kept.reads + 1).filter(|reads| *reads <= MOST_READS)?;
            kept.reading = Reading::default();
        }
        Some(Arc::clone(&kept.reading))
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_serves_for_a_minute_and_is_repeated_at_most_ten_times() {
        let keys = IssuerKeys::default();
        let first = keys.of("a", 100);
        assert!(Arc::ptr_eq(&first, &keys.of("a", 159)) && !Arc::ptr_eq(&first, &keys.of("b", 159)));
        assert!(!Arc::ptr_eq(&first, &keys.of("a", 160)), "a minute is over");
        let mut reading = keys.of("a", 160);
        for _ in 2..=MOST_READS {
            let next = keys.again("a", &reading).unwrap();
            assert!(Arc::ptr_eq(&next, &keys.again("a", &reading).unwrap()), "one more serves all who wait");
            reading = next;
        }
        assert!(keys.again("a", &reading).is_none());
        assert!(!Arc::ptr_eq(&reading, &keys.of("a", 99)), "the clock was set back");
    }
}
