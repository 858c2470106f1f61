//! Encrypted tokens (RFC 7516), which anyone can make with the public key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{PublicKey, traits::PublicKeyParts};
use serde_json::Value;

use crate::rsa_block;

/// The content's key and nonce. They are fixed so that the token is the same each time.
const CONTENT_KEY: [u8; 32] = [7; 32];
const NONCE: [u8; 12] = [7; 12];

/// `RSA-OAEP` with `A256GCM`, and this header.
pub(crate) fn encrypted_to(key: &PublicKey, header: &Value, plaintext: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let wrapped = rsa_block::encrypt_block(key, &rsa_block::oaep(&CONTENT_KEY, key.size()));
    let cipher = UnboundKey::new(&AES_256_GCM, &CONTENT_KEY).expect("the key has 32 bytes");
    let mut content = plaintext.to_vec();
    let tag = LessSafeKey::new(cipher)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(NONCE),
            Aad::from(header.as_bytes()),
            &mut content,
        )
        .expect("a token is short enough");
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{header}.{}.{}.{}.{}", part(&wrapped), part(&NONCE), part(&content), part(tag.as_ref()))
}

/// Raw DEFLATE (RFC 1951) of `copies` times 258 zeros: one literal, then copies of it, with fixed codes.
pub(crate) fn deflated_zeros(copies: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0b1, 1); // the last block
    bits.push(0b01, 2); // fixed codes
    bits.push(0b0000_1100, 8); // the literal 0: code 00110000, the highest bit first
    for _ in 0..copies {
        bits.push(0b1010_0011, 8); // length 258: code 11000101, the highest bit first
        bits.push(0, 5); // distance 1
    }
    bits.push(0, 7); // the end
    bits.bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn push(&mut self, code: u8, length: usize) {
        for place in 0..length {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.len() - 1;
            self.bytes[last] |= (code >> place & 1) << (self.used % 8);
            self.used += 1;
        }
    }
}
