//! RSA by hand: message blocks and the raw operation on them, for tokens that no library makes.

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};
use rsa::{BoxedUint, PublicKey, hazmat, pkcs8::DecodePrivateKey, traits::PublicKeyParts};

/// `DigestInfo` in front of each hash (RFC 8017 §9.2, note 1).
const SHA_256_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const SHA_384_INFO: &[u8] = b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30";
const SHA_512_INFO: &[u8] = b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40";

/// A private key whose operation can be applied to any block.
#[derive(Debug, Clone)]
pub(crate) struct RawKey(rsa::PrivateKey);

impl RawKey {
    /// From PKCS #8 in DER.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Self {
        Self(rsa::PrivateKey::from_pkcs8_der(der).expect("the test keys are valid"))
    }

    /// The length of modulus and signature in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.size()
    }

    pub(crate) fn modulus(&self) -> Vec<u8> {
        trimmed(self.0.n().to_be_bytes().as_ref())
    }

    pub(crate) fn exponent(&self) -> Vec<u8> {
        trimmed(self.0.e().to_be_bytes().as_ref())
    }

    /// The signature whose verification yields this block.
    pub(crate) fn sign_block(&self, block: &[u8]) -> Vec<u8> {
        let bits = self.0.n().bits_precision();
        let block = BoxedUint::from_be_slice(block, bits).expect("a block is as long as the modulus");
        let no_blinding = None::<&mut rand::rngs::ThreadRng>;
        let signature =
            hazmat::rsa_decrypt(no_blinding, &self.0, &block).expect("a block begins with a zero byte");
        sized(&signature, self.size())
    }
}

/// What a public key makes of a block, without padding.
pub(crate) fn encrypt_block(key: &PublicKey, block: &[u8]) -> Vec<u8> {
    let block = BoxedUint::from_be_slice(block, key.n().bits_precision()).expect("a block fits the modulus");
    sized(&hazmat::rsa_encrypt(key, &block).expect("a block begins with a zero byte"), key.size())
}

/// The block of an RS256 signature (EMSA-PKCS1-v1_5, RFC 8017 §9.2).
pub(crate) fn rs256(message: &[u8], size: usize) -> Vec<u8> {
    padded(&digest_info(SHA_256_INFO, &SHA256, message), size)
}

/// The block of an RS384 signature.
pub(crate) fn rs384(message: &[u8], size: usize) -> Vec<u8> {
    padded(&digest_info(SHA_384_INFO, &SHA384, message), size)
}

/// The block of an RS512 signature.
pub(crate) fn rs512(message: &[u8], size: usize) -> Vec<u8> {
    padded(&digest_info(SHA_512_INFO, &SHA512, message), size)
}

/// A SHA-256 digest under another name: the `DigestInfo` of SHA-384 before 32 bytes.
pub(crate) fn wrong_hash_name(message: &[u8], size: usize) -> Vec<u8> {
    padded(&digest_info(SHA_384_INFO, &SHA256, message), size)
}

/// A `DigestInfo` without the NULL parameters.
pub(crate) fn without_null(message: &[u8], size: usize) -> Vec<u8> {
    let info = b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";
    padded(&digest_info(info, &SHA256, message), size)
}

/// A `DigestInfo` whose outer length is in the long form of BER.
pub(crate) fn long_length(message: &[u8], size: usize) -> Vec<u8> {
    let info = [b"\x30\x81", &SHA_256_INFO[1..]].concat();
    padded(&digest_info(&info, &SHA256, message), size)
}

/// Eight bytes of padding, the hash, and filler (Bleichenbacher 2006, CVE-2006-4339).
pub(crate) fn short_padding(message: &[u8], size: usize) -> Vec<u8> {
    let mut block = short_prefix(message);
    block.resize(size, 0xaa);
    block
}

/// The block of a PS256 signature (EMSA-PSS, RFC 8017 §9.1.1) with a salt of zeros.
pub(crate) fn ps256(message: &[u8], size: usize) -> Vec<u8> {
    const HASH: usize = 32;
    let inner = [&[0; 8], digest::digest(&SHA256, message).as_ref(), &[0; HASH]].concat();
    let hash = digest::digest(&SHA256, &inner);
    let mut masked = vec![0; size - HASH - 1];
    masked[size - HASH - 1 - HASH - 1] = 1;
    mask(&mut masked, hash.as_ref(), &SHA256);
    masked[0] &= 0x7f;
    [masked.as_slice(), hash.as_ref(), &[0xbc]].concat()
}

