//! Tokens that the mock receives: assertions, hints, access tokens for Microsoft Graph.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};

use super::{key_ring::KeyRing, signed::behind_nonce};

/// A signed token, read as leniently as Entra reads assertions: Microsoft's own clients pad the parts, and spell
/// thumbprints in the standard alphabet. Nothing in it is trusted.
#[derive(Debug)]
pub(crate) struct Jws<'a> {
    input: &'a str,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let members = |part| serde_json::from_slice(&decode_base64(part)?).ok();
        Some(Self {
            input,
            header: members(header)?,
            claims: members(claims)?,
            signature: decode_base64(signature)?,
        })
    }

    /// A member of the header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// A claim that is text.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A claim that is a time in seconds since 1970, perhaps with a fraction.
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        self.claims.get(name)?.as_f64().map(|seconds| seconds.floor() as i64)
    }

    /// As [`time`](Self::time), or its digits in a string, which MSAL.NET sends since 4.59.1 and Entra accepts.
    pub(crate) fn time_or_digits(&self, name: &str) -> Option<i64> {
        self.time(name).or_else(|| self.claim(name)?.parse().ok())
    }

    pub(crate) fn verified_by(&self, verifies: impl Fn(&str, &[u8], &[u8]) -> bool) -> bool {
        self.header("alg").is_some_and(|alg| verifies(alg, self.input.as_bytes(), &self.signature))
    }

    /// Whether a key that this mock publishes signed it.
    pub(crate) fn is_ours(&self, keys: &KeyRing) -> bool {
        self.is_signed(keys, self.input) || self.is_ours_behind_nonce(keys)
    }

    /// Whether a key that this mock publishes signed it as a token for Microsoft Graph, which nobody else can verify.
    pub(crate) fn is_ours_behind_nonce(&self, keys: &KeyRing) -> bool {
        let payload = self.input.split_once('.').map(|(_, payload)| payload);
        behind_nonce(&self.header)
            .zip(payload)
            .is_some_and(|(header, payload)| self.is_signed(keys, &format!("{header}.{payload}")))
    }

    fn is_signed(&self, keys: &KeyRing, input: &str) -> bool {
        let (Some(kid), Some("RS256")) = (self.header("kid"), self.header("alg")) else { return false };
        let key = keys.published_keys().find(|key| key.kid() == kid);
        key.is_some_and(|key| key.verifies(input.as_bytes(), &self.signature))
    }
}

/// Base64 in either alphabet, padded or not.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    LENIENT.decode(text.replace('+', "-").replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_either_alphabet_padded_or_not() {
        for text in ["-_8", "-_8=", "+/8", "+/8="] {
            assert_eq!(decode_base64(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(decode_base64("*"), None);
    }
}
