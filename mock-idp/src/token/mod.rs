//! Tokens: keys, honest claims, and the one builder that bends them. Pure: no clock, no network.

mod builder;
mod claims;
mod key;

pub use builder::{ForgeError, Signature, SignedToken, TokenBuilder};
pub use claims::TokenVersion;
pub use key::{KeyRing, SigningKey};
