//! An API that calls another one as its user: it exchanges the token that it has accepted
//! ([on-behalf-of](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow)).

use entra_validator::{AuthError, ClaimsChallenge, VerifiedToken, reqwest};
use serde::Deserialize;

/// How this API proves to the identity provider who it is.
pub struct Client {
    /// Reused, for its connections.
    pub http: reqwest::Client,
    /// The API's own application (client) ID.
    pub client_id: String,
    /// One of its secrets.
    pub client_secret: String,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    error: Option<String>,
    /// What the user must prove before this exchange is possible.
    claims: Option<String>,
}

/// Why there is no token for the other API.
#[derive(Debug)]
pub enum Failed {
    /// The user must sign in again: return it to the client, whose library does so.
    User(AuthError),
    /// The error that the identity provider named, or what happened instead: for the log.
    Exchange(String),
}

impl Client {
    /// A token for `scope`, as the user of this one. The exchange goes to the tenant that the token is from, which is known
    /// to be trusted, and not to `common`.
    pub async fn exchange(&self, token: &VerifiedToken, base: &str, scope: &str) -> Result<String, Failed> {
        let failed = |error: reqwest::Error| Failed::Exchange(error.without_url().to_string());
        let tenant = token.claims().tid.as_deref().unwrap_or_default();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("requested_token_use", "on_behalf_of"),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("assertion", &token.expose_secret()),
            ("scope", scope),
        ];
        let request = self.http.post(format!("{base}/{tenant}/oauth2/v2.0/token")).form(&form);
        let answer: Answer = request.send().await.map_err(failed)?.json().await.map_err(failed)?;
        match answer {
            Answer { access_token: Some(token), .. } => Ok(token),
            Answer { claims: Some(claims), .. } => {
                let sign_in = token.authority().authorization_url();
                Err(Failed::User(ClaimsChallenge::new(claims, sign_in.as_deref()).into()))
            }
            Answer { error, .. } => Err(Failed::Exchange(error.unwrap_or_else(|| "no token".to_owned()))),
        }
    }
}
