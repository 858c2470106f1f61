//! What no honest signer makes: tokens with keys, signatures and spellings that an attacker chooses.

mod spelling;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    World, jwe,
    public_key::PublicKey,
    rsa_block::{self, RawKey},
};

/// The harness's own keys, in PKCS #8: one that is too short, and one with a small exponent.
const SMALL: &[u8] = include_bytes!("../keys/test-only-1024-bits.pkcs8.der");
const EXPONENT_THREE: &[u8] = include_bytes!("../keys/test-only-exponent-3.pkcs8.der");

/// A forged token, and the key that an identity provider would have to publish for it.
#[derive(Debug, Clone)]
pub struct Forgery {
    /// The token.
    pub token: String,
    /// The published key.
    pub jwk: Value,
}

/// Makes what no honest signer makes, from the honest tokens and keys of a [`World`]: [`World::forge`].
#[derive(Debug)]
pub struct Forge<'w> {
    world: &'w World,
}

impl World {
    /// Makes tokens with keys, signatures and spellings that an attacker chooses.
    ///
    /// ```
    /// use entra_test_harness::World;
    ///
    /// let world = World::now("https://mock-idp.example");
    /// // The oldest trick: the public key as the secret of a symmetric signature (CVE-2015-9235).
    /// let token = world.forge().hs256(world.public_key().spki_pem());
    /// assert_eq!(token.matches('.').count(), 2);
    /// ```
    #[must_use]
    pub fn forge(&self) -> Forge<'_> {
        Forge { world: self }
    }
}

impl Forge<'_> {
    /// The honest claims under a symmetric signature (HS256) with this secret.
    #[must_use]
    pub fn hs256(&self, secret: impl AsRef<[u8]>) -> String {
        self.hs256_named(self.world.kid(), secret)
    }

    /// The same under another `kid`.
    #[must_use]
    pub fn hs256_named(&self, kid: &str, secret: impl AsRef<[u8]>) -> String {
        let token = self.world.token().header("alg", "HS256").header("kid", kid).sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref()), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// A token that anyone can write once a key with the exponent 1 is published: its signature is the padded hash.
    #[must_use]
    pub fn exponent_one(&self) -> Forgery {
        let jwk = self.world.other_jwk(json!({"kid": "exponent-one", "e": "AQ"}));
        let size = PublicKey::of(&self.world.other_key()).modulus().len();
        let token = self.sealed("RS256", "exponent-one", |input| rsa_block::rs256(input, size));
        Forgery { token, jwk }
    }

    /// A token that anyone can write once a key with the exponent 3 is published, for verifiers that read a signature's
    /// block from the left (Bleichenbacher 2006, CVE-2006-4339). No private key is needed.
    #[must_use]
    pub fn cube_root(&self) -> Forgery {
        let key = RawKey::from_pkcs8(EXPONENT_THREE);
        let token = self.sealed("RS256", "exponent-three", |input| rsa_block::cube_root(input, key.size()));
        Forgery { token, jwk: self.jwk_of("exponent-three", &key) }
    }

    /// An honest signature by a key with the exponent 3.
    #[must_use]
    pub fn exponent_three(&self) -> Forgery {
        self.signed_by_raw("exponent-three", &RawKey::from_pkcs8(EXPONENT_THREE))
    }

    /// An honest signature by a key of 1024 bits.
    #[must_use]
    pub fn small_key(&self) -> Forgery {
        self.signed_by_raw("small-key", &RawKey::from_pkcs8(SMALL))
    }

    fn signed_by_raw(&self, kid: &str, key: &RawKey) -> Forgery {
        let token = self.sealed("RS256", kid, |input| key.sign_block(&rsa_block::rs256(input, key.size())));
        Forgery { token, jwk: self.jwk_of(kid, key) }
    }

    fn jwk_of(&self, kid: &str, key: &RawKey) -> Value {
        let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        self.world
            .other_jwk(json!({"kid": kid, "n": part(key.modulus()), "e": part(key.exponent()), "x5c": []}))
    }

    /// The honest claims, with the honest key's signature over a block that the caller builds: for algorithms that the mock
    /// does not sign with, and for verifiers that parse a block instead of comparing it.
    pub(crate) fn with_block(&self, alg: &str, block: fn(&[u8], usize) -> Vec<u8>) -> String {
        let key = RawKey::from_pkcs8(&self.world.key.pkcs8_der());
        self.sealed(alg, self.world.kid(), |input| key.sign_block(&block(input, key.size())))
    }

    fn sealed(&self, alg: &str, kid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let token = self.world.token().header("alg", alg).header("kid", kid).sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(sign(input.as_bytes())))
    }

    /// An encrypted token (RFC 7516) that anyone can make with the published key: the honest header of such a token with
    /// more members, and any content.
    #[must_use]
    pub fn encrypted(&self, members: &Value, content: &[u8]) -> String {
        let mut header = json!({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": self.world.kid(), "cty": "JWT"});
        if let (Value::Object(header), Value::Object(members)) = (&mut header, members) {
            header.extend(members.clone());
        }
        jwe::encrypted_to(self.world.public_key().key(), &header, content)
    }

    /// An encrypted token of a few kilobytes whose content inflates to `copies` times 258 bytes.
    #[must_use]
    pub fn inflating(&self, copies: usize) -> String {
        self.encrypted(&json!({"zip": "DEF"}), &jwe::deflated_zeros(copies))
    }

    /// [`World::other_key`] as a key set has it, with another modulus.
    pub(crate) fn other_jwk_with_modulus(&self, change: impl FnOnce(&mut Vec<u8>)) -> Value {
        let mut modulus = PublicKey::of(&self.world.other_key()).modulus().to_vec();
        change(&mut modulus);
        self.other_jwk_with_modulus_text(|_| URL_SAFE_NO_PAD.encode(modulus))
    }

    pub(crate) fn other_jwk_with_modulus_text(&self, change: impl FnOnce(String) -> String) -> Value {
        let modulus = PublicKey::of(&self.world.other_key()).modulus_base64url();
        self.world.other_jwk(json!({"n": change(modulus)}))
    }

    /// The honest key set with keys of every other kind, one of them an unknown kind.
    pub(crate) fn key_set_of_many_kinds(&self) -> Value {
        let mut set = self.world.key_set_with(json!({"kty": "FUTURE", "kid": "future"}));
        // The examples of RFC 7517 §A.1, RFC 8037 §A.2 and RFC 7517 §A.3.
        let others = json!([
            {"kty": "EC", "crv": "P-256", "kid": "elliptic", "use": "sig",
             "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
             "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "edwards", "use": "sig",
             "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
            {"kty": "oct", "kid": "symmetric", "alg": "A128KW", "k": "GawgguFyGrWKav7AX4VKUg"},
        ]);
        if let (Some(keys), Value::Array(others)) = (set["keys"].as_array_mut(), others) {
            keys.extend(others);
        }
        set
    }

    /// A symmetric signature under the name RS256.
    pub(crate) fn hmac_under_rs256(&self) -> String {
        let token = self.world.token().sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        let secret = self.world.public_key().spki_pem();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// An encrypted token that demands the largest number of PBKDF2 iterations (RFC 7518 §4.8).
    pub(crate) fn endless_password_rounds(&self) -> String {
        let header = json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": i32::MAX, "p2s": "AAAA", "kid": self.world.kid()});
        format!("{}.AAAA.AAAA.AAAA.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
    }
}
