//! The cookie of a browser with a session.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use url::Url;

/// Cookies of one host are sent to all of its ports: each mock has a name of its own.
fn name(base_url: &str) -> String {
    let port = Url::parse(base_url).ok().and_then(|url| url.port_or_known_default());
    format!("mock-idp-session-{}", port.unwrap_or_default())
}

/// The cookie of a request.
pub(super) fn of<'a>(headers: &'a HeaderMap, base_url: &str) -> Option<&'a str> {
    let wanted = name(base_url);
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies =
        values.flat_map(|value| value.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Silent sign-in happens in a frame of another site, which gets the cookie over HTTPS only.
fn attributes(base_url: &str) -> &'static str {
    if base_url.starts_with("https:") {
        "Path=/; HttpOnly; Secure; SameSite=None"
    } else {
        "Path=/; HttpOnly; SameSite=Lax"
    }
}

pub(super) fn set(value: &str, base_url: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{}={value}; {}", name(base_url), attributes(base_url))).ok()
}

pub(super) fn clear(base_url: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{}=; Max-Age=0; {}", name(base_url), attributes(base_url))).ok()
}
