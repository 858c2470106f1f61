//! What no honest signer makes: tokens under keys, signatures and spellings of the attacker's choice.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::TokenBuilder;
use serde_json::{Value, json};

use crate::{
    World, jwe,
    public_key::PublicKey,
    rsa_block::{self, RawKey},
};

/// Keys of the harness's own, in PKCS #8: too short, and with a small exponent.
const SMALL: &[u8] = include_bytes!("../keys/test-only-1024-bits.pkcs8.der");
const EXPONENT_THREE: &[u8] = include_bytes!("../keys/test-only-exponent-3.pkcs8.der");

/// A forged token and the key that a provider would have to publish for it.
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
    /// Tokens under keys, signatures and spellings of the attacker's choice.
    ///
    /// ```
    /// use entra_test_harness::World;
    ///
    /// let world = World::fixed(1_767_225_600, "https://mock-idp.example");
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
    /// block from the left (Bleichenbacher 2006, CVE-2006-4339): no private key made it.
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

    /// The honest claims under a signature by the honest key over a block of the caller's making, for algorithms that the
    /// mock does not sign with and for verifiers that read a block instead of comparing it.
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

    /// An encrypted token of a few kilobytes whose content inflates to so many times 258 bytes.
    #[must_use]
    pub fn inflating(&self, copies: usize) -> String {
        self.encrypted(&json!({"zip": "DEF"}), &jwe::deflated_zeros(copies))
    }

    /// The honest header's JSON text.
    #[must_use]
    pub fn header_json(&self) -> String {
        Value::Object(self.world.honest().0).to_string()
    }

    /// The honest header's JSON text with more members behind the honest ones.
    #[must_use]
    pub fn header_json_with(&self, members: &str) -> String {
        with_members(&self.header_json(), members)
    }

    /// The honest payload's JSON text.
    #[must_use]
    pub fn payload_json(&self) -> String {
        Value::Object(self.world.honest().1).to_string()
    }

    /// The honest payload's JSON text with more members behind the honest ones.
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

    /// The honest token whose signature is spelt in the standard alphabet of base64.
    #[must_use]
    pub fn signature_in_standard_alphabet(&self) -> String {
        self.with_signature(|signature| {
            let standard = signature.replace('-', "+").replace('_', "/");
            // One signature in 40,000 spells the same in both.
            if standard == signature { format!("+{}", &standard[1..]) } else { standard }
        })
    }

    /// The honest token whose last character is another one that decodes to the same bytes.
    #[must_use]
    pub fn token_with_left_over_bits(&self) -> String {
        // 256 bytes leave two bits for the last character: A, Q, g or w; its successor differs in the unused bits only.
        self.with_signature(|signature| {
            let (rest, last) = signature.split_at(signature.len() - 1);
            let twin = last.bytes().next().map_or('B', |byte| char::from(byte + 1));
            format!("{rest}{twin}")
        })
    }

    /// The honest token whose signature has a zero byte in front.
    #[must_use]
    pub fn signature_with_leading_zero(&self) -> String {
        self.with_signature(|signature| {
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
            URL_SAFE_NO_PAD.encode([&[0], bytes.as_slice()].concat())
        })
    }

    /// [`World::other_key`] as the key set would have it, with another modulus.
    pub(crate) fn other_jwk_with_modulus(&self, change: impl FnOnce(&mut Vec<u8>)) -> Value {
        let mut modulus = PublicKey::of(&self.world.other_key()).modulus().to_vec();
        change(&mut modulus);
        self.other_jwk_with_modulus_text(|_| URL_SAFE_NO_PAD.encode(modulus))
    }

    pub(crate) fn other_jwk_with_modulus_text(&self, change: impl FnOnce(String) -> String) -> Value {
        let modulus = PublicKey::of(&self.world.other_key()).modulus_base64url();
        self.world.other_jwk(json!({"n": change(modulus)}))
    }

    /// The honest key set among keys of every other kind, one of them of a kind that is yet to come.
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

    /// The honest payload and signature behind another header.
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

    /// The honest token whose header has base64 padding, signed as such.
    pub(crate) fn padded_header(&self) -> String {
        let token = self.world.token().raw_header(self.header_json() + " ").sign();
        let (header, rest) = token.split_once('.').unwrap_or(("", &token));
        let (payload, _) = rest.split_once('.').unwrap_or((rest, ""));
        let input = format!("{header}{}.{payload}", "=".repeat((4 - header.len() % 4) % 4));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.world.key.sign(input.as_bytes())))
    }

    /// The honest claims and one more, signed in the standard alphabet of base64.
    pub(crate) fn payload_in_standard_alphabet(&self) -> String {
        let token = self.world.token().claim("x", "\u{3ff}\u{3ff}\u{3ff}\u{3ff}").sign();
        let (input, _) = token.rsplit_once('.').unwrap_or((&token, ""));
        let (header, payload) = input.split_once('.').unwrap_or(("", input));
        let input = format!("{header}.{}", payload.replace('-', "+").replace('_', "/"));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.world.key.sign(input.as_bytes())))
    }

    /// The JSON serialisation of the honest token (RFC 7515 §7.2), flattened or general.
    pub(crate) fn json_serialisation(&self, general: bool) -> String {
        let token = self.world.token().sign();
        let parts: Vec<_> = token.split('.').collect();
        let (protected, payload, signature) = (parts[0], parts[1], parts[2]);
        let json = if general {
            json!({"payload": payload, "signatures": [{"protected": protected, "signature": signature}]})
        } else {
            json!({"protected": protected, "payload": payload, "signature": signature})
        };
        json.to_string()
    }

    /// The honest token for a reader of JSON, forged claims for one that splits at dots (CVE-2022-39227).
    pub(crate) fn json_polyglot(&self) -> String {
        let token = self.world.token().sign();
        let parts: Vec<_> = token.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(self.payload_json().replace("alice", "admin"));
        format!(
            "{{\"a\":\".{forged}.\",\"protected\":\"{}\",\"payload\":\"{}\",\"signature\":\"{}\"}}",
            parts[0], parts[1], parts[2]
        )
    }

    /// A symmetric signature under the name RS256, which the header keeps.
    pub(crate) fn hmac_under_rs256(&self) -> String {
        let token = self.world.token().sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        let secret = self.world.public_key().spki_pem();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// An encrypted token that asks for as many rounds of hashing as fit its number (RFC 7518 §4.8).
    pub(crate) fn endless_password_rounds(&self) -> String {
        let header = json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": i32::MAX, "p2s": "AAAA", "kid": self.world.kid()});
        format!("{}.AAAA.AAAA.AAAA.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
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
