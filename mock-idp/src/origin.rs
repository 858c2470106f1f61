//! Which page sent a request, and which may use the response.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header, uri::Authority};

/// The name under which the client reached the mock.
pub(crate) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> &'a str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // A request in absolute form has the name in its target (RFC 9112 §3.2.2).
    uri.authority().map(Authority::as_str).or(host).unwrap_or_default()
}

/// Whether a page of another origin sent it. Browsers name the origin of every POST, and programs of none.
pub(crate) fn is_foreign(headers: &HeaderMap, uri: &Uri, base_url: &str) -> bool {
    headers.get(header::ORIGIN).is_some_and(|origin| {
        let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        authority.is_none_or(|(_, authority)| authority != host(headers, uri))
            && origin.as_bytes() != base_url.as_bytes()
    })
}

/// Headers of a response that no other site's page has a use for, not even as an image or a script.
pub(crate) const FOR_THIS_ORIGIN: [(HeaderName, HeaderValue); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];
