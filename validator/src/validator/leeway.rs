//! How far clocks may differ.

/// By how much clocks may differ when `exp`, `nbf` and `iat` are judged: 0 to 300 seconds, 60 by default.
///
/// ```
/// use entra_validator::Leeway;
///
/// assert_eq!(Leeway::default(), Leeway::from_secs(60).unwrap());
/// assert_eq!(Leeway::from_secs(301), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leeway(u16);

impl Leeway {
    /// No leeway.
    pub const ZERO: Self = Self(0);
    /// 300 seconds, the default of Microsoft's own library and the most that is allowed.
    pub const MAX: Self = Self(300);

    /// A leeway of this many seconds; `None` beyond 300.
    #[must_use]
    pub const fn from_secs(seconds: u16) -> Option<Self> {
        if seconds <= Self::MAX.0 { Some(Self(seconds)) } else { None }
    }

    pub(super) fn seconds(self) -> i64 {
        self.0.into()
    }
}

impl Default for Leeway {
    fn default() -> Self {
        Self(60)
    }
}
