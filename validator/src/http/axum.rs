//! axum: [`VerifiedToken`] as an extractor, errors as responses.

use axum_core::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{AuthError, Forbidden, ResourceMetadata, ResourceServer, VerifiedToken};

use super::observe;

/// A handler that takes a [`VerifiedToken`] is protected: without a good token it is not called.
///
/// ```
/// use axum::{Router, routing::get};
/// use entra_validator::{Authority, Forbidden, ResourceServer, Validator, VerifiedToken};
///
/// async fn orders(token: VerifiedToken) -> Result<String, Forbidden> {
///     token.require_scopes(["Orders.Read"]).or_else(|_| token.require_roles(["Orders.Read.All"]))?;
///     Ok(format!("orders of {}", token.claims().sub))
/// }
///
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// let server = ResourceServer::new(Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3"));
/// let app: Router = Router::new().route("/orders", get(orders)).with_state(server);
/// # Ok::<_, entra_validator::AuthorityError>(())
/// ```
impl<S> FromRequestParts<S> for VerifiedToken
where
    ResourceServer: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        token_of(parts, &ResourceServer::from_ref(state)).await
    }
}

/// A handler that takes an `Option<VerifiedToken>` is open to requests without any credentials. A bad token is still
/// refused: whoever sends one wants to be known.
///
/// ```
/// # use entra_validator::VerifiedToken;
/// async fn greeting(token: Option<VerifiedToken>) -> String {
///     token.map_or("Hello stranger".into(), |token| format!("Hello {}", token.claims().sub))
/// }
/// ```
impl<S> OptionalFromRequestParts<S> for VerifiedToken
where
    ResourceServer: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Self::Rejection> {
        let server = ResourceServer::from_ref(state);
        if let Some(token) = accepted_before(parts, &server) {
            return Ok(Some(token));
        }
        let token = server.authenticate_optional(&parts.headers).await;
        token.map_err(|error| server.refuse(&error).into_response())
    }
}

/// The request's token, which this server accepts.
pub(super) async fn token_of(parts: &Parts, server: &ResourceServer) -> Result<VerifiedToken, Response> {
    if let Some(token) = accepted_before(parts, server) {
        return Ok(token);
    }
    server.authenticate(&parts.headers).await.map_err(|error| server.refuse(&error).into_response())
}

/// The token that a layer of the same server has put into the request.
fn accepted_before(parts: &Parts, server: &ResourceServer) -> Option<VerifiedToken> {
    parts.extensions.get::<VerifiedToken>().filter(|token| server.accepted(token)).cloned()
}

impl IntoResponse for ResourceMetadata {
    fn into_response(self) -> Response {
        self.response().into_response()
    }
}

/// With the contact and the resource metadata of the server that accepted the token, if it is a refusal of that token's
/// permissions; otherwise [`ResourceServer::refuse`] adds them.
impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        observe::answered(&self);
        self.response().into_response()
    }
}

/// With the contact and the resource metadata of the server that accepted the token.
impl IntoResponse for Forbidden {
    fn into_response(self) -> Response {
        AuthError::from(self).into_response()
    }
}
