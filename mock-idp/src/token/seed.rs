//! Values that differ from token to token, and are the same for the same token.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::spec::Spec;

pub(super) struct Seed(digest::Digest);

impl Seed {
    pub(super) fn new(spec: &Spec, now: i64, audience: &str) -> Self {
        Self(digest::digest(&digest::SHA256, format!("{spec:?} {now} {audience}").as_bytes()))
    }

    /// Entra draws lifetimes of 60 to 90 minutes. In seconds.
    pub(super) fn lifetime(&self) -> i64 {
        let bytes = self.0.as_ref();
        3600 + i64::from(u16::from_be_bytes([bytes[0], bytes[1]])) % 1800
    }

    /// The base64url of `length` bytes, at most 64.
    pub(super) fn opaque(&self, claim: &str, length: usize) -> String {
        URL_SAFE_NO_PAD.encode(&self.hash(&digest::SHA512, claim).as_ref()[..length])
    }

    pub(super) fn guid(&self, claim: &str) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.hash(&digest::SHA256, claim).as_ref()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    fn hash(&self, algorithm: &'static digest::Algorithm, claim: &str) -> digest::Digest {
        digest::digest(algorithm, &[self.0.as_ref(), claim.as_bytes()].concat())
    }
}
