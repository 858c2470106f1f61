//! The compact serialisation of a signed token ([RFC 7515 §7.1]).
//!
//! [RFC 7515 §7.1]: https://www.rfc-editor.org/rfc/rfc7515#section-7.1

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Rejection;

use super::{header::Header, key_set::VerificationKey};

/// The longest token that is read unless an API allows more, in bytes. Entra's own with the GUIDs of 200 groups reach about
/// 10 KiB; with on-premises names, about 20 KiB.
pub(crate) const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token cut into its three parts. Nothing in it is trusted.
pub(crate) struct Compact<'a> {
    signing_input: &'a str,
    /// Header, payload and signature, decoded, one after the other.
    decoded: Vec<u8>,
    header_end: usize,
    payload_end: usize,
}

/// The bytes of a payload whose signature was verified; [`Compact::verify`] is the only way to get one.
pub(crate) struct VerifiedPayload {
    /// All three parts, one after the other.
    decoded: Vec<u8>,
    header_end: usize,
    payload_end: usize,
}

impl<'a> Compact<'a> {
    /// Accepts exactly three parts of canonical base64url: no padding, no white space, no other alphabet, and no left-over
    /// bits, so that no two strings are the same token.
    pub(crate) fn parse(token: &'a str, max_bytes: usize) -> Result<Self, Rejection> {
        let invalid = |reason| Rejection::TokenInvalid { reason };
        if token.len() > max_bytes {
            return Err(invalid("longer than the API accepts"));
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(invalid("not three parts"))?;
        let (header, payload) = signing_input.split_once('.').ok_or(invalid("not three parts"))?;
        // Four characters are three bytes, and the decoder wants room for a whole group more for each part.
        let (mut decoded, mut end) = (vec![0; token.len() / 4 * 3 + 9], 0);
        // A fourth part would end up in the second one, whose alphabet has no dot.
        let mut decode = |part| {
            let room = &mut decoded[end..];
            end +=
                URL_SAFE_NO_PAD.decode_slice(part, room).map_err(|_| invalid("not canonical base64url"))?;
            Ok(end)
        };
        let (header_end, payload_end, _) = (decode(header)?, decode(payload)?, decode(signature)?);
        decoded.truncate(end);
        Ok(Self { signing_input, decoded, header_end, payload_end })
    }

    pub(crate) fn header(&self) -> Result<Header<'_>, Rejection> {
        Header::parse(&self.decoded[..self.header_end])
    }

    /// Checks the signature over the very bytes that were received.
    pub(crate) fn verify(self, key: &VerificationKey) -> Result<VerifiedPayload, Rejection> {
        let Self { signing_input, decoded, header_end, payload_end } = self;
        if key.verifies(signing_input.as_bytes(), &decoded[payload_end..]) {
            Ok(VerifiedPayload { decoded, header_end, payload_end })
        } else {
            Err(Rejection::SignatureUntrusted { kid: key.kid().as_ref().into() })
        }
    }
}

impl VerifiedPayload {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.decoded[self.header_end..self.payload_end]
    }

    /// The token that it was in. Only canonical base64url is read, so encoding the parts again gives the same text, and a token
    /// that nobody sends on costs no copy.
    pub(crate) fn token(&self) -> String {
        let (header, rest) = self.decoded.split_at(self.header_end);
        let (payload, signature) = rest.split_at(self.payload_end - self.header_end);
        [header, payload, signature].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(token: &str) -> Result<Compact<'_>, Rejection> {
        Compact::parse(token, MAX_TOKEN_BYTES)
    }

    #[test]
    fn three_canonical_parts_are_accepted_and_nothing_else() {
        assert!(parse("YQ.YQ.YQ").is_ok());
        assert!(parse("YQ.YQ.").is_ok(), "whether an empty signature verifies is another step's business");
        for token in [
            "",
            ".",
            "YQ",
            "YQ.YQ",
            "YQ.YQ.YQ.YQ",
            "YQ==.YQ.YQ",
            "YR.YQ.YQ",
            "Y+.YQ.YQ",
            " YQ.YQ.YQ",
            "A.YQ.YQ",
        ] {
            assert!(matches!(parse(token), Err(Rejection::TokenInvalid { .. })), "{token}");
        }
    }

    #[test]
    fn the_size_limit_is_exact() {
        let token = |length: usize| format!("YQ.{}.YQ", "A".repeat(length - 6));
        assert!(parse(&token(MAX_TOKEN_BYTES)).is_ok());
        assert!(matches!(
            parse(&token(MAX_TOKEN_BYTES + 4)),
            Err(Rejection::TokenInvalid { reason: "longer than the API accepts" })
        ));
    }
}
