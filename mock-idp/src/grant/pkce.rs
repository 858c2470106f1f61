//! Proof Key for Code Exchange (RFC 7636).

use std::ops::RangeInclusive;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError};

use super::parameters::Parameters;

#[derive(Debug, Clone)]
pub(super) enum Challenge {
    S256(String),
    Plain(String),
}

/// The lengths of a verifier and of a plain challenge (RFC 7636 §4.1, §4.2), in characters.
const LENGTHS: RangeInclusive<usize> = 43..=128;
/// The length of an S256 challenge, in characters. Entra refuses a padded one
/// (ifitzpat/org-outlook#6, AADSTS501491).
const S256_LENGTH: RangeInclusive<usize> = 43..=43;

/// Whether the text has such a length, and the characters of RFC 7636 §4.1 alone.
fn is_well_formed(text: &str, lengths: &RangeInclusive<usize>) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    lengths.contains(&text.len()) && text.bytes().all(unreserved)
}

impl Challenge {
    /// The challenge of an authorization request (§4.3): the default method is `plain`; single-page apps must send one.
    pub(super) fn asked(parameters: &Parameters, platform: Platform) -> Result<Option<Self>, OAuthError> {
        let Some(challenge) = parameters.get("code_challenge") else {
            return Self::absent(parameters, platform).map(|()| None);
        };
        let (challenge, lengths) = match parameters.get("code_challenge_method") {
            Some("S256") => (Self::S256(challenge.to_owned()), S256_LENGTH),
            None | Some("plain") => (Self::Plain(challenge.to_owned()), LENGTHS),
            Some(other) => {
                return Err(Aadsts::CodeChallengeMethodInvalid.because(format!(
                    "The code_challenge_method '{other}' does not exist: S256 is expected."
                )));
            }
        };
        let (Self::S256(text) | Self::Plain(text)) = &challenge;
        if is_well_formed(text, &lengths) {
            return Ok(Some(challenge));
        }
        Err(Aadsts::CodeChallengeInvalid.because(
            "The code_challenge is invalid: 43 characters (S256) or 43 to 128 (plain) of A-Z a-z 0-9 - . _ ~ are expected.",
        ))
    }

    /// A method without a challenge is a mistake of the client. That it is refused is a choice: what Entra does is not known.
    fn absent(parameters: &Parameters, platform: Platform) -> Result<(), OAuthError> {
        if platform == Platform::Spa {
            return Err(
                Aadsts::CodeChallengeMissing.because("A single-page app must send a code_challenge (PKCE).")
            );
        }
        match parameters.get("code_challenge_method") {
            None => Ok(()),
            Some(_) => Err(Aadsts::CodeChallengeMethodInvalid
                .because("There is a code_challenge_method, but no code_challenge: send both or neither.")),
        }
    }

    /// Whether the verifier of a token request fits (§4.6). One that nobody announced is refused, as by Entra
    /// (get-convex/convex-auth#457; RFC 9700 §4.8.2): it is the sign of a downgrade.
    pub(super) fn check(challenge: Option<&Self>, verifier: Option<&str>) -> Result<(), OAuthError> {
        let wrong = |message: &str| Err(Aadsts::CodeVerifierWrong.because(message));
        let (challenge, verifier) = match (challenge, verifier) {
            (None, None) => return Ok(()),
            (None, Some(_)) => {
                return wrong(
                    "There is a code_verifier, but the authorization request had no code_challenge.",
                );
            }
            (Some(_), None) => return wrong("The code was requested with PKCE: send the code_verifier."),
            (Some(challenge), Some(verifier)) => (challenge, verifier),
        };
        // That these have the number of a verifier that does not match is a choice.
        if !is_well_formed(verifier, &LENGTHS) {
            return wrong(
                "The code_verifier is invalid: 43 to 128 characters of A-Z a-z 0-9 - . _ ~ are expected.",
            );
        }
        let fits = match challenge {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
            }
        };
        if fits {
            return Ok(());
        }
        wrong("The code_verifier does not fit the code_challenge of the authorization request.")
    }
}
