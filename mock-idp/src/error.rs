//! Entra's errors: an AADSTS number decides `error`, status and members.

use std::{error::Error, fmt};

use serde::Serialize;
use serde_json::Value;

use crate::{
    aadsts::{Aadsts, Row},
    text::cut_within,
};

/// An error in Entra's form ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) and
/// [AADSTS codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)). The number and the members
/// are Entra's, the sentence is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) code: Aadsts,
    message: String,
    /// The claims that the client has to request, as JSON.
    claims: Option<String>,
}

/// When and for which request an error was made.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence {
    /// Seconds since 1970.
    pub(crate) now: i64,
    pub(crate) trace_id: String,
    /// The client's own `client-request-id`, if it sent one.
    pub(crate) correlation_id: String,
}

impl Aadsts {
    /// The error with this number, and a sentence for people, in which long values are cut.
    pub(crate) fn because(self, message: impl Into<String>) -> OAuthError {
        OAuthError { code: self, message: cut_within(message.into()), claims: None }
    }
}

impl OAuthError {
    /// The claims that the client has to request when it sends the user to sign in again. They travel as text.
    pub(crate) fn claims(mut self, claims: &Value) -> Self {
        self.claims = Some(claims.to_string());
        self
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Aadsts::ParameterMissing.because(format!("The request must contain the parameter '{name}'."))
    }

    /// The sentence without the number.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The `error` member at the token endpoint.
    pub(crate) fn error(&self) -> &'static str {
        self.code.row().error
    }

    /// The `error` member at the authorize endpoint, which grants nothing yet
    /// ([error codes](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-authorization-endpoint-errors)).
    pub(crate) fn error_at_authorize(&self) -> &'static str {
        match self.error() {
            "invalid_grant" => "interaction_required",
            other => other,
        }
    }

    /// Whether Entra says it to the person on its own page, unless that must not be shown. Of most numbers it is not known how
    /// they travel; these are about the account, and no client can do anything about them.
    pub(crate) fn is_for_person(&self) -> bool {
        matches!(
            self.code,
            Aadsts::UserOfOtherTenant
                | Aadsts::UserDisabled
                | Aadsts::UserLocked
                | Aadsts::PasswordExpired
                | Aadsts::DeviceNotCompliant
                | Aadsts::AccessBlocked
        )
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> u16 {
        self.code.row().status
    }

    /// `error_description` without the identifiers of the occurrence.
    pub(crate) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.code.number(), self.message)
    }

    /// The body of the response.
    pub(crate) fn body(&self, base_url: &str, at: &Occurrence) -> ErrorBody {
        let (number, timestamp) = (self.code.number(), timestamp(at.now));
        let Row { error, suberror, has_uri, .. } = self.code.row();
        let Occurrence { trace_id, correlation_id, .. } = at.clone();
        ErrorBody {
            error,
            error_description: format!(
                "{} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}",
                self.description()
            ),
            error_codes: [number],
            timestamp,
            trace_id,
            correlation_id,
            error_uri: has_uri.then(|| format!("{base_url}/error?code={number}")),
            suberror,
            claims: self.claims.clone(),
            password_change_url: (self.code == Aadsts::PasswordExpired).then(|| format!("{base_url}/")),
        }
    }
}

/// The members in Entra's order.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorBody {
    pub(crate) error: &'static str,
    pub(crate) error_description: String,
    error_codes: [u32; 1],
    timestamp: String,
    pub(crate) trace_id: String,
    correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suberror: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_change_url: Option<String>,
}

impl fmt::Display for OAuthError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.description())
    }
}

impl Error for OAuthError {}

/// `YYYY-MM-DD HH:MM:SSZ`, as Entra writes it.
fn timestamp(now: i64) -> String {
    let time = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_entras_members_and_form() {
        let at = Occurrence { now: 1_767_225_600, trace_id: "t".into(), correlation_id: "c".into() };
        let body = Aadsts::SecretWrong.because("Wrong secret.").body("https://idp.example", &at);
        let body = serde_json::to_value(body).unwrap();
        assert_eq!(body["error"], "invalid_client");
        assert_eq!(body["error_codes"], serde_json::json!([7_000_215]));
        assert_eq!(body["timestamp"], "2026-01-01 00:00:00Z");
        assert_eq!(body["error_uri"], "https://idp.example/error?code=7000215");
        let expected =
            "AADSTS7000215: Wrong secret. Trace ID: t Correlation ID: c Timestamp: 2026-01-01 00:00:00Z";
        assert_eq!(body["error_description"], expected);
    }
}
