//! The page for people at `/`, and what it and the other pages are made of. It holds no data: it asks the control surface.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home;

/// Text from a stranger that became markup would do nothing.
const HOME_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";
/// A form may lead to any client.
const ASKING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// Pages where nothing is clicked may be framed, as silent flows do, and may frame the applications' own addresses.
const PASSING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    frame-src http: https:; base-uri 'none'";

const SCRIPT: &str = concat!(
    include_str!("../../assets/page/base.js"),
    include_str!("../../assets/page/directory.js"),
    include_str!("../../assets/page/requests.js"),
    include_str!("../../assets/page/forge.js"),
    include_str!("../../assets/page/decoder.js"),
    include_str!("../../assets/page/switches.js"),
    include_str!("../../assets/page/start.js"),
);

pub(super) async fn home() -> Response {
    rendered(StatusCode::OK, &Home, HOME_POLICY)
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "page.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "continue.js" => ("text/javascript; charset=utf-8", include_str!("../../assets/continue.js")),
        "style.css" => ("text/css; charset=utf-8", include_str!("../../assets/style.css")),
        "icon.svg" => ("image/svg+xml", include_str!("../../assets/icon.svg")),
        _ => return super::absent().await,
    };
    // A newer mock may listen on the same port tomorrow.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], [NOSNIFF], text).into_response()
}

const NOSNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

/// A page on which a person decides something, or reads what went wrong.
pub(super) fn asking(status: StatusCode, page: &impl Template) -> Response {
    rendered(status, page, ASKING_POLICY)
}

/// A page on the way to somewhere else.
pub(super) fn passing(page: &impl Template) -> Response {
    rendered(StatusCode::OK, page, PASSING_POLICY)
}

fn rendered(status: StatusCode, page: &impl Template, policy: &'static str) -> Response {
    match page.render() {
        Ok(text) => {
            (status, [(header::CONTENT_SECURITY_POLICY, policy)], [NOSNIFF], Html(text)).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
