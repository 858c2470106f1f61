//! Tokens: keys, honest claims, and the one builder that bends them. Pure: no clock, no network.

mod builder;
mod certificate;
mod claims;
mod jws;
mod key;
mod opened;
mod words;

pub use builder::{ForgeError, Signature, SignedToken, TokenBuilder};
pub(crate) use certificate::Certificate;
pub use claims::{TokenKind, TokenVersion};
pub(crate) use jws::{Jws, decode};
pub use key::{KeyRing, SigningKey};
pub(crate) use opened::Opened;
pub use opened::{SignatureState, SignatureVerdict};
pub(crate) use words::Reader;
