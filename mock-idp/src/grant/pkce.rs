//! Proof Key for Code Exchange (RFC 7636).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError};

use super::parameters::Parameters;

#[derive(Debug, Clone)]
pub(super) enum Challenge {
    S256(String),
    Plain(String),
}

impl Challenge {
    /// The challenge of an authorization request (§4.3): the default method is `plain`; single-page apps must send one.
    pub(super) fn asked(parameters: &Parameters, platform: Platform) -> Result<Option<Self>, OAuthError> {
        let challenge = parameters.get("code_challenge").map(str::to_owned);
        match (challenge, parameters.get("code_challenge_method")) {
            (Some(challenge), Some("S256")) => Ok(Some(Self::S256(challenge))),
            (Some(challenge), None | Some("plain")) => Ok(Some(Self::Plain(challenge))),
            (Some(_), Some(other)) => Err(Aadsts::InvalidRequest
                .because(format!("The code_challenge_method '{other}' does not exist."))),
            (None, _) if platform == Platform::Spa => {
                Err(Aadsts::CodeChallengeMissing
                    .because("A single-page app must send a code_challenge (PKCE)."))
            }
            (None, _) => Ok(None),
        }
    }

    /// Whether the verifier of a token request fits (§4.6).
    pub(super) fn check(&self, verifier: Option<&str>) -> Result<(), OAuthError> {
        let fits = verifier.is_some_and(|verifier| match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
            }
        });
        if fits {
            return Ok(());
        }
        Err(Aadsts::CodeVerifierWrong
            .because("The code_verifier does not fit the code_challenge of the authorization request."))
    }
}
