//! What a handler requires, as the type of its argument.

use std::{fmt, marker::PhantomData, ops::Deref};

use axum_core::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{Requirement, ResourceServer, VerifiedToken};

use super::axum::token_of;

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
/// Permissions without a scope or a role are refused, like an empty [`Requirement`]. Where the state has several servers,
/// `R` says which one, as in [`TokenOf`].
pub struct Scoped<P, R = ResourceServer>(VerifiedToken, PhantomData<fn() -> (P, R)>);

/// A token that the server `R` accepts, where an API has handlers for employees and others for customers: a type for each,
/// and no handler is called with the token of another authority.
///
/// ```
/// use axum::extract::FromRef;
/// use entra_validator::{ResourceServer, TokenOf};
///
/// #[derive(Clone)]
/// struct Employees(ResourceServer);
/// #[derive(Clone)]
/// struct Customers(ResourceServer);
///
/// impl AsRef<ResourceServer> for Employees {
///     fn as_ref(&self) -> &ResourceServer {
///         &self.0
///     }
/// }
/// # impl AsRef<ResourceServer> for Customers { fn as_ref(&self) -> &ResourceServer { &self.0 } }
///
/// #[derive(Clone, FromRef)]
/// struct Api {
///     employees: Employees,
///     customers: Customers,
/// }
///
/// async fn payroll(token: TokenOf<Employees>) -> String {
///     format!("payroll for {}", token.claims().sub)
/// }
/// # fn routes() -> axum::Router<Api> { axum::Router::new().route("/payroll", axum::routing::get(payroll)) }
/// ```
///
/// A handler that takes either has the two in [one server](ResourceServer::also).
pub struct TokenOf<R>(VerifiedToken, PhantomData<fn() -> R>);

impl<P, R> Scoped<P, R> {
    /// The token.
    #[must_use]
    pub fn into_inner(self) -> VerifiedToken {
        self.0
    }
}

impl<R> TokenOf<R> {
    /// The token.
    #[must_use]
    pub fn into_inner(self) -> VerifiedToken {
        self.0
    }
}

impl<P, R> Deref for Scoped<P, R> {
    type Target = VerifiedToken;

    fn deref(&self) -> &VerifiedToken {
        &self.0
    }
}

impl<R> Deref for TokenOf<R> {
    type Target = VerifiedToken;

    fn deref(&self) -> &VerifiedToken {
        &self.0
    }
}

impl<S, R> FromRequestParts<S> for TokenOf<R>
where
    R: FromRef<S> + AsRef<ResourceServer> + Send + Sync,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let token = token_of(parts, R::from_ref(state).as_ref()).await?;
        Ok(Self(token, PhantomData))
    }
}

impl<S, P, R> FromRequestParts<S> for Scoped<P, R>
where
    R: FromRef<S> + AsRef<ResourceServer> + Send + Sync,
    S: Send + Sync,
    P: Permissions,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let token = token_of(parts, R::from_ref(state).as_ref()).await?;
        let requirement = Requirement::scopes(P::SCOPES.iter().copied()).or_roles(P::ROLES.iter().copied());
        match requirement.check(&token) {
            Ok(()) => Ok(Self(token, PhantomData)),
            Err(forbidden) => Err(forbidden.into_response()),
        }
    }
}

impl<P, R> fmt::Debug for Scoped<P, R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Scoped").field(&self.0).finish()
    }
}

impl<R> fmt::Debug for TokenOf<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("TokenOf").field(&self.0).finish()
    }
}
