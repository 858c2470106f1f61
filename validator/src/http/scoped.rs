//! What a handler requires, as the type of its argument.

use std::{marker::PhantomData, ops::Deref};

use axum_core::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{Requirement, ResourceServer, VerifiedToken};

/// Permissions with a name, for [`Scoped`].
pub trait Permissions: 'static {
    /// Alternatives of delegated scopes, as in [`VerifiedToken::require_scopes`].
    const SCOPES: &'static [&'static str] = &[];
    /// Alternatives of app roles, as in [`VerifiedToken::require_roles`].
    const ROLES: &'static [&'static str] = &[];
}

/// A token with these permissions: a handler that takes one is not called with another.
///
/// ```
/// use entra_validator::{Permissions, Scoped};
///
/// struct OrdersRead;
///
/// impl Permissions for OrdersRead {
///     const SCOPES: &'static [&'static str] = &["Orders.Read"];
///     const ROLES: &'static [&'static str] = &["Orders.Read.All"];
/// }
///
/// async fn orders(token: Scoped<OrdersRead>) -> String {
///     format!("orders of {}", token.claims().sub)
/// }
/// ```
///
/// Permissions without a scope or a role are refused, like an empty [`Requirement`].
#[derive(Debug, Clone)]
pub struct Scoped<P>(VerifiedToken, PhantomData<fn() -> P>);

impl<P> Scoped<P> {
    /// The token.
    #[must_use]
    pub fn into_inner(self) -> VerifiedToken {
        self.0
    }
}

impl<P> Deref for Scoped<P> {
    type Target = VerifiedToken;

    fn deref(&self) -> &VerifiedToken {
        &self.0
    }
}

impl<S, P> FromRequestParts<S> for Scoped<P>
where
    ResourceServer: FromRef<S>,
    S: Send + Sync,
    P: Permissions,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let token = <VerifiedToken as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let requirement = Requirement::scopes(P::SCOPES.iter().copied()).or_roles(P::ROLES.iter().copied());
        match requirement.check(&token) {
            Ok(()) => Ok(Self(token, PhantomData)),
            Err(forbidden) => Err(forbidden.into_response()),
        }
    }
}
