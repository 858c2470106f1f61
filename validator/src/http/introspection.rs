//! A ready handler for introspection requests, in axum.

use std::{future::Future, pin::Pin};

use axum_core::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode, header};

use crate::{AuthError, Introspection, ResourceServer};

/// Who may introspect tokens: name and secret in `Authorization: Basic`.
///
/// ```
/// let caller = entra_validator::IntrospectionCaller::basic("gateway", "a long random secret");
/// ```
#[derive(Clone)]
pub struct IntrospectionCaller {
    /// What follows `Basic `.
    credentials: String,
}

impl IntrospectionCaller {
    /// This name with this secret ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    #[must_use]
    pub fn basic(name: &str, secret: &str) -> Self {
        Self { credentials: STANDARD.encode(format!("{name}:{secret}")) }
    }

    fn is(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let credentials = value.to_str().ok().and_then(|text| text.split_once(' '));
        let Some((scheme, credentials)) = credentials else { return false };
        // In the same time wherever they differ, so that nothing can be learnt by trying.
        scheme.eq_ignore_ascii_case("Basic")
            && aws_lc_rs::constant_time::verify_slices_are_equal(
                credentials.trim().as_bytes(),
                self.credentials.as_bytes(),
            )
            .is_ok()
    }
}

impl std::fmt::Debug for IntrospectionCaller {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("IntrospectionCaller(..)")
    }
}

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

impl ResourceServer {
    /// A handler for introspection requests ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)) of this caller only: §2.1
    /// requires authentication, because whoever may try tokens can search for a good one.
    ///
    /// A token that is refused, for whatever reason, is `{"active":false}`. Without keys the status is 503: not knowing is
    /// not the same as knowing that the token is bad.
    ///
    /// ```
    /// use axum::{Router, routing::post};
    /// use entra_validator::{IntrospectionCaller, ResourceServer};
    ///
    /// # fn example(server: ResourceServer) -> Router {
    /// let caller = IntrospectionCaller::basic("gateway", "a long random secret");
    /// Router::new().route("/introspect", post(server.introspection(caller)))
    /// # }
    /// ```
    pub fn introspection(
        &self,
        caller: IntrospectionCaller,
    ) -> impl Fn(HeaderMap, String) -> Answer + Clone + Send + use<> {
        let server = self.clone();
        move |headers, form| {
            let (server, authenticated) = (server.clone(), caller.is(&headers));
            Box::pin(async move {
                if !authenticated {
                    return (
                        StatusCode::UNAUTHORIZED,
                        [(header::WWW_AUTHENTICATE, "Basic realm=\"introspection\"")],
                    )
                        .into_response();
                }
                match token_of(&form) {
                    Some(token) => server.introspect(&token).await,
                    None => {
                        (StatusCode::BAD_REQUEST, "the form field 'token' is expected once\n").into_response()
                    }
                }
            })
        }
    }

    async fn introspect(&self, token: &str) -> Response {
        let answer = match self.validate(token).await {
            Ok(token) => token.introspection(),
            Err(error @ AuthError::Keys(_)) => return self.refuse(&error).into_response(),
            Err(_) => Introspection::inactive(),
        };
        let body = serde_json::to_string(&answer).unwrap_or_default();
        ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
            .into_response()
    }
}

fn token_of(form: &str) -> Option<String> {
    let mut tokens = url::form_urlencoded::parse(form.as_bytes()).filter(|(name, _)| name == "token");
    let (_, token) = tokens.next()?;
    tokens.next().is_none().then(|| token.into_owned())
}
