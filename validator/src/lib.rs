#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../../README.md")]
struct WorkspaceReadme;

mod address;
mod authority;
#[cfg(feature = "axum")]
mod axum;
mod claims;
mod claims_challenge;
mod compact;
mod config;
#[cfg(feature = "remote-keys")]
mod fetch;
mod header;
#[cfg(feature = "http")]
mod http;
mod introspection;
#[cfg(feature = "axum")]
mod introspection_handler;
mod json;
mod key_set_error;
mod keys;
#[cfg(feature = "tower")]
mod layer;
#[doc = include_str!("manual.md")]
pub mod manual {}
#[cfg(feature = "remote-keys")]
mod observe;
mod permission;
#[cfg(feature = "remote-keys")]
mod provider_metadata;
mod refusal;
mod rejection;
#[cfg(feature = "remote-keys")]
mod remote_keys;
#[cfg(feature = "http")]
mod resource_metadata;
#[cfg(all(feature = "http", feature = "remote-keys"))]
mod resource_server;
mod token;
#[cfg(feature = "token-cache")]
mod token_cache;
mod validator;

pub use authority::{Authority, AuthorityError, Cloud};
pub use claims::{Claims, TokenVersion};
pub use claims_challenge::ClaimsChallenge;
pub use config::{Config, ConfigError};
#[cfg(feature = "http")]
pub use http::bearer_token;
pub use introspection::Introspection;
#[cfg(feature = "axum")]
pub use introspection_handler::IntrospectionCaller;
pub use key_set_error::KeySetError;
pub use keys::KeySet;
#[cfg(feature = "tower")]
pub use layer::{AuthLayer, AuthService};
pub use permission::{Forbidden, Requirement};
#[cfg(feature = "remote-keys")]
pub use provider_metadata::ProviderMetadata;
pub use refusal::{HeaderError, Problem, Refusal};
pub use rejection::Rejection;
#[cfg(feature = "remote-keys")]
pub use remote_keys::{CachePolicy, RemoteKeySet};
#[cfg(feature = "http")]
pub use resource_metadata::ResourceMetadata;
#[cfg(all(feature = "http", feature = "remote-keys"))]
pub use resource_server::ResourceServer;
pub use token::{Groups, VerifiedToken};
#[cfg(feature = "token-cache")]
pub use token_cache::CachingValidator;
pub use validator::{Leeway, Validator};
