//! JSON Web Tokens and keys, read strictly. Nothing here is about Entra.

mod compact;
mod header;
mod json;
mod key_set;

pub(crate) use compact::{Compact, MAX_TOKEN_BYTES, VerifiedPayload};
pub(crate) use header::Header;
pub(crate) use json::{Object, Value};
pub(crate) use key_set::KeyOrigin;
pub use key_set::KeySet;
#[cfg(feature = "remote-keys")]
pub(crate) use key_set::MAX_KEY_SET_BYTES;
