//! What handlers extract from a request.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Path, Request, rejection::BytesRejection},
    http::{Method, request::Parts},
};

use crate::{
    error::OAuthError,
    grant::{Parameters, ProtocolVersion},
};

/// The first segment of the path, which names the tenant, decoded. One that is not UTF-8 stays as it is spelt: it names
/// no tenant, and the response says so in the endpoint's own form.
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

impl<S: Send + Sync> FromRequestParts<S> for ProtocolVersion {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(if route.contains("/v2.0/") { Self::V2 } else { Self::V1 })
    }
}

/// The parameters of a request for a page: the query of a GET, the form of a POST.
pub(super) struct PageParameters(pub(super) Result<Parameters, OAuthError>);

impl<S: Send + Sync> FromRequest<S> for PageParameters {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        if request.method() == Method::POST {
            return Ok(Self(Parameters::parse(&Bytes::from_request(request, state).await?)));
        }
        Ok(Self(Parameters::parse(request.uri().query().unwrap_or_default().as_bytes())))
    }
}
