//! The first segment of a path, which names the tenant.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

/// The segment, decoded. One that is not UTF-8 stays as it is spelt: it names no tenant, and the answer says so in the
/// endpoint's own form.
#[derive(Debug)]
pub(super) struct TenantSegment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for TenantSegment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let decoded = Path::<String>::from_request_parts(parts, state).await;
        let spelt = || parts.uri.path().split('/').nth(1).unwrap_or_default().to_owned();
        Ok(Self(decoded.map_or_else(|_| spelt(), |Path(segment)| segment)))
    }
}
