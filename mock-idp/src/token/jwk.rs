//! Public keys of other issuers ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

use super::jws::decode_base64;

/// A key set as another issuer publishes it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct JwkSet {
    keys: Vec<Jwk>,
}

/// One of its keys: RSA or elliptic.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Jwk {
    kid: Option<String>,
    kty: String,
    crv: Option<String>,
    n: String,
    e: String,
    x: String,
    y: String,
}

impl JwkSet {
    pub(crate) fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.kid.as_deref() == Some(kid))
    }
}

impl Jwk {
    /// Whether the key made this signature: with RS256 if it is RSA, with ES256 if it is on P-256.
    pub(crate) fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        let verifies = match (algorithm, self.kty.as_str(), self.crv.as_deref()) {
            ("RS256", "RSA", _) => self.verifies_rsa(message, signature),
            ("ES256", "EC", Some("P-256")) => self.verifies_p256(message, signature),
            _ => None,
        };
        verifies.unwrap_or(false)
    }

    fn verifies_rsa(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let key = RsaPublicKeyComponents { n: decode_base64(&self.n)?, e: decode_base64(&self.e)? };
        Some(key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok())
    }

    /// The point is written uncompressed ([SEC 1](https://www.secg.org/sec1-v2.pdf) §2.3.3).
    fn verifies_p256(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let point = [&[4][..], &decode_base64(&self.x)?, &decode_base64(&self.y)?].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        Some(key.verify(message, signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3: a token that is signed with ES256, and its key.
    #[test]
    fn the_elliptic_example_of_rfc_7515_is_verified_and_nothing_else() {
        let key: Jwk = serde_json::from_str(
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        )
        .unwrap();
        let input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                     cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = decode_base64(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        )
        .unwrap();
        assert!(key.verifies("ES256", input.as_bytes(), &signature));
        assert!(!key.verifies("RS256", input.as_bytes(), &signature), "another algorithm");
        assert!(!key.verifies("ES256", b"another text", &signature));
        let other_curve = Jwk { crv: Some("P-384".to_owned()), ..key };
        assert!(!other_curve.verifies("ES256", input.as_bytes(), &signature));
        assert!(!Jwk::default().verifies("RS256", input.as_bytes(), &signature));
    }
}