/// The block of an RSA-OAEP encryption (EME-OAEP with SHA-1, RFC 8017 §7.1.1) with a seed of zeros.
pub(crate) fn oaep(message: &[u8], size: usize) -> Vec<u8> {
    const HASH: usize = 20;
    let label = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, b"");
    let zeros = vec![0; size - message.len() - 2 * HASH - 2];
    let mut data = [label.as_ref(), &zeros, &[1], message].concat();
    let mut seed = vec![0; HASH];
    mask(&mut data, &seed, &SHA1_FOR_LEGACY_USE_ONLY);
    mask(&mut seed, &data, &SHA1_FOR_LEGACY_USE_ONLY);
    [&[0], seed.as_slice(), &data].concat()
}

/// A signature without a private key: its cube begins with eight bytes of padding and the hash, which is enough for a
/// verifier that parses a block from the left, with a key whose exponent is 3.
pub(crate) fn cube_root(message: &[u8], size: usize) -> Vec<u8> {
    let bits = u32::try_from(size * 8).expect("a key has a few thousand bits");
    let mut low = short_prefix(message);
    low.resize(size, 0);
    let wanted = BoxedUint::from_be_slice(&low, bits).expect("the block has this length");
    // The cube of a number of a third of the bits fits.
    let mut root = BoxedUint::zero_with_precision(bits);
    for bit in (0..bits / 3).rev() {
        let candidate = root.wrapping_add(BoxedUint::one_with_precision(bits) << bit);
        let cube = candidate.wrapping_mul(&candidate).wrapping_mul(&candidate);
        if cube <= wanted {
            root = candidate;
        }
    }
    sized(&root.wrapping_add(BoxedUint::one_with_precision(bits)), size)
}

fn short_prefix(message: &[u8]) -> Vec<u8> {
    [&[0, 1], [0xff; 8].as_slice(), &[0], &digest_info(SHA_256_INFO, &SHA256, message)].concat()
}

fn digest_info(info: &[u8], algorithm: &'static digest::Algorithm, message: &[u8]) -> Vec<u8> {
    [info, digest::digest(algorithm, message).as_ref()].concat()
}

fn padded(digest_info: &[u8], size: usize) -> Vec<u8> {
    let padding = vec![0xff; size - digest_info.len() - 3];
    [&[0, 1], padding.as_slice(), &[0], digest_info].concat()
}

/// MGF1 (RFC 8017 §B.2.1), applied.
fn mask(data: &mut [u8], seed: &[u8], algorithm: &'static digest::Algorithm) {
    for (counter, chunk) in (0_u32..).zip(data.chunks_mut(algorithm.output_len())) {
        let block = digest::digest(algorithm, &[seed, &counter.to_be_bytes()].concat());
        chunk.iter_mut().zip(block.as_ref()).for_each(|(byte, mask)| *byte ^= mask);
    }
}

fn trimmed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}

/// Big-endian, as long as the modulus.
fn sized(number: &BoxedUint, size: usize) -> Vec<u8> {
    let bytes = trimmed(number.to_be_bytes().as_ref());
    [vec![0; size - bytes.len()], bytes].concat()
}

#[cfg(test)]
mod tests {
    use entra_mock_idp::SigningKey;

    use super::*;

    #[test]
    fn the_blocks_by_hand_make_the_signatures_that_the_library_makes() {
        let key = SigningKey::published(0);
        let by_hand = RawKey::from_pkcs8(&key.pkcs8_der());
        assert_eq!(by_hand.sign_block(&rs256(b"message", by_hand.size())), key.sign(b"message"));
    }

    #[test]
    fn other_blocks_by_hand_verify_too() {
        use aws_lc_rs::signature::{
            RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
            RsaPublicKeyComponents,
        };
        let key = RawKey::from_pkcs8(&SigningKey::published(0).pkcs8_der());
        let (n, e) = (key.modulus(), key.exponent());
        let public = RsaPublicKeyComponents { n: &n, e: &e };
        let signed = |block: fn(&[u8], usize) -> Vec<u8>| key.sign_block(&block(b"message", key.size()));
        public.verify(&RSA_PKCS1_2048_8192_SHA384, b"message", &signed(rs384)).unwrap();
        public.verify(&RSA_PKCS1_2048_8192_SHA512, b"message", &signed(rs512)).unwrap();
        public.verify(&RSA_PSS_2048_8192_SHA256, b"message", &signed(ps256)).unwrap();
    }

    #[test]
    fn a_forged_cube_begins_like_an_honest_block() {
        let root = BoxedUint::from_be_slice(&cube_root(b"message", 256), 2048).unwrap();
        let cube = sized(&root.wrapping_mul(&root).wrapping_mul(&root), 256);
        assert!(cube.starts_with(&short_prefix(b"message")));
    }
}
