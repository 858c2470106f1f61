//! Where the present time comes from.

use std::time::SystemTime;

/// Tells the present time: a function, or a value whose copy turns into it. Of the latter kind are the clock of
/// `entra-mock-idp`, which an API under test shares with the mock, and a [`SystemTime`] that stands still.
///
/// ```
/// use std::time::{SystemTime, UNIX_EPOCH};
/// use entra_validator::TimeSource;
///
/// fn read<Kind>(source: impl TimeSource<Kind>) -> SystemTime {
///     source.now()
/// }
/// assert_eq!(read(UNIX_EPOCH), read(|| UNIX_EPOCH));
/// ```
pub trait TimeSource<Kind>: Send + Sync + 'static {
    /// The present time.
    fn now(&self) -> SystemTime;
}

/// Tells the two kinds of [`TimeSource`] apart; nobody names it.
#[derive(Debug)]
pub enum Function {}

/// Tells the two kinds of [`TimeSource`] apart; nobody names it.
#[derive(Debug)]
pub enum Convertible {}

impl<F: Fn() -> SystemTime + Send + Sync + 'static> TimeSource<Function> for F {
    fn now(&self) -> SystemTime {
        self()
    }
}

impl<T: Clone + Into<SystemTime> + Send + Sync + 'static> TimeSource<Convertible> for T {
    fn now(&self) -> SystemTime {
        self.clone().into()
    }
}
