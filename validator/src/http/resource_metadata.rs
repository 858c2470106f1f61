//! OAuth 2.0 Protected Resource Metadata (RFC 9728): where clients read who issues tokens for the API.

use http::{HeaderValue, Response, header};
use serde::Serialize;

/// The metadata document of an API ([RFC 9728 §2](https://www.rfc-editor.org/rfc/rfc9728#section-2)). In axum, serving it
/// is one line:
///
/// ```
/// use axum::{Router, routing::get};
/// use entra_validator::ResourceMetadata;
///
/// let metadata = ResourceMetadata::new("https://api.contoso.com")
///     .authorization_server("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0")
///     .scopes(["https://api.contoso.com/Orders.Read"]);
/// let app: Router = Router::new().route(ResourceMetadata::PATH, get(metadata));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResourceMetadata {
    /// The API's identifier: its App ID URI, character for character, and without a slash at the end.
    pub resource: String,
    /// The v2.0 issuers that its tokens come from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_servers: Vec<String>,
    /// The scopes that a client may ask for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    /// How a token travels: in the `Authorization` header.
    pub bearer_methods_supported: [&'static str; 1],
}

impl ResourceMetadata {
    /// Where the document of a resource without a path is served (§3.1).
    pub const PATH: &'static str = "/.well-known/oauth-protected-resource";

    /// The document of this resource.
    #[must_use]
    pub fn new(resource: impl Into<String>) -> Self {
        Self {
            resource: resource.into(),
            authorization_servers: Vec::new(),
            scopes_supported: Vec::new(),
            bearer_methods_supported: ["header"],
        }
    }

    /// Tokens come from this issuer.
    #[must_use]
    pub fn authorization_server(mut self, issuer: impl Into<String>) -> Self {
        self.authorization_servers.push(issuer.into());
        self
    }

    /// Clients may ask for these scopes.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes_supported.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// The response to a request for the document.
    ///
    /// ```
    /// let response = entra_validator::ResourceMetadata::new("https://api.contoso.com").response();
    /// assert_eq!(
    ///     response.body(),
    ///     r#"{"resource":"https://api.contoso.com","bearer_methods_supported":["header"]}"#,
    /// );
    /// ```
    #[must_use]
    pub fn response(&self) -> Response<String> {
        let mut response = Response::new(serde_json::to_string(self).unwrap_or_default());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Pages in browsers read it before they have any token.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        response
    }
}
