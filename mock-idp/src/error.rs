//! Entra's errors: an AADSTS number decides `error`, status and members.

use std::{error::Error, fmt};

use serde_json::{Map, Value, json};

/// An error as Entra answers it ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2) and
/// [AADSTS codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)). The number and the members
/// are Entra's, the sentence is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) number: u32,
    message: String,
    suberror: Option<&'static str>,
    /// What the client is to ask for, as JSON.
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

impl OAuthError {
    pub(crate) fn new(number: u32, message: impl Into<String>) -> Self {
        Self { number, message: message.into(), suberror: None, claims: None }
    }

    pub(crate) fn suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    /// What the client is to ask for when it sends the user to sign in again. It travels as text.
    pub(crate) fn claims(mut self, claims: &Value) -> Self {
        self.claims = Some(claims.to_string());
        self
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(900_144, format!("The request must contain the parameter '{name}'."))
    }

    /// The sentence alone.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The `error` member.
    pub(crate) fn error(&self) -> &'static str {
        match self.number {
            90002 => "invalid_tenant",
            50049 => "invalid_instance",
            50058 => "login_required",
            65004 => "access_denied",
            70003 => "unsupported_grant_type",
            70011 | 1_002_012 => "invalid_scope",
            70016 => "authorization_pending",
            70017 => "authorization_declined",
            70018 => "bad_verification_code",
            70019 => "expired_token",
            500_011 => "invalid_resource",
            9_010_010 => "invalid_target",
            700_016 | 700_038 | 7_000_112 => "unauthorized_client",
            50027 | 700_021 | 700_023 | 700_024 | 700_025 | 700_027 | 700_211 | 700_212 | 700_213
            | 7_000_215 | 7_000_218 | 7_000_222 => "invalid_client",
            70005 | 700_051 | 700_054 => "unsupported_response_type",
            50013 | 50034 | 50053 | 50055 | 50057 | 50076 | 50079 | 50105 | 50126 | 50173 | 53000 | 53003
            | 54005 | 65001 | 70000 | 70008 | 500_112 | 500_131 | 500_133 | 501_051 | 501_481 | 700_005
            | 700_082 | 700_084 => "invalid_grant",
            _ => "invalid_request",
        }
    }

    /// The HTTP status: 401 for an unknown client's credentials, else 400.
    pub(crate) fn status(&self) -> u16 {
        if self.error() == "invalid_client" { 401 } else { 400 }
    }

    /// `error_description` without the identifiers of the occurrence.
    pub(crate) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.number, self.message)
    }

    /// Entra leaves the address of an explanation out of a few.
    fn has_uri(&self) -> bool {
        !matches!(self.number, 70003 | 700_038 | 501_481 | 9_002_327)
    }

    /// The body of the answer.
    pub(crate) fn body(&self, base_url: &str, at: &Occurrence) -> Value {
        let timestamp = timestamp(at.now);
        let mut body = Map::from_iter([
            ("error".to_owned(), json!(self.error())),
            (
                "error_description".to_owned(),
                json!(format!(
                    "{} Trace ID: {} Correlation ID: {} Timestamp: {timestamp}",
                    self.description(),
                    at.trace_id,
                    at.correlation_id
                )),
            ),
            ("error_codes".to_owned(), json!([self.number])),
            ("timestamp".to_owned(), json!(timestamp)),
            ("trace_id".to_owned(), json!(at.trace_id)),
            ("correlation_id".to_owned(), json!(at.correlation_id)),
        ]);
        if self.has_uri() {
            body.insert("error_uri".to_owned(), json!(format!("{base_url}/error?code={}", self.number)));
        }
        if let Some(suberror) = self.suberror {
            body.insert("suberror".to_owned(), json!(suberror));
        }
        if let Some(claims) = &self.claims {
            body.insert("claims".to_owned(), json!(claims));
        }
        if self.number == 50055 {
            body.insert("password_change_url".to_owned(), json!(format!("{base_url}/")));
        }
        Value::Object(body)
    }
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
        let body = OAuthError::new(7_000_215, "Wrong secret.").body("https://idp.example", &at);
        assert_eq!(body["error"], "invalid_client");
        assert_eq!(body["error_codes"], json!([7_000_215]));
        assert_eq!(body["timestamp"], "2026-01-01 00:00:00Z");
        assert_eq!(body["error_uri"], "https://idp.example/error?code=7000215");
        let expected =
            "AADSTS7000215: Wrong secret. Trace ID: t Correlation ID: c Timestamp: 2026-01-01 00:00:00Z";
        assert_eq!(body["error_description"], expected);
    }
}
