//! Tokens: keys, honest claims, and the one builder that bends them. Pure: no clock, no network.

mod bare;
mod builder;
mod claims;
mod edits;
mod jwk;
mod jws;
mod key;
mod key_ring;
mod kind;
mod person;
mod seed;
mod signed;
mod spec;
mod subject;

pub use builder::TokenBuilder;
pub(crate) use jwk::{Jwk, JwkSet};
pub(crate) use jws::{Jws, decode_base64};
pub use key::SigningKey;
pub use key_ring::{KeyRing, Rotation};
pub use kind::{TokenKind, TokenVersion};
pub(crate) use signed::{Draft, Members};
pub use signed::{Signature, SignedToken};
pub(crate) use spec::Spec;
pub use subject::ForgeError;
pub(crate) use subject::Subject;
