//! Ids for what is built in Rust without one.

use aws_lc_rs::digest;

/// A GUID that is the same for the same name.
pub(super) fn made_up_id(what: &str, name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{what} {name}").as_bytes());
    let bytes = hash.as_ref().first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
