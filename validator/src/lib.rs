#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../../README.md")]
struct WorkspaceReadme;

mod auth_error;
mod authority;
mod config;
mod http;
mod jose;
#[doc = include_str!("manual.md")]
pub mod manual {}
mod provider;
mod rejection;
mod step;
mod time_source;
mod token;
mod validator;

pub use auth_error::{AuthError, CredentialsError};
pub use authority::{Authority, AuthorityError, Cloud};
pub use config::{Config, ConfigError};
#[cfg(feature = "tower")]
pub use http::{AuthLayer, AuthService};
#[cfg(feature = "axum")]
pub use http::{IntrospectionCaller, Permissions, Scoped, TokenOf};
pub use http::{Problem, bearer_token_from};
#[cfg(feature = "http")]
pub use http::{ResourceMetadata, ResourceServer, bearer_token};
pub use jose::KeySet;
#[cfg(feature = "remote-keys")]
pub use provider::{CachePolicy, KeyStatus, RefreshTask, RemoteKeySet, RemoteKeySetBuilder};
pub use provider::{KeyFuture, KeySetError, KeySource, ProviderMetadata};
pub use rejection::Rejection;
/// The HTTP client that [`RemoteKeySetBuilder::client`] configures.
#[cfg(feature = "remote-keys")]
pub use reqwest;
pub use step::{Code, Step};
pub use time_source::TimeSource;
#[cfg(feature = "token-cache")]
pub use token::CachingValidator;
pub use token::{
    Claims, ClaimsChallenge, Forbidden, Groups, Introspection, Requirement, TokenVersion, ToolRequirements,
    VerifiedToken,
};
pub use validator::{Leeway, Validator};
