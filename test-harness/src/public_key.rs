//! A public key in every form that has ever been mistaken for a secret.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use entra_mock_idp::SigningKey;
use rsa::{
    BoxedUint, PublicKey as RsaPublicKey,
    pkcs1::EncodeRsaPublicKey,
    pkcs8::{EncodePublicKey, LineEnding},
};

/// The public half of a signing key. Libraries that let the token choose the algorithm have used each of these forms as
/// the secret of an HMAC (CVE-2015-9235 and its many successors).
#[derive(Debug, Clone)]
pub struct PublicKey {
    key: RsaPublicKey,
    modulus: Vec<u8>,
    certificate: Vec<u8>,
    jwk: String,
}

impl PublicKey {
    pub(crate) fn of(key: &SigningKey) -> Self {
        let jwk = key.jwk();
        let part = |name: &str| {
            let text = jwk[name].as_str().unwrap_or_default();
            URL_SAFE_NO_PAD.decode(text).expect("our own keys are in base64url")
        };
        let modulus = part("n");
        let integer = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
        Self {
            key: RsaPublicKey::new(integer(&modulus), integer(&part("e")))
                .expect("our own keys are RSA keys"),
            modulus,
            certificate: key.certificate_der().to_vec(),
            jwk: jwk.to_string(),
        }
    }

    /// `BEGIN PUBLIC KEY`.
    ///
    /// # Panics
    ///
    /// Never: every RSA key has this form.
    #[must_use]
    pub fn spki_pem(&self) -> String {
        self.key.to_public_key_pem(LineEnding::LF).expect("an RSA key has a PEM form")
    }

    /// `BEGIN RSA PUBLIC KEY`.
    ///
    /// # Panics
    ///
    /// Never: every RSA key has this form.
    #[must_use]
    pub fn pkcs1_pem(&self) -> String {
        self.key.to_pkcs1_pem(LineEnding::LF).expect("an RSA key has a PEM form")
    }

    /// The bytes inside `BEGIN PUBLIC KEY`.
    ///
    /// # Panics
    ///
    /// Never: every RSA key has this form.
    #[must_use]
    pub fn spki_der(&self) -> Vec<u8> {
        self.key.to_public_key_der().expect("an RSA key has a DER form").into_vec()
    }

    /// The modulus, big-endian.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The modulus as the key set has it.
    #[must_use]
    pub fn modulus_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.modulus)
    }

    /// The certificate in DER, the content of `x5c`.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate as the key set has it.
    #[must_use]
    pub fn certificate_base64(&self) -> String {
        STANDARD.encode(&self.certificate)
    }

    /// The key's JSON.
    #[must_use]
    pub fn jwk(&self) -> &str {
        &self.jwk
    }

    /// One line of an `authorized_keys` file.
    #[must_use]
    pub fn openssh(&self) -> String {
        let field = |bytes: &[u8]| {
            // A number whose highest bit is set would be negative.
            let zero: &[u8] = if bytes.first().is_some_and(|byte| *byte > 0x7f) { &[0] } else { &[] };
            let length = u32::try_from(zero.len() + bytes.len()).unwrap_or_default();
            [&length.to_be_bytes(), zero, bytes].concat()
        };
        let blob = [field(b"ssh-rsa"), field(&[1, 0, 1]), field(&self.modulus)].concat();
        format!("ssh-rsa {}", STANDARD.encode(blob))
    }

    pub(crate) fn key(&self) -> &RsaPublicKey {
        &self.key
    }
}
