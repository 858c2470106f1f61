//! The cookie of a browser with a session.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

const NAME: &str = "mock-idp-session";

/// The cookie of a request.
pub(super) fn of(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies =
        values.flat_map(|value| value.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, _)| *name == NAME).map(|(_, value)| value)
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
    HeaderValue::try_from(format!("{NAME}={value}; {}", attributes(base_url))).ok()
}

pub(super) fn clear(base_url: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{NAME}=; Max-Age=0; {}", attributes(base_url))).ok()
}
