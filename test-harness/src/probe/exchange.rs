//! Attempts as HTTP requests, and HTTP responses as answers.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use super::{Answer, printable::printable};
use crate::{Attempt, Carrier};

/// The statuses that mean refused, unless somebody says otherwise.
pub(super) const REFUSED: &[u16] = &[400, 401, 403, 413, 414, 431];

/// How much of a body is read, in bytes: more than a problem needs.
pub(super) const LONGEST_BODY: usize = 64 * 1024;

/// How much of a code or an error is shown, in characters.
pub(super) const LONGEST_CODE: usize = 100;

impl Attempt {
    /// This attempt as a request to a protected route: the request that the route expects, with what the attempt sends.
    ///
    /// ```
    /// use entra_test_harness::Attempt;
    ///
    /// let route = http::Request::get("/orders").body(Vec::new()).unwrap();
    /// let request = Attempt::token("junk").to_request(&route);
    /// assert_eq!(request.headers()["authorization"], "Bearer junk");
    /// ```
    #[must_use]
    pub fn to_request(&self, route: &Request<Vec<u8>>) -> Request<Vec<u8>> {
        let mut request = route.clone();
        match &self.elsewhere {
            Some(Carrier::Query(token)) => *request.uri_mut() = with_query(route.uri(), token),
            Some(Carrier::Form(token)) => {
                *request.method_mut() = Method::POST;
                let form = HeaderValue::from_static("application/x-www-form-urlencoded");
                request.headers_mut().insert(CONTENT_TYPE, form);
                *request.body_mut() = format!("access_token={token}").into_bytes();
            }
            Some(Carrier::Header(name, value)) => append(request.headers_mut(), name, value.as_bytes()),
            None => {}
        }
        for value in &self.authorization {
            append(request.headers_mut(), AUTHORIZATION.as_str(), value);
        }
        request
    }
}

impl Answer {
    /// What a response to this attempt means, where these statuses mean refused. The body may be cut after 64 KiB. Of gRPC,
    /// `grpc-status` counts, which a caller copies from the trailers to the headers.
    ///
    /// ```
    /// use entra_test_harness::{Answer, Attempt};
    ///
    /// let response = http::Response::builder().status(401).body("").unwrap();
    /// let answer = Answer::from_response(&Attempt::token("junk"), &response, &[401, 403]);
    /// assert_eq!(answer, Answer::Refused { status: 401, code: None });
    /// ```
    #[must_use]
    pub fn from_response(attempt: &Attempt, response: &Response<impl AsRef<[u8]>>, refused: &[u16]) -> Self {
        let status = response.status();
        if status == StatusCode::OK && is_grpc(response.headers()) {
            return grpc(response.headers());
        }
        // A route that does not accept forms does not accept a token in one.
        let no_forms =
            [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNSUPPORTED_MEDIA_TYPE];
        let in_form = matches!(attempt.elsewhere, Some(Carrier::Form(_)));
        let code = problem_type(response.body().as_ref());
        match status {
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable { code },
            _ if refused.contains(&status.as_u16()) || (in_form && no_forms.contains(&status)) => {
                Self::Refused { status: status.as_u16(), code }
            }
            _ if status.is_success() => Self::Accepted { status: status.as_u16() },
            _ if status.is_server_error() => Self::Crashed { how: status.as_u16().to_string() },
            _ => Self::Unclear { status: status.as_u16() },
        }
    }
}

/// The token is of characters that a query may contain: those of the compact form, or it stays out.
fn with_query(uri: &Uri, token: &str) -> Uri {
    let separator = if uri.query().is_some() { '&' } else { '?' };
    let text = format!("{uri}{separator}access_token={token}");
    text.parse().unwrap_or_else(|_| uri.clone())
}

pub(super) fn append(headers: &mut HeaderMap, name: &str, value: &[u8]) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value)) {
        headers.append(name, value);
    }
}

fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// [Status codes of gRPC](https://grpc.io/docs/guides/status-codes/), as the statuses of HTTP that mean the same.
fn grpc(headers: &HeaderMap) -> Answer {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let code = text("grpc-message").map(|code| printable(code, LONGEST_CODE));
    match text("grpc-status") {
        Some("0") => Answer::Accepted { status: 200 },
        Some("16") => Answer::Refused { status: 401, code },
        Some("7") => Answer::Refused { status: 403, code },
        Some("14") => Answer::Unavailable { code },
        Some(status @ ("2" | "13" | "15")) => Answer::Crashed { how: format!("grpc-status {status}") },
        _ => Answer::Unclear { status: 200 },
    }
}

/// The `type` of a problem (RFC 9457), if the body is one.
fn problem_type(body: &[u8]) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(body).ok()?;
    problem["type"].as_str().map(|code| printable(code, LONGEST_CODE))
}
