//! What every case of the catalogue is made from.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::{Directory, MockIdp, SigningKey, TokenBuilder};
use serde_json::{Map, Value, json};

use crate::public_key::PublicKey;

/// An API, its tenant and an honest identity provider at one moment: the one input of every case.
///
/// At a fixed time and with the published keys, every token it makes is the same on every machine.
///
/// ```
/// use entra_test_harness::Scene;
///
/// let scene = Scene::fixed(1_767_225_600, "https://mock-idp.example");
/// assert_eq!(scene.token().sign(), scene.token().sign());
/// ```
#[derive(Debug, Clone)]
pub struct Scene {
    directory: Arc<Directory>,
    key: Arc<SigningKey>,
    issuer_base: String,
    tenant_id: String,
    audience: String,
    client_id: String,
    now: i64,
}

/// A forged token and the key that a provider would have to publish for it.
#[derive(Debug, Clone)]
pub struct Forgery {
    /// The token.
    pub token: String,
    /// The published key.
    pub jwk: Value,
}

impl Scene {
    /// The built-in directory, the first published key, and a time that stands still (in seconds since 1970).
    /// `issuer_base` is the identity provider's address, without a path.
    #[must_use]
    pub fn fixed(now: i64, issuer_base: &str) -> Self {
        Self::new(Arc::new(Directory::builtin()), SigningKey::published(0), issuer_base, now)
    }

    /// A running mock identity provider: its directory, current key, address and clock.
    #[must_use]
    pub fn of(idp: &MockIdp) -> Self {
        Self::new(idp.directory(), idp.signing_key(), &idp.base_url(), idp.now())
    }

    fn new(directory: Arc<Directory>, key: Arc<SigningKey>, issuer_base: &str, now: i64) -> Self {
        let id = |name: &str| directory.app(name).map(|app| app.client_id.clone()).unwrap_or_default();
        Self {
            tenant_id: directory.home_tenant().tenant_id.clone(),
            audience: id("orders-api"),
            client_id: id("orders-spa"),
            directory,
            key,
            issuer_base: issuer_base.to_owned(),
            now,
        }
    }

