//! Who signed a token.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::token::{Jws, KeyRing};

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
    /// Not signed.
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
        let jws = Jws::parse(token);
        let (state, words) = match () {
            () if unsigned => (SignatureVerdict::None, "Not signed: the algorithm is none."),
            () if empty => (SignatureVerdict::None, "Not signed: the third part is empty."),
            () if kid.is_none() => (
                SignatureVerdict::UnknownKey,
                "The header does not name a key, so the signature cannot be checked.",
            ),
            () if !known => {
                (SignatureVerdict::UnknownKey, "The header names a key that this mock does not publish.")
            }
            () if !jws.as_ref().is_some_and(|jws| jws.is_ours(keys)) => (
                SignatureVerdict::Tampered,
                "Not by the key that the header names, or the token was changed.",
            ),
            () if jws.is_some_and(|jws| jws.is_ours_behind_nonce(keys)) => (
                SignatureVerdict::Valid,
                "Signed as tokens for Microsoft Graph are, over a hash of the header's nonce: to any other API it is invalid.",
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
