//! The identifiers that clients log and support asks for, and the other headers of Entra's responses.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::random;

/// The client's own identifier of a request: in a header, or in the query as MSAL JS sends it.
pub(super) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
/// The trace id of an error, and the identifier of any other response.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
/// Version, error number, subordinate number, the token's age, and what a dedicated ring says; clients pass it on as telemetry.
pub(super) const CLIENT_TELEMETRY: HeaderName = HeaderName::from_static("x-ms-clitelem");

/// Strict transport security is left out on purpose: a browser would hold it against everything else on `localhost`.
pub(super) async fn correlate(mut request: Request, next: Next) -> Response {
    if let Some(id) = in_query(&request) {
        request.headers_mut().entry(CLIENT_REQUEST_ID).or_insert(id);
    }
    let wanted = request.headers().get("return-client-request-id");
    let wanted = wanted.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    let echo = request.headers().get(CLIENT_REQUEST_ID).filter(|_| wanted).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(id) = echo {
        headers.insert(CLIENT_REQUEST_ID, id);
    }
    if !headers.contains_key(REQUEST_ID) {
        identify(headers, &random::guid());
    }
    for (name, value) in [("x-ms-ests-server", "mock-idp"), ("x-ms-srs", "1.P")] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Names the response by this GUID.
pub(super) fn identify(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

fn in_query(request: &Request) -> Option<HeaderValue> {
    let query = request.uri().query()?;
    let (_, id) =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "client-request-id")?;
    HeaderValue::from_str(&id).ok()
}
