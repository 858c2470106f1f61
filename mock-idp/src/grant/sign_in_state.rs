//! Whether an account may sign in: its state, and what Conditional Access requires.

use serde_json::json;

use crate::{
    aadsts::Aadsts,
    directory::{SignIn, User},
    error::OAuthError,
};

/// Whether a person is present, who can be asked for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Present,
    Absent,
    /// One was, when the refresh token was issued.
    Earlier,
}

/// Conditional Access names its policy in the claims that the client is to ask for.
const POLICY: &str = "eeeeeeee-0000-4000-8000-0000000000ca";

pub(super) fn check(user: &User, presence: Presence) -> Result<(), OAuthError> {
    let mfa = |code: Aadsts, what: &str| match presence {
        Presence::Absent => Err(code
            .because(format!("Multi-factor authentication {what}: send the user to sign in interactively."))
            .claims(&json!({"access_token": {"capolids": {"essential": true, "values": [POLICY]}}}))),
        Presence::Present | Presence::Earlier => Ok(()),
    };
    match user.sign_in {
        SignIn::Allowed => Ok(()),
        SignIn::Disabled => Err(Aadsts::UserDisabled.because("The user account is disabled.")),
        SignIn::Locked => Err(Aadsts::UserLocked.because(
            "The account is locked: there were too many attempts with a wrong user name or password.",
        )),
        SignIn::PasswordExpired => Err(Aadsts::PasswordExpired.because("The password has expired.")),
        SignIn::MfaRequired => mfa(Aadsts::MfaRequired, "is required"),
        SignIn::MfaEnrollmentRequired => mfa(Aadsts::MfaEnrollmentRequired, "must be set up"),
        SignIn::Blocked => Err(Aadsts::AccessBlocked
            .because("Access is blocked by a Conditional Access policy.")
            .claims(&json!({"access_token": {"capolids": {"essential": true, "values": [POLICY]}}}))),
        SignIn::DeviceNotCompliant => Err(Aadsts::DeviceNotCompliant
            .because("The device is not compliant, which a Conditional Access policy requires.")),
    }
}
