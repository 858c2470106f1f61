//! Which page sent a request, and which may use the response.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header, uri::Authority};
use url::Url;

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
        let ours = Url::parse(base_url).map(|url| url.origin().ascii_serialization());
        authority.is_none_or(|(_, authority)| authority != host(headers, uri))
            && ours.map_or(true, |ours| origin.as_bytes() != ours.as_bytes())
    })
}

/// Headers of a response that no other site's page has a use for, not even as an image or a script.
pub(crate) const FOR_THIS_ORIGIN: [(HeaderName, HeaderValue); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_ours_by_the_name_it_was_called_by_or_by_the_public_url_whatever_its_path() {
        let uri = Uri::from_static("/x");
        for (origin, foreign) in [
            ("http://127.0.0.1:8400", false),
            ("https://idp.example", false),
            ("https://idp.example:8443", true),
            ("https://evil.example", true),
            ("null", true),
        ] {
            let headers: HeaderMap = [("host", "127.0.0.1:8400"), ("origin", origin)]
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .into_iter()
                .collect();
            assert_eq!(is_foreign(&headers, &uri, "https://idp.example:443/entra"), foreign, "{origin}");
        }
        assert!(!is_foreign(&HeaderMap::new(), &uri, "https://idp.example"), "a program names no origin");
    }
}
