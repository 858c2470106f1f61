//! How a case ended.

use std::fmt;

use serde::Serialize;

use crate::{Answer, Expect};

/// How a case or a scenario ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// As expected.
    Passed,
    /// It could not be played here.
    Skipped {
        /// Why.
        reason: String,
    },
    /// Accepted, although it must be refused.
    WronglyAccepted {
        /// What was seen.
        seen: String,
    },
    /// Refused, although it must be accepted.
    WronglyRefused {
        /// What was seen.
        seen: String,
    },
    /// Refused for another reason than the expected one, as the code or the status shows.
    WrongReason {
        /// What was seen.
        seen: String,
    },
    /// The API failed.
    Crashed {
        /// What was seen.
        seen: String,
    },
    /// The API did not answer in time.
    Hung,
    /// The response means neither accepted nor refused.
    Unclear {
        /// What was seen.
        seen: String,
    },
    /// The API sent the identity provider more requests than it may.
    TooManyFetches {
        /// The endpoint, the number of requests, and how many are allowed.
        seen: String,
    },
}

impl Outcome {
    /// Whether it neither passed nor was skipped. A divergence is known, or the case failed.
    #[must_use]
    pub fn diverged(&self) -> bool {
        !matches!(self, Self::Passed | Self::Skipped { .. })
    }

    /// Adds the act of the scenario in which it was seen.
    pub(super) fn at_act(mut self, act: usize) -> Self {
        match &mut self {
            Self::WronglyAccepted { seen }
            | Self::WronglyRefused { seen }
            | Self::WrongReason { seen }
            | Self::Crashed { seen }
            | Self::Unclear { seen }
            | Self::TooManyFetches { seen } => seen.insert_str(0, &format!("act {act}: ")),
            Self::Passed | Self::Skipped { .. } | Self::Hung => {}
        }
        self
    }

    /// Compares an answer with what was expected.
    #[must_use]
    pub fn of(expect: Expect, answer: &Answer) -> Self {
        let seen = || answer.to_string();
        match (expect, answer) {
            (_, Answer::Crashed { .. }) => Self::Crashed { seen: seen() },
            (_, Answer::Hung) => Self::Hung,
            (_, Answer::Unclear { .. }) => Self::Unclear { seen: seen() },
            (Expect::Accept | Expect::Either { .. }, Answer::Accepted { .. }) => Self::Passed,
            (Expect::Accept, Answer::Refused { .. } | Answer::Unavailable { .. }) => {
                Self::WronglyRefused { seen: seen() }
            }
            (Expect::Refuse(_), Answer::Accepted { .. }) => Self::WronglyAccepted { seen: seen() },
            (
                Expect::Refuse(expected) | Expect::Either { code: expected, .. },
                Answer::Refused { code, .. },
            ) => {
                let reported = code.as_deref().filter(|code| code.starts_with("auth_"));
                let right = match reported {
                    Some(code) => code == expected,
                    None => !is_unavailable(expected),
                };
                Self::for_reason(right, answer)
            }
            (
                Expect::Refuse(expected) | Expect::Either { code: expected, .. },
                Answer::Unavailable { .. },
            ) => Self::for_reason(is_unavailable(expected), answer),
        }
    }

    fn for_reason(right: bool, answer: &Answer) -> Self {
        if right {
            return Self::Passed;
        }
        Self::WrongReason { seen: answer.to_string() }
    }
}

/// Refusals that judge no token: the keys are not available.
fn is_unavailable(code: &str) -> bool {
    matches!(code, "auth_oidc_error" | "auth_jwks_error")
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => out.write_str("passed"),
            Self::Skipped { reason } => write!(out, "skipped: {reason}"),
            Self::WronglyAccepted { seen }
            | Self::WronglyRefused { seen }
            | Self::WrongReason { seen }
            | Self::Crashed { seen }
            | Self::Unclear { seen }
            | Self::TooManyFetches { seen } => out.write_str(seen),
            Self::Hung => out.write_str("no response in time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSE: Expect = Expect::Refuse("auth_token_expired");
    const NO_KEYS: Expect = Expect::Refuse("auth_jwks_error");

    fn refused(status: u16, code: Option<&str>) -> Answer {
        Answer::Refused { status, code: code.map(str::to_owned) }
    }

    #[test]
    fn an_api_without_codes_is_judged_by_its_status_alone() {
        assert_eq!(Outcome::of(REFUSE, &refused(401, None)), Outcome::Passed);
        assert_eq!(Outcome::of(REFUSE, &refused(403, Some("invalid_token"))), Outcome::Passed);
        assert!(matches!(Outcome::of(Expect::Accept, &refused(401, None)), Outcome::WronglyRefused { .. }));
        let accepted = Answer::Accepted { status: 200 };
        assert!(matches!(Outcome::of(REFUSE, &accepted), Outcome::WronglyAccepted { .. }));
    }

    #[test]
    fn an_api_that_reports_codes_must_report_the_expected_one() {
        assert_eq!(Outcome::of(REFUSE, &refused(401, Some("auth_token_expired"))), Outcome::Passed);
        let other = refused(401, Some("auth_token_invalid"));
        assert!(matches!(Outcome::of(REFUSE, &other), Outcome::WrongReason { .. }));
    }

    #[test]
    fn missing_keys_are_not_a_verdict_on_the_token() {
        let unavailable = Answer::Unavailable { code: None };
        assert_eq!(Outcome::of(NO_KEYS, &unavailable), Outcome::Passed);
        assert!(matches!(Outcome::of(NO_KEYS, &refused(401, None)), Outcome::WrongReason { .. }));
        assert!(matches!(Outcome::of(REFUSE, &unavailable), Outcome::WrongReason { .. }));
    }

    #[test]
    fn crashes_and_hangs_have_their_own_outcomes() {
        for expect in [REFUSE, Expect::Accept, NO_KEYS] {
            let crashed = Answer::Crashed { how: "500".to_owned() };
            assert!(matches!(Outcome::of(expect, &crashed), Outcome::Crashed { .. }));
            assert_eq!(Outcome::of(expect, &Answer::Hung), Outcome::Hung);
            let unclear = Answer::Unclear { status: 404 };
            assert!(matches!(Outcome::of(expect, &unclear), Outcome::Unclear { .. }));
        }
    }
}
