//! `WWW-Authenticate` ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use crate::{AuthError, CredentialsError, Rejection};

impl AuthError {
    /// The value of `WWW-Authenticate`; `None` where a better token would not help (503). A request without any credentials
    /// gets the scheme and nothing else (§3.1).
    #[must_use]
    pub fn challenge(&self) -> Option<String> {
        let error = match self {
            Self::Keys(_) => return None,
            Self::Credentials(CredentialsError::Missing) => return Some("Bearer".to_owned()),
            Self::Claims(challenge) => return Some(format!("Bearer {}", challenge.members())),
            Self::Credentials(_) => "invalid_request",
            Self::Token(rejection) => error_of(rejection),
            Self::Forbidden(_) => "insufficient_scope",
        };
        let scope = match self {
            Self::Forbidden(forbidden) => forbidden.scope().filter(|scope| is_scope(scope)),
            _ => None,
        };
        let scope = scope.map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
        Some(format!("Bearer error=\"{error}\", error_description=\"{}\"{scope}", self.code()))
    }
}

fn error_of(rejection: &Rejection) -> &'static str {
    if rejection.status() == 401 { "invalid_token" } else { "insufficient_scope" }
}

/// `scope-token`s separated by spaces (RFC 6749 §3.3): nothing in them can end the quoted string.
fn is_scope(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}
