//! Whatever judges requests: an API behind a socket, or a validator in the same process.

use std::{error::Error, fmt};

use crate::Attempt;

/// An API under test.
///
/// ```
/// use entra_test_harness::{Answer, Attempt, Target, TargetError};
///
/// /// Refuses everything, which the controls find out.
/// struct Fortress;
///
/// impl Target for Fortress {
///     async fn send(&self, _: &Attempt) -> Result<Answer, TargetError> {
///         Ok(Answer::Refused { status: 401, code: None })
///     }
/// }
/// ```
pub trait Target {
    /// Sends a request and tells what came of it.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if there is nobody left to be asked.
    fn send(&self, attempt: &Attempt) -> impl Future<Output = Result<Answer, TargetError>>;

    /// Starts the API anew, so that it has no keys. Says whether it could: by default it cannot.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if it was stopped and does not come back.
    fn restart(&mut self) -> impl Future<Output = Result<bool, TargetError>> {
        async { Ok(false) }
    }

    /// Lets so many seconds pass, for the API and for the identity provider. Says whether it could: by default it cannot.
    fn pass(&mut self, seconds: u32) -> impl Future<Output = bool> {
        _ = seconds;
        async { false }
    }
}

/// What an API says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The request was let in.
    Accepted {
        /// The HTTP status.
        status: u16,
    },
    /// The request was refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The refusal's code, where the API tells codes.
        code: Option<String>,
    },
    /// Nothing can be judged now (503): the keys are not at hand.
    Unavailable {
        /// The refusal's code, where the API tells codes.
        code: Option<String>,
    },
    /// The API failed: an HTTP status of 500 and more, or no answer at all before the connection ended.
    Crashed {
        /// What was seen.
        how: String,
    },
    /// No answer within the time.
    Hung,
    /// An answer that says neither yes nor no.
    Unclear {
        /// The HTTP status.
        status: u16,
    },
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { status } => write!(out, "let in ({status})"),
            Self::Refused { status, code: None } => write!(out, "refused ({status})"),
            Self::Refused { status, code: Some(code) } => write!(out, "refused ({status}, {code})"),
            Self::Unavailable { code: None } => out.write_str("not to be judged now (503)"),
            Self::Unavailable { code: Some(code) } => write!(out, "not to be judged now (503, {code})"),
            Self::Crashed { how } => write!(out, "crashed ({how})"),
            Self::Hung => out.write_str("no answer in time"),
            Self::Unclear { status } => write!(out, "neither yes nor no ({status})"),
        }
    }
}

/// There is no API any more: the run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetError(String);

impl TargetError {
    /// With what happened, and what to do.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for TargetError {}
