//! When the identity provider may be asked again: arithmetic on instants, without a clock.

use std::time::{Duration, Instant};

/// The longest pause between attempts, whatever the identity provider asks for: it may be well again by then.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// How many fetches unknown `kid`s may cause at once.
const BURST: u32 = 3;
/// A front end of the identity provider that lags behind is asked again after this long.
const SAME_KID: Duration = Duration::from_secs(10);

/// The pause after the n-th failure in a row. `chance` is from 0 to 1.
pub(super) fn pause(first: Duration, failures: u32, asked_for: Option<Duration>, chance: f64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
    let pause = doubled.min(LONGEST_PAUSE).mul_f64(1.0 + 0.2 * chance);
    pause.max(asked_for.unwrap_or_default().min(LONGEST_PAUSE))
}

/// The fetches that unknown `kid`s may cause: a token bucket.
#[derive(Debug, Default)]
pub(super) struct UnknownKids {
    /// When the bucket will be full again.
    full: Option<Instant>,
    /// The `kid` that was fetched for last. One that is asked for all the time, by a client that is configured for another
    /// identity provider, uses up one fetch where it would use up all.
    last: Option<(Box<str>, Instant)>,
}

impl UnknownKids {
    /// Whether this one may cause a fetch now.
    pub(super) fn take_turn(&mut self, kid: &str, now: Instant, interval: Duration) -> bool {
        let same = |(last, at): &(Box<str>, Instant)| **last == *kid && now < *at + SAME_KID;
        let full = self.full.map_or(now, |full| full.max(now)) + interval;
        if self.last.as_ref().is_some_and(same) || full > now + BURST * interval {
            return false;
        }
        self.full = Some(full);
        self.last = Some((kid.into(), now));
        true
    }

    /// After a fetch that failed: nothing is known about the `kid`.
    pub(super) fn give_back(&mut self, interval: Duration) {
        self.full = self.full.and_then(|full| full.checked_sub(interval));
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const INTERVAL: Duration = Duration::from_secs(300);

    #[test]
    fn the_pause_after_a_failure_doubles_from_five_seconds_to_five_minutes() {
        let pauses: Vec<u64> =
            (1..=9).map(|failures| pause(5 * SECOND, failures, None, 0.0).as_secs()).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(pause(5 * SECOND, u32::MAX, None, 0.0), LONGEST_PAUSE);
    }

    #[test]
    fn the_pause_is_up_to_a_fifth_longer_by_chance() {
        assert_eq!(pause(5 * SECOND, 1, None, 1.0), 6 * SECOND);
        assert_eq!(pause(5 * SECOND, 9, None, 1.0), 360 * SECOND);
    }

    #[test]
    fn the_pause_that_the_identity_provider_asks_for_counts_if_it_is_longer_up_to_five_minutes() {
        let asked_for = |seconds| pause(5 * SECOND, 1, Some(seconds * SECOND), 0.0).as_secs();
        assert_eq!([asked_for(0), asked_for(60), asked_for(86_400)], [5, 60, 300]);
    }

    #[test]
    fn three_unknown_kids_have_a_turn_and_then_one_in_each_interval() {
        let (mut kids, start) = (UnknownKids::default(), Instant::now());
        let turns = |kids: &mut UnknownKids, second| {
            let now = start + second * SECOND;
            (0..10).filter(|n| kids.take_turn(&format!("{second}-{n}"), now, INTERVAL)).count()
        };
        assert_eq!(turns(&mut kids, 0), 3);
        assert_eq!([299, 300, 599, 600].map(|second| turns(&mut kids, second)), [0, 1, 0, 1]);
        assert_eq!(turns(&mut kids, 86_400), 3, "a day's turns are not saved up");
    }

    #[test]
    fn a_turn_that_was_given_back_can_be_taken_again() {
        let (mut kids, now) = (UnknownKids::default(), Instant::now());
        for n in 0..100 {
            assert!(kids.take_turn("kid", now, INTERVAL), "attempt {n}");
            kids.give_back(INTERVAL);
        }
    }

    #[test]
    fn one_kid_has_one_turn_in_ten_seconds() {
        let (mut kids, start) = (UnknownKids::default(), Instant::now());
        let mut turn = |kid, second| kids.take_turn(kid, start + second * SECOND, INTERVAL);
        assert_eq!([turn("a", 0), turn("a", 9), turn("a", 10)], [true, false, true]);
        assert!(turn("b", 10), "another kid does not wait for it");
    }
}
