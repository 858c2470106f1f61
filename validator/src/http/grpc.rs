//! Responses to gRPC clients, which read a status from headers and would take a problem document for a message.

#[cfg(feature = "tower")]
use http::HeaderMap;
use http::{HeaderValue, Response, header};

use crate::AuthError;

/// Whether the request is one of gRPC's
/// ([gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests)).
#[cfg(feature = "tower")]
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_some_and(|value| value.starts_with(b"application/grpc"))
}

impl AuthError {
    /// The response for a gRPC client: HTTP status 200 and trailers only, with the status 16 (`UNAUTHENTICATED`), 7
    /// (`PERMISSION_DENIED`) or 14 (`UNAVAILABLE`), and the code as its message.
    ///
    /// ```
    /// # use entra_validator::{AuthError, CredentialsError};
    /// let response = AuthError::from(CredentialsError::Missing).grpc_response();
    /// assert_eq!((response.status().as_u16(), response.body().as_str()), (200, ""));
    /// assert_eq!(response.headers()["grpc-status"], "16");
    /// assert_eq!(response.headers()["grpc-message"], "auth_header_missing");
    /// ```
    #[must_use]
    pub fn grpc_response(&self) -> Response<String> {
        let status = match self.status() {
            401 => "16",
            403 => "7",
            _ => "14",
        };
        let mut response = Response::new(String::new());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert("grpc-status", HeaderValue::from_static(status));
        headers.insert("grpc-message", HeaderValue::from_static(self.code().as_str()));
        response
    }
}
