//! Signing keys: the published test keys, and fresh ones.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Private key (PKCS #8) and certificate (X.509) of each published test key, in DER.
const PUBLISHED: [(&[u8], &[u8]); 4] = [
    (include_bytes!("../../keys/test-only-1.pkcs8.der"), include_bytes!("../../keys/test-only-1.cert.der")),
    (include_bytes!("../../keys/test-only-2.pkcs8.der"), include_bytes!("../../keys/test-only-2.cert.der")),
    (include_bytes!("../../keys/test-only-3.pkcs8.der"), include_bytes!("../../keys/test-only-3.cert.der")),
    (include_bytes!("../../keys/test-only-4.pkcs8.der"), include_bytes!("../../keys/test-only-4.cert.der")),
];

/// An RSA key of 2048 bits that signs with RS256, and its self-signed certificate. TEST ONLY.
pub struct SigningKey {
    pair: KeyPair,
    kid: String,
    certificate: Vec<u8>,
}

impl SigningKey {
    /// How many keys are published with this crate.
    pub const PUBLISHED: usize = PUBLISHED.len();

    /// A published test key; an index beyond the last one starts over. Parsed once per process.
    ///
    /// Everyone has these private keys: their signatures prove nothing.
    ///
    /// # Panics
    ///
    /// Never: the keys are compiled in, and the crate's tests parse them.
    #[must_use]
    pub fn published(index: usize) -> Arc<Self> {
        static KEYS: [OnceLock<Arc<SigningKey>>; PUBLISHED.len()] =
            [const { OnceLock::new() }; PUBLISHED.len()];
        let index = index % PUBLISHED.len();
        let (private, certificate) = PUBLISHED[index];
        let parse = || Self::from_der(private, certificate.to_vec()).expect("the published keys are valid");
        Arc::clone(KEYS[index].get_or_init(|| Arc::new(parse())))
    }

    /// Generates a key, which takes about 0.1 seconds.
    ///
    /// # Panics
    ///
    /// If the machine has no randomness.
    #[must_use]
    pub fn generate() -> Arc<Self> {
        use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be generated");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("a generated key can be encoded");
        let certified = rcgen::KeyPair::try_from(der.as_ref()).expect("a generated key can be read");
        let mut parameters = rcgen::CertificateParams::default();
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, "mock-idp fresh key (TEST ONLY, never trust)");
        let certificate =
            parameters.self_signed(&certified).expect("a generated key can sign its certificate");
        Arc::new(Self::new(pair, certificate.der().to_vec()))
    }

    fn from_der(private: &[u8], certificate: Vec<u8>) -> Option<Self> {
        Some(Self::new(KeyPair::from_pkcs8(private).ok()?, certificate))
    }

    fn new(pair: KeyPair, certificate: Vec<u8>) -> Self {
        // Entra names its keys by the SHA-1 thumbprint of their certificates.
        let thumbprint = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate);
        Self { pair, kid: URL_SAFE_NO_PAD.encode(thumbprint), certificate }
    }

    /// The key's name: the base64url SHA-1 thumbprint of its certificate, as with Entra's keys.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The certificate in DER.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// The private key in PKCS #8, DER, for tokens that are signed by other means.
    ///
    /// # Panics
    ///
    /// Never: every key pair has this form.
    #[must_use]
    pub fn pkcs8_der(&self) -> Vec<u8> {
        use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
        let der: Pkcs8V1Der<'_> = self.pair.as_der().expect("a key pair can be encoded");
        der.as_ref().to_vec()
    }

    /// The public key as v1.0 key sets have it; those of v2.0 add `issuer` and `cloud_instance_name`. Like Entra's it
    /// has no `alg`.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "x5c": [STANDARD.encode(&self.certificate)],
        })
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        public.verify(message, signature).is_ok()
    }

    /// Signs with RS256. The same message gives the same signature.
    ///
    /// # Panics
    ///
    /// If the machine has no randomness, which blinds the operation.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("a key of 2048 bits signs every message");
        signature
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_certificate() {
        let key = SigningKey::published(0);
        let jwk = key.jwk();
        assert_eq!((jwk["kid"].as_str(), jwk["x5t"].as_str()), (Some(key.kid()), Some(key.kid())));
        assert_eq!(key.kid().len(), 27);
        assert!(jwk.get("alg").is_none());
    }
}
