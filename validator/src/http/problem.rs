//! The response to a refused request ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).

#[cfg(feature = "http")]
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

#[cfg(feature = "http")]
use crate::token::quotable;
use crate::{AuthError, Code, Rejection};

/// The members of a problem ([RFC 9457 §3.1](https://www.rfc-editor.org/rfc/rfc9457#section-3.1)).
///
/// ```
/// # use entra_validator::{AuthError, CredentialsError};
/// let problem = AuthError::from(CredentialsError::Missing).problem(Some("mailto:help@example.com"));
/// let json = serde_json::to_value(&problem).unwrap();
/// assert_eq!(json["type"], "auth_header_missing");
/// assert_eq!(json["contact"], "mailto:help@example.com");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem<'a> {
    /// The code, as a relative `type` reference.
    #[serde(rename = "type")]
    pub code: Code,
    /// A short sentence for people, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the client can do.
    pub detail: String,
    /// Where to ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<&'a str>,
}

impl AuthError {
    /// The body of the response, `application/problem+json`. `contact` is where the client's people can ask for help, a web
    /// or `mailto:` URL.
    #[must_use]
    pub fn problem<'a>(&self, contact: Option<&'a str>) -> Problem<'a> {
        let code = self.code();
        let detail = match self {
            Self::Token(Rejection::ClaimMissing { claim }) => {
                format!("The token lacks the claim '{claim}'. {}", code.detail())
            }
            _ => code.detail().to_owned(),
        };
        Problem { code, title: code.title(), status: code.status(), detail, contact }
    }

    /// The whole response: status, `WWW-Authenticate`, and the problem as `application/problem+json`. Contact and resource
    /// metadata are those of the server that accepted the token, if the token was good and does not allow this; otherwise
    /// [`ResourceServer::refuse`](crate::ResourceServer::refuse) adds them.
    ///
    /// ```
    /// # use entra_validator::{AuthError, CredentialsError};
    /// let response = AuthError::from(CredentialsError::Missing).response();
    /// assert_eq!(response.status(), 401);
    /// assert_eq!(response.headers()["www-authenticate"], "Bearer");
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
    #[cfg(feature = "http")]
    #[must_use]
    pub fn response(&self) -> Response<String> {
        let settings = match self {
            Self::Forbidden(forbidden) => forbidden.settings(),
            Self::Claims(challenge) => challenge.settings(),
            Self::Credentials(_) | Self::Keys(_) | Self::Token(_) => None,
        };
        let contact = settings.and_then(|settings| settings.contact.as_deref());
        self.response_with(contact, settings.and_then(|settings| settings.resource_metadata.as_deref()))
    }

    /// As [`response`](Self::response), with these settings.
    #[cfg(feature = "http")]
    pub(crate) fn response_with(
        &self,
        contact: Option<&str>,
        resource_metadata: Option<&str>,
    ) -> Response<String> {
        let body = serde_json::to_string(&self.problem(contact)).unwrap_or_default();
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.challenge() {
            Some(challenge) => {
                let metadata = resource_metadata.map(quotable);
                let challenge = match metadata {
                    Some(url) if challenge == "Bearer" => format!("Bearer resource_metadata=\"{url}\""),
                    Some(url) => format!("{challenge}, resource_metadata=\"{url}\""),
                    None => challenge,
                };
                let value = HeaderValue::try_from(challenge);
                headers.insert(header::WWW_AUTHENTICATE, value.unwrap_or(HeaderValue::from_static("Bearer")));
            }
            None => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
        }
        response
    }
}
