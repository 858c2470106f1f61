//! A `tower` layer for everything that speaks `http`: axum, hyper, tonic.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{AuthError, Requirement, ResourceServer, VerifiedToken};

/// Passes requests with a good token to the inner service and refuses the others. The service finds the [`VerifiedToken`]
/// in the request's extensions. Made by [`ResourceServer::layer`].
///
/// ```
/// use axum::{Router, routing::get};
/// use entra_validator::{Authority, Requirement, ResourceServer, Validator};
///
/// # fn example(server: ResourceServer) -> Router {
/// let read = server.layer().require(Requirement::scopes(["Orders.Read"]).or_roles(["Orders.Read.All"]));
/// Router::new().route("/orders", get(|| async { "orders" })).route_layer(read)
/// # }
/// ```
pub struct AuthLayer<B> {
    settings: Arc<Settings<B>>,
}

struct Settings<B> {
    server: ResourceServer,
    requirement: Option<Requirement>,
    optional: bool,
    body: fn(String) -> B,
}

impl ResourceServer {
    /// A layer that judges every request by this server. The body of its refusals is made from a string.
    #[must_use]
    pub fn layer<B: From<String>>(&self) -> AuthLayer<B> {
        self.layer_with_body(B::from)
    }

    /// As [`layer`](Self::layer), for bodies without `From<String>`, such as tonic's.
    ///
    /// ```
    /// # use entra_validator::{AuthLayer, Requirement, ResourceServer};
    /// # fn example(server: ResourceServer) {
    /// let layer: AuthLayer<Vec<u8>> = server.layer_with_body(String::into_bytes);
    /// # }
    /// ```
    #[must_use]
    pub fn layer_with_body<B>(&self, body: fn(String) -> B) -> AuthLayer<B> {
        AuthLayer {
            settings: Arc::new(Settings { server: self.clone(), requirement: None, optional: false, body }),
        }
    }
}

impl<B> AuthLayer<B> {
    /// Also requires permissions.
    ///
    /// ```
    /// # use entra_validator::{AuthLayer, Requirement, ResourceServer};
    /// # fn example(server: ResourceServer) {
    /// let layer: AuthLayer<String> = server.layer().require(Requirement::roles(["Orders.Read.All"]));
    /// # }
    /// ```
    #[must_use]
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.change(|settings| settings.requirement = Some(requirement));
        self
    }

    /// Also passes requests without any credentials, with no token in their extensions. A bad token is still refused:
    /// whoever sends one wants to be known. Has no effect beside [`require`](Self::require): a request without a token
    /// meets no requirement.
    ///
    /// ```
    /// # use entra_validator::{AuthLayer, Requirement, ResourceServer};
    /// # fn example(server: ResourceServer) {
    /// let layer: AuthLayer<String> = server.layer().optional();
    /// # }
    /// ```
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.change(|settings| settings.optional = true);
        self
    }

    fn change(&mut self, change: impl FnOnce(&mut Settings<B>)) {
        let Settings { server, requirement, optional, body } = &*self.settings;
        let mut settings = Settings {
            server: server.clone(),
            requirement: requirement.clone(),
            optional: *optional,
            body: *body,
        };
        change(&mut settings);
        self.settings = Arc::new(settings);
    }
}

impl<B> Settings<B> {
    /// The token, `None` where none is required, or why the request is refused.
    async fn judge(&self, headers: &HeaderMap) -> Result<Option<VerifiedToken>, AuthError> {
        // A requirement that nobody can meet by leaving the token out.
        let token = if self.optional && self.requirement.is_none() {
            self.server.authenticate_optional(headers).await?
        } else {
            Some(self.server.authenticate(headers).await?)
        };
        if let (Some(token), Some(requirement)) = (&token, &self.requirement) {
            requirement.check(token)?;
        }
        Ok(token)
    }
}

impl<S, B> Layer<S> for AuthLayer<B> {
    type Service = AuthService<S, B>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthService { inner, settings: Arc::clone(&self.settings) }
    }
}

/// The service that an [`AuthLayer`] wraps around another.
pub struct AuthService<S, B> {
    inner: S,
    settings: Arc<Settings<B>>,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for AuthService<S, B>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Send + 'static,
    B: 'static,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        // The service that was polled ready is the one to call; its clone stays behind.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let settings = Arc::clone(&self.settings);
        Box::pin(async move {
            let headers = std::mem::take(request.headers_mut());
            let judged = settings.judge(&headers).await;
            *request.headers_mut() = headers;
            match judged {
                Ok(token) => {
                    // A token that an earlier layer left behind does not count.
                    request.extensions_mut().remove::<VerifiedToken>();
                    if let Some(token) = token {
                        request.extensions_mut().insert(token);
                    }
                    inner.call(request).await
                }
                Err(error) => {
                    let response = settings.server.refuse_request(request.headers(), &error);
                    Ok(response.map(settings.body))
                }
            }
        })
    }
}

impl<B> Clone for AuthLayer<B> {
    fn clone(&self) -> Self {
        Self { settings: Arc::clone(&self.settings) }
    }
}

impl<S: Clone, B> Clone for AuthService<S, B> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), settings: Arc::clone(&self.settings) }
    }
}

impl<B> fmt::Debug for AuthLayer<B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AuthLayer")
            .field("server", &self.settings.server)
            .field("requirement", &self.settings.requirement)
            .field("optional", &self.settings.optional)
            .finish_non_exhaustive()
    }
}

impl<S, B> fmt::Debug for AuthService<S, B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AuthService").field("server", &self.settings.server).finish_non_exhaustive()
    }
}
