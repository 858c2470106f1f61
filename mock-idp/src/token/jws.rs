//! Tokens that come back: assertions, tokens to act on behalf of, hints.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::KeyRing;

/// A signed token taken apart, as leniently as Entra takes assertions: Microsoft's own clients pad the parts, and spell
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
        let members = |part| serde_json::from_slice(&decode(part)?).ok();
        Some(Self {
            input,
            header: members(header)?,
            claims: members(claims)?,
            signature: decode(signature)?,
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

    pub(crate) fn verified_by(&self, verifies: impl Fn(&str, &[u8], &[u8]) -> bool) -> bool {
        self.header("alg").is_some_and(|alg| verifies(alg, self.input.as_bytes(), &self.signature))
    }

    /// Whether a key that this mock publishes signed it.
    pub(crate) fn is_ours(&self, keys: &KeyRing) -> bool {
        let Some(kid) = self.header("kid") else { return false };
        let key = keys.published_keys().find(|key| key.kid() == kid);
        key.is_some_and(|key| {
            self.verified_by(|alg, input, signature| alg == "RS256" && key.verifies(input, signature))
        })
    }
}

/// A token laid open for a person, as far as it can be read.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) header: Option<Map<String, Value>>,
    pub(crate) claims: Option<Map<String, Value>>,
    /// What cannot be read, and why.
    pub(crate) problem: Option<String>,
}

impl Opened {
    pub(crate) fn of(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        let members = |index: usize, name: &str| {
            let bytes = decode(parts.get(index).copied().unwrap_or_default())
                .ok_or_else(|| format!("the {name} is not base64url"))?;
            serde_json::from_slice(&bytes)
                .map_err(|error| format!("the {name} is not a JSON object: {error}"))
        };
        let (header, claims) = (members(0, "header"), members(1, "payload"));
        let problem = match (parts.len(), &header, &claims) {
            (3, Err(reason), _) | (3, _, Err(reason)) => Some(reason.clone()),
            (3, Ok(_), Ok(_)) => None,
            (5, ..) => Some("five parts: an encrypted token, which Entra does not issue to APIs".to_owned()),
            (count, ..) => Some(format!("{count} parts: header.payload.signature is expected")),
        };
        Self { header: header.ok(), claims: claims.ok(), problem }
    }
}

/// Who signed a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SignatureState {
    /// In one word.
    pub state: SignatureVerdict,
    /// The `kid` that the header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// In a sentence.
    pub words: String,
}

/// Who signed a token, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureVerdict {
    /// The published key that the header names.
    Valid,
    /// Not the published key that the header names, or not over these bytes.
    Tampered,
    /// The header names no published key.
    UnknownKey,
    /// Nobody.
    None,
}

impl SignatureState {
    pub(crate) fn of(token: &str, header: Option<&Map<String, Value>>, keys: &KeyRing) -> Self {
        let text = |name: &str| header.and_then(|header| header.get(name)?.as_str());
        let kid = text("kid");
        let unsigned = text("alg").is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
        let empty = token.rsplit_once('.').is_none_or(|(_, signature)| signature.is_empty());
        let known = kid.is_some_and(|kid| keys.published_keys().any(|key| key.kid() == kid));
        let current = kid == Some(keys.current().kid());
        let (state, words) = match () {
            () if unsigned => (SignatureVerdict::None, "Nobody signed it: its algorithm is none."),
            () if empty => (SignatureVerdict::None, "Nobody signed it: there is no third part."),
            () if kid.is_none() => {
                (SignatureVerdict::UnknownKey, "The header names no key, so nobody can check it.")
            }
            () if !known => (SignatureVerdict::UnknownKey, "It names a key that this mock does not publish."),
            () if !Jws::parse(token).is_some_and(|jws| jws.is_ours(keys)) => (
                SignatureVerdict::Tampered,
                "It is not by the key that it names, or what it says was changed.",
            ),
            () if current => (SignatureVerdict::Valid, "Signed by the key that this mock signs with now."),
            () => (
                SignatureVerdict::Valid,
                "Signed by a key that this mock publishes but does not sign with now.",
            ),
        };
        Self { state, kid: kid.map(str::to_owned), words: words.to_owned() }
    }
}

/// Base64 in either alphabet, padded or not.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
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
            assert_eq!(decode(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(decode("*"), None);
    }
}
