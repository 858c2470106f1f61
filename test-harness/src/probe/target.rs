//! What judges requests: an API behind a socket, or a validator in the same process.

use std::{error::Error, fmt};

use crate::Attempt;

/// An API under test.
///
/// ```
/// use entra_test_harness::{Answer, Attempt, Target, TargetError};
///
/// /// Refuses everything, which the controls reveal.
/// struct Fortress;
///
/// impl Target for Fortress {
///     async fn send(&self, _: &Attempt) -> Result<Answer, TargetError> {
///         Ok(Answer::Refused { status: 401, code: None })
///     }
/// }
/// ```
pub trait Target {
    /// Sends a request and returns what the API answered.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if the API is gone.
    fn send(&self, attempt: &Attempt) -> impl Future<Output = Result<Answer, TargetError>>;

    /// Restarts the API, so that it has no keys. Returns whether it could; the default is that it cannot.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if it was stopped and does not come back.
    fn restart(&mut self) -> impl Future<Output = Result<bool, TargetError>> {
        async { Ok(false) }
    }

    /// Lets this many seconds pass, for the API and for the identity provider. Returns whether it could; the default is that
    /// it cannot.
    fn pass(&mut self, seconds: u32) -> impl Future<Output = bool> {
        _ = seconds;
        async { false }
    }
}

/// How an API answers a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The request was accepted.
    Accepted {
        /// The HTTP status.
        status: u16,
    },
    /// The request was refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code of the refusal, if the API reports codes.
        code: Option<String>,
    },
    /// Nothing can be judged now (503): the keys are not available.
    Unavailable {
        /// The code of the refusal, if the API reports codes.
        code: Option<String>,
    },
    /// The API failed: an HTTP status of 500 or more, or a connection that ended without a response.
    Crashed {
        /// What was seen.
        how: String,
    },
    /// No response in time.
    Hung,
    /// A response that means neither accepted nor refused.
    Unclear {
        /// The HTTP status.
        status: u16,
    },
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { status } => write!(out, "accepted ({status})"),
            Self::Refused { status, code: None } => write!(out, "refused ({status})"),
            Self::Refused { status, code: Some(code) } => write!(out, "refused ({status}, {code})"),
            Self::Unavailable { code: None } => out.write_str("keys unavailable (503)"),
            Self::Unavailable { code: Some(code) } => write!(out, "keys unavailable (503, {code})"),
            Self::Crashed { how } => write!(out, "crashed ({how})"),
            Self::Hung => out.write_str("no response in time"),
            Self::Unclear { status } => write!(out, "neither accepted nor refused ({status})"),
        }
    }
}

/// The API is gone, so the run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetError(String);

impl TargetError {
    /// Says what happened and what to do.
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
