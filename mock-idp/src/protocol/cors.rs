//! What a page of another origin may read (the [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol)).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::endpoint::Endpoint;

/// Metadata is for every page. The token endpoint's errors are, too, and what a single-page app redeems, which
/// [`readable`] marks; any other success is not. Preflights never reach an endpoint, so they are not recorded.
pub(super) async fn share(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    let Some(methods) = methods(endpoint) else { return next.run(request).await };
    let by_page = request.headers().contains_key(header::ORIGIN);
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    if request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    {
        let mut response = StatusCode::OK.into_response();
        allow(response.headers_mut(), methods);
        if let Some(asked) = asked {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
        }
        return response;
    }
    let mut response = next.run(request).await;
    let shared = match endpoint {
        Endpoint::Token => by_page && (!response.status().is_success() || is_readable(&response)),
        Endpoint::Graph => by_page,
        _ => true,
    };
    if shared {
        allow(response.headers_mut(), methods);
    }
    response
}

/// `None`: pages, and what no page asks for.
fn methods(endpoint: Endpoint) -> Option<&'static str> {
    match endpoint {
        Endpoint::Token => Some("POST, OPTIONS"),
        Endpoint::Graph => Some("GET, POST, OPTIONS"),
        Endpoint::Discovery | Endpoint::Jwks | Endpoint::Instance | Endpoint::UserRealm => {
            Some("GET, OPTIONS")
        }
        _ => None,
    }
}

/// As the token endpoint's responses to MSAL Browser have them.
fn allow(headers: &mut HeaderMap, methods: &'static str) {
    const EXPOSED: &str = "Content-Length,Content-Encoding,x-ms-request-id,x-ms-srs";
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED),
        (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[derive(Debug, Clone, Copy)]
struct Readable;

/// Marks a success of the token endpoint as a single-page app's.
pub(super) fn readable(response: &mut Response) {
    response.extensions_mut().insert(Readable);
}

fn is_readable(response: &Response) -> bool {
    response.extensions().get::<Readable>().is_some()
}
