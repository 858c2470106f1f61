//! Refusals of the control surface.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{body::Unread, text::cut_within};

/// A refusal of the control surface.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ControlError {
    /// `bad_request`, `unauthorized`, `forbidden` or `unfinished`.
    error: &'static str,
    /// What is wrong, and what would be valid.
    message: String,
}

/// A refusal of the control surface as HTTP.
pub(super) struct Refused(StatusCode, ControlError);

impl Refused {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self(
            StatusCode::BAD_REQUEST,
            ControlError { error: "bad_request", message: cut_within(message.into()) },
        )
    }

    /// The body was too long, too slow or broken.
    pub(super) fn unread(Unread { status, message }: Unread) -> Self {
        Self(status, ControlError { error: "bad_request", message })
    }

    /// The mock is stopping, or the machine has no randomness.
    pub(super) fn unfinished() -> Self {
        let message = "keys could not be generated: restart the mock";
        Self(StatusCode::INTERNAL_SERVER_ERROR, ControlError { error: "unfinished", message: message.into() })
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self(StatusCode::FORBIDDEN, ControlError { error: "forbidden", message: message.into() })
    }

    pub(super) fn unauthorized() -> Self {
        let message = "the control surface expects the header `Authorization: Bearer` with the control token";
        Self(StatusCode::UNAUTHORIZED, ControlError { error: "unauthorized", message: message.into() })
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let challenge = (self.0 == StatusCode::UNAUTHORIZED)
            .then_some([(header::WWW_AUTHENTICATE, "Bearer realm=\"mock-idp control\"")]);
        let response = (self.0, Json(self.1));
        match challenge {
            Some(challenge) => (challenge, response).into_response(),
            None => response.into_response(),
        }
    }
}

/// Reads a JSON body whatever its content type says: `curl -d` says that it is a form.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| Refused::bad_request(format!("the body is not what is expected: {error}")))
}
