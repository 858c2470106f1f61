//! Tokens that are spelled otherwise: as JSON, in base64, and in their parts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::TokenBuilder;
use serde_json::{Value, json};

use super::Forge;

impl Forge<'_> {
    /// The honest header's JSON text.
    #[must_use]
    pub fn header_json(&self) -> String {
        Value::Object(self.world.honest().0).to_string()
    }

    /// The honest header's JSON text with more members at its end.
    #[must_use]
    pub fn header_json_with(&self, members: &str) -> String {
        with_members(&self.header_json(), members)
    }

    /// The honest payload's JSON text.
    #[must_use]
    pub fn payload_json(&self) -> String {
        Value::Object(self.world.honest().1).to_string()
    }

    /// The honest payload's JSON text with more members at its end.
    #[must_use]
    pub fn payload_json_with(&self, members: &str) -> String {
        with_members(&self.payload_json(), members)
    }

    /// The honest payload's JSON text with the value of one claim replaced by this text, JSON or not.
    #[must_use]
    pub fn payload_json_replacing(&self, claim: &str, text: &str) -> String {
        let mut claims = self.world.honest().1;
        claims.insert(claim.to_owned(), "replace-me".into());
        Value::Object(claims).to_string().replace("\"replace-me\"", text)
    }

    /// The honest token with its signature in the standard base64 alphabet.
    #[must_use]
    pub fn signature_in_standard_alphabet(&self) -> String {
        self.with_signature(|signature| {
            let standard = signature.replace('-', "+").replace('_', "/");
            // One signature in 40,000 spells the same in both.
            if standard == signature { format!("+{}", &standard[1..]) } else { standard }
        })
    }

    /// The honest token with its last character replaced by one that decodes to the same bytes.
    #[must_use]
    pub fn token_with_left_over_bits(&self) -> String {
        // 256 bytes leave two bits for the last character: A, Q, g or w; its successor differs in the unused bits only.
        self.with_signature(|signature| {
            let (rest, last) = signature.split_at(signature.len() - 1);
            let twin = last.bytes().next().map_or('B', |byte| char::from(byte + 1));
            format!("{rest}{twin}")
        })
    }

    /// The honest token with a leading zero byte in its signature.
    #[must_use]
    pub fn signature_with_leading_zero(&self) -> String {
        self.with_signature(|signature| {
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
            URL_SAFE_NO_PAD.encode([&[0], bytes.as_slice()].concat())
        })
    }

    /// The honest token with another text for its signature.
    pub(crate) fn with_signature(&self, change: impl FnOnce(&str) -> String) -> String {
        let token = self.world.token().sign();
        let (input, signature) = token.rsplit_once('.').unwrap_or((&token, ""));
        format!("{input}.{}", change(signature))
    }

    /// The honest token with other bytes for its signature.
    pub(crate) fn with_signature_bytes(&self, change: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        self.with_signature(|text| {
            URL_SAFE_NO_PAD.encode(change(&URL_SAFE_NO_PAD.decode(text).unwrap_or_default()))
        })
    }

    /// The honest payload and signature after another header.
    pub(crate) fn with_header_text(&self, change: impl FnOnce(&str) -> String) -> String {
        let token = self.world.token().sign();
        let (_, rest) = token.split_once('.').unwrap_or(("", &token));
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(change(&self.header_json())))
    }

    /// The honest token with one bit of its payload flipped, so that it stays JSON.
    pub(crate) fn with_a_payload_bit_flipped(&self) -> String {
        // `l` and `m` differ in one bit.
        let payload = self.payload_json().replacen("al", "am", 1);
        self.spliced(&self.world.token().raw_payload(payload))
    }

    /// The honest token with base64 padding in its header, covered by the signature.
    pub(crate) fn padded_header(&self) -> String {
        let token = self.world.token().raw_header(self.header_json() + " ").sign();
        let (header, rest) = token.split_once('.').unwrap_or(("", &token));
        let (payload, _) = rest.split_once('.').unwrap_or((rest, ""));
        let input = format!("{header}{}.{payload}", "=".repeat((4 - header.len() % 4) % 4));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.world.key.sign(input.as_bytes())))
    }

    /// The honest claims and one more in the standard base64 alphabet, covered by the signature.
    pub(crate) fn payload_in_standard_alphabet(&self) -> String {
        let token = self.world.token().claim("x", "\u{3ff}\u{3ff}\u{3ff}\u{3ff}").sign();
        let (input, _) = token.rsplit_once('.').unwrap_or((&token, ""));
        let (header, payload) = input.split_once('.').unwrap_or(("", input));
        let input = format!("{header}.{}", payload.replace('-', "+").replace('_', "/"));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.world.key.sign(input.as_bytes())))
    }

    /// The flattened JSON serialisation of the honest token (RFC 7515 §7.2).
    pub(crate) fn flattened_json(&self) -> String {
        let (protected, payload, signature) = self.honest_parts();
        json!({"protected": protected, "payload": payload, "signature": signature}).to_string()
    }

    /// The same in the general form.
    pub(crate) fn general_json(&self) -> String {
        let (protected, payload, signature) = self.honest_parts();
        json!({"payload": payload, "signatures": [{"protected": protected, "signature": signature}]})
            .to_string()
    }

    fn honest_parts(&self) -> (String, String, String) {
        let token = self.world.token().sign();
        let mut parts = token.split('.').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        (part(), part(), part())
    }

    /// The honest token for a reader of JSON, forged claims for one that splits at dots (CVE-2022-39227).
    pub(crate) fn json_polyglot(&self) -> String {
        let (protected, payload, signature) = self.honest_parts();
        let forged = URL_SAFE_NO_PAD.encode(self.payload_json().replace("alice", "admin"));
        format!(
            "{{\"a\":\".{forged}.\",\"protected\":\"{protected}\",\"payload\":\"{payload}\",\"signature\":\"{signature}\"}}"
        )
    }

    /// Header and payload of `other` under the honest token's signature.
    #[must_use]
    pub fn spliced(&self, other: &TokenBuilder) -> String {
        let (honest, other) = (self.world.token().sign(), other.sign());
        let (input, _) = other.rsplit_once('.').unwrap_or((&other, ""));
        let (_, signature) = honest.rsplit_once('.').unwrap_or(("", &honest));
        format!("{input}.{signature}")
    }
}

fn with_members(object: &str, members: &str) -> String {
    let open = object.strip_suffix('}').unwrap_or(object);
    format!("{open},{members}}}")
}
