//! Requests and responses: the bearer token of the one, the problem and the challenge of the other.

#[cfg(feature = "axum")]
mod axum;
mod bearer;
mod challenge;
#[cfg(feature = "http")]
mod grpc;
#[cfg(feature = "axum")]
mod introspection;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "http")]
mod observe;
mod problem;
#[cfg(feature = "http")]
mod resource_metadata;
#[cfg(feature = "http")]
mod resource_server;
#[cfg(feature = "axum")]
mod scoped;
#[cfg(feature = "http")]
mod several;

#[cfg(feature = "http")]
pub use bearer::bearer_token;
pub use bearer::bearer_token_from;
#[cfg(feature = "axum")]
pub use introspection::IntrospectionCaller;
#[cfg(feature = "tower")]
pub use layer::{AuthLayer, AuthService};
pub use problem::Problem;
#[cfg(feature = "http")]
pub use resource_metadata::ResourceMetadata;
#[cfg(feature = "http")]
pub use resource_server::ResourceServer;
#[cfg(feature = "axum")]
pub use scoped::{Permissions, Scoped, TokenOf};
