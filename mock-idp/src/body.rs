//! Bodies of requests: read whole before a handler sees them, up to a size and within a time.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Request},
    http::StatusCode,
};

/// What an endpoint of Entra accepts, in bytes: no honest form is longer, and whoever reaches the port may send one.
pub(crate) const PROTOCOL: usize = 64 * 1024;
/// What the control surface accepts, in bytes.
pub(crate) const CONTROL: usize = 2 * 1024 * 1024;
/// How long a client may take to send a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body was not read.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) status: StatusCode,
    /// What is wrong, and what would be valid.
    pub(crate) message: String,
}

/// The request with its body in memory.
pub(crate) async fn read_whole(request: Request, most: usize) -> Result<Request, Unread> {
    let (parts, body) = request.into_parts();
    let mut body = Request::new(body);
    DefaultBodyLimit::max(most).apply(&mut body);
    match tokio::time::timeout(PATIENCE, Bytes::from_request(body, &())).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Unread {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            message: format!("The body is too long: at most {most} bytes are expected."),
        }),
        Ok(Err(rejection)) => Err(Unread {
            status: StatusCode::BAD_REQUEST,
            message: format!("The body cannot be read: {rejection}."),
        }),
        Err(_) => Err(Unread {
            status: StatusCode::REQUEST_TIMEOUT,
            message: format!("The body did not arrive within {} seconds.", PATIENCE.as_secs()),
        }),
    }
}
