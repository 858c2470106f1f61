//! The identity provider: its discovery document and its keys, fetched and cached.

#[cfg(feature = "remote-keys")]
mod cache;
mod error;
#[cfg(feature = "remote-keys")]
mod fetch;
mod metadata;
#[cfg(feature = "remote-keys")]
mod observe;
#[cfg(feature = "remote-keys")]
mod policy;
#[cfg(feature = "remote-keys")]
mod remote_keys;
#[cfg(feature = "remote-keys")]
mod schedule;
mod source;
#[cfg(feature = "remote-keys")]
mod state;

pub use error::KeySetError;
pub use metadata::ProviderMetadata;
#[cfg(feature = "remote-keys")]
pub use policy::CachePolicy;
#[cfg(feature = "remote-keys")]
pub use remote_keys::{KeyStatus, RefreshTask, RemoteKeySet, RemoteKeySetBuilder};
pub use source::{KeyFuture, KeySource};
