//! Signatures by anything but the honest key.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::World;

use super::{
    draft::{Draft, padded_hash},
    part::{Json, Part},
};

/// Who signs, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Signer {
    /// A key that is not published; the header names the honest one.
    Stranger,
    /// The same, and the header names it.
    StrangerByName,
    /// The same, and the header embeds it (`jwk`).
    StrangerWithKey,
    /// The public key in PEM, as the secret of an HMAC.
    PublicKeyAsSecret,
    /// The modulus, as the secret of an HMAC.
    ModulusAsSecret,
    /// Nobody: `alg` is `none`.
    Nobody,
    /// The very message block that an RSA signature decrypts to, not encrypted.
    Unencrypted,
}

impl Signer {
    pub(super) fn sign(self, world: &World, draft: &mut Draft) {
        let stranger = world.attacker_key();
        let mut header = |name: &str, value: Value| {
            draft.members(Json::Header, |members| _ = members.insert(name.to_owned(), value));
        };
        match self {
            Self::StrangerByName => header("kid", stranger.kid().into()),
            Self::StrangerWithKey => header("jwk", stranger.jwk()),
            Self::PublicKeyAsSecret | Self::ModulusAsSecret => header("alg", "HS256".into()),
            Self::Nobody => header("alg", "none".into()),
            Self::Stranger | Self::Unencrypted => {}
        }
        let input = draft.signing_input();
        let hmac = |secret: &[u8]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes()).as_ref().to_vec()
        };
        let signature = match self {
            Self::Stranger | Self::StrangerByName | Self::StrangerWithKey => stranger.sign(input.as_bytes()),
            Self::PublicKeyAsSecret => hmac(world.public_secrets().0.as_bytes()),
            Self::ModulusAsSecret => hmac(&world.public_secrets().1),
            Self::Nobody => Vec::new(),
            Self::Unencrypted => padded_hash(input.as_bytes()),
        };
        draft.text(Part::Signature, |text| *text = URL_SAFE_NO_PAD.encode(signature));
    }
}
