//! The page for people at `/`, and what it and the other pages are made of. It holds no data: it asks the control surface.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use serde::Deserialize;

use crate::{aadsts::Aadsts, error::OAuthError, requests::Details, text::cut};

use super::response::absent;

#[derive(Template)]
#[template(path = "home.html")]
struct Home;

/// Even if text from a stranger became markup, it would do nothing.
const HOME_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";
/// A form may lead to any client.
const ASKING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// Pages where nothing is clicked may be framed, as silent flows do, and may frame the applications' own URLs.
const PASSING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    frame-src http: https:; base-uri 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, content type and text.
const ASSETS: &[(&str, &str, &str)] = &[
    ("style.css", "text/css; charset=utf-8", include_str!("../../assets/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("../../assets/icon.svg")),
    ("continue.js", SCRIPT, include_str!("../../assets/continue.js")),
    ("page/clock.js", SCRIPT, include_str!("../../assets/page/clock.js")),
    ("page/control.js", SCRIPT, include_str!("../../assets/page/control.js")),
    ("page/copy.js", SCRIPT, include_str!("../../assets/page/copy.js")),
    ("page/decoder.js", SCRIPT, include_str!("../../assets/page/decoder.js")),
    ("page/directory.js", SCRIPT, include_str!("../../assets/page/directory.js")),
    ("page/dom.js", SCRIPT, include_str!("../../assets/page/dom.js")),
    ("page/faults.js", SCRIPT, include_str!("../../assets/page/faults.js")),
    ("page/forge.js", SCRIPT, include_str!("../../assets/page/forge.js")),
    ("page/requests.js", SCRIPT, include_str!("../../assets/page/requests.js")),
    ("page/sections.js", SCRIPT, include_str!("../../assets/page/sections.js")),
    ("page/start.js", SCRIPT, include_str!("../../assets/page/start.js")),
    ("page/state.js", SCRIPT, include_str!("../../assets/page/state.js")),
    ("page/switches.js", SCRIPT, include_str!("../../assets/page/switches.js")),
    ("page/time.js", SCRIPT, include_str!("../../assets/page/time.js")),
];

pub(super) async fn home() -> Response {
    rendered(StatusCode::OK, &Home, HOME_POLICY)
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(known, ..)| *known == name) else {
        return absent().await;
    };
    // A newer mock may listen on the same port tomorrow.
    ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")], [NOSNIFF], *text).into_response()
}

const NOSNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

/// A page where a person decides something, or reads an error.
pub(super) fn asking(status: StatusCode, page: &impl Template) -> Response {
    rendered(status, page, ASKING_POLICY)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    description: &'a str,
}

/// Where the client or its redirect URI is in doubt, nobody is sent there (RFC 6749 §4.1.2.1).
pub(super) fn error_page(error: &OAuthError) -> Response {
    let mut response = asking(StatusCode::BAD_REQUEST, &ErrorPage { description: &error.description() });
    response.extensions_mut().insert(Details::from(error));
    response
}

#[derive(Template)]
#[template(path = "explanation.html")]
struct Explanation<'a> {
    code: &'a str,
    situation: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct ErrorCode {
    #[serde(default)]
    code: String,
}

/// Where `error_uri` leads.
pub(super) async fn explanation(Query(ErrorCode { code }): Query<ErrorCode>) -> Response {
    let number = code.strip_prefix("AADSTS").unwrap_or(&code).trim_matches(|c: char| !c.is_ascii_digit());
    let known = Aadsts::ALL.iter().find(|known| known.number().to_string() == number);
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let code = cut(number.to_owned());
    asking(status, &Explanation { code: &code, situation: known.map(|known| known.situation()) })
}

/// A page on the way to somewhere else.
pub(super) fn passing(page: &impl Template) -> Response {
    rendered(StatusCode::OK, page, PASSING_POLICY)
}

fn rendered(status: StatusCode, page: &impl Template, policy: &'static str) -> Response {
    match page.render() {
        Ok(text) => {
            // It may hold a code, or what an application sent.
            let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")];
            (status, headers, [NOSNIFF], Html(text)).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
