//! Tokens: keys, honest claims, and the one builder that bends them. Pure: no clock, no network.

mod builder;
mod claims;
mod jws;
mod key;

pub use builder::{ForgeError, Signature, SignedToken, TokenBuilder};
pub use claims::{TokenKind, TokenVersion};
pub(crate) use jws::{Jws, decode_base64};
pub use key::{KeyRing, SigningKey};
