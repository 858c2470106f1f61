//! Bodies of requests: read whole before a handler sees them, up to a size and within a time.

use std::{pin::pin, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Request},
    http::StatusCode,
};
use futures_util::FutureExt as _;

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
    let mut reading = pin!(Bytes::from_request(body, &()));
    // What is here already needs no timer, which a runtime of a test through `tower` may not have.
    let read = match reading.as_mut().now_or_never() {
        Some(read) => Ok(read),
        None => tokio::time::timeout(PATIENCE, reading).await,
    };
    match read {
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