    /// An honest delegated token: alice, by way of `orders-spa`, for `orders-api`.
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        self.app_token().user("alice")
    }

    /// An honest app-only token: `orders-daemon` for itself, for `orders-api`.
    #[must_use]
    pub fn app_token(&self) -> TokenBuilder {
        TokenBuilder::new(Arc::clone(&self.directory), Arc::clone(&self.key), &self.issuer_base, self.now)
    }

    /// The time, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// So many seconds from now, with the fraction.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 fit a float until far beyond the year 9999"
    )]
    pub fn at(&self, seconds: f64) -> f64 {
        self.now as f64 + seconds
    }

    /// The tenant's GUID.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// The API's client id, the `aud` of its v2.0 tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The client application's id, the `azp` of [`token`](Self::token).
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The tenant's issuer of v2.0 tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.issuer_base, self.tenant_id)
    }

    /// The discovery document with this issuer, and the key set at its usual place.
    #[must_use]
    pub fn discovery_document(&self, issuer: &str) -> String {
        let jwks_uri = format!("{}/{}/discovery/v2.0/keys", self.issuer_base, self.tenant_id);
        json!({"issuer": issuer, "jwks_uri": jwks_uri}).to_string()
    }

    /// The `kid` of the key that signs honest tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.key.kid()
    }

    /// A key that no one publishes.
    #[must_use]
    pub fn attacker_key(&self) -> Arc<SigningKey> {
        SigningKey::published(3)
    }

    /// A key that is not in the honest key set, for cases that publish it with a flaw.
    #[must_use]
    pub fn other_key(&self) -> Arc<SigningKey> {
        SigningKey::published(2)
    }

    /// [`other_key`](Self::other_key) as the key set would have it, with some members replaced (`null` takes one away).
    #[must_use]
    pub fn other_jwk(&self, patch: Value) -> Value {
        let mut jwk = self.published(&self.other_key());
        if let (Value::Object(jwk), Value::Object(patch)) = (&mut jwk, patch) {
            for (name, value) in patch {
                if value.is_null() && name == "issuer" {
                    jwk.remove(&name);
                } else {
                    jwk.insert(name, value);
                }
            }
        }
        jwk
    }

    /// The honest key set, as v2.0 documents have it.
    #[must_use]
    pub fn key_set(&self) -> Value {
        json!({"keys": [self.published(&self.key), self.published(&SigningKey::published(1))]})
    }

    /// The honest key set and one more key, which stands first.
    #[must_use]
    pub fn key_set_with(&self, jwk: impl Into<Value>) -> Value {
        json!({"keys": [jwk.into(), self.published(&self.key), self.published(&SigningKey::published(1))]})
    }

    /// Keys name the issuer that they may sign for.
    fn published(&self, key: &SigningKey) -> Value {
        let mut jwk = key.jwk();
        jwk["issuer"] = self.issuer().into();
        jwk["cloud_instance_name"] = "microsoftonline.com".into();
        jwk
    }

    /// The public half of the honest key, in every form that has ever been mistaken for a secret.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey::of(&self.key)
    }

    /// The honest claims under a symmetric signature (HS256) with this secret.
    #[must_use]
    pub fn hs256(&self, secret: impl AsRef<[u8]>) -> String {
        let token = self.token().header("alg", "HS256").sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref()), input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// A token that anyone can write once a key with the exponent 1 is published: its signature is the padded hash.
    #[must_use]
    pub fn exponent_one(&self) -> Forgery {
        let token = self.token().header("kid", "exponent-one").sign();
        let input = &token[..token.rfind('.').unwrap_or(token.len())];
        let block = PublicKey::of(&self.other_key()).padded_hash(input.as_bytes());
        let jwk = self.other_jwk(json!({"kid": "exponent-one", "e": "AQ"}));
        Forgery { token: format!("{input}.{}", URL_SAFE_NO_PAD.encode(block)), jwk }
    }

    /// The honest header's JSON text.
    #[must_use]
    pub fn header_json(&self) -> String {
        Value::Object(self.honest().0).to_string()
    }

    /// The honest header's JSON text with more members behind the honest ones.
    #[must_use]
    pub fn header_json_with(&self, members: &str) -> String {
        with_members(&self.header_json(), members)
    }

    /// The honest payload's JSON text.
    #[must_use]
    pub fn payload_json(&self) -> String {
        Value::Object(self.honest().1).to_string()
    }

    /// The honest payload's JSON text with more members behind the honest ones.
    #[must_use]
    pub fn payload_json_with(&self, members: &str) -> String {
        with_members(&self.payload_json(), members)
    }

    /// The honest payload's JSON text with the value of one claim replaced by this text, JSON or not.
    #[must_use]
    pub fn payload_json_replacing(&self, claim: &str, text: &str) -> String {
        let mut claims = self.honest().1;
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

    /// Header and payload of `other` under the honest token's signature.
    #[must_use]
    pub fn spliced(&self, other: &TokenBuilder) -> String {
        let (honest, other) = (self.token().sign(), other.sign());
        let (input, _) = other.rsplit_once('.').unwrap_or((&other, ""));
        let (_, signature) = honest.rsplit_once('.').unwrap_or(("", &honest));
        format!("{input}.{signature}")
    }

    fn with_signature(&self, change: impl FnOnce(&str) -> String) -> String {
        let token = self.token().sign();
        let (input, signature) = token.rsplit_once('.').unwrap_or((&token, ""));
        format!("{input}.{}", change(signature))
    }

    fn honest(&self) -> (Map<String, Value>, Map<String, Value>) {
        let token = self.token().try_sign().expect("the built-in directory has alice and orders-spa");
        (token.header, token.claims)
    }
}

fn with_members(object: &str, members: &str) -> String {
    let open = object.strip_suffix('}').unwrap_or(object);
    format!("{open},{members}}}")
}
