//! The identity provider: its discovery document and its keys, fetched and cached.

mod error;
#[cfg(feature = "remote-keys")]
mod fetch;
#[cfg(feature = "remote-keys")]
mod metadata;
#[cfg(feature = "remote-keys")]
mod observe;
#[cfg(feature = "remote-keys")]
mod remote_keys;

pub use error::KeySetError;
#[cfg(feature = "remote-keys")]
pub use metadata::ProviderMetadata;
#[cfg(feature = "remote-keys")]
pub use remote_keys::{CachePolicy, RemoteKeySet};
