//! What the honest identity provider publishes: its URLs, its documents, its keys.

use std::sync::Arc;

use entra_mock_idp::SigningKey;
use serde_json::{Value, json};

use super::World;
use crate::public_key::PublicKey;

impl World {
    /// The URL of the tenant's authority, from which the issuer and every document's URL are made.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("{}/{}", self.issuer_base, self.tenant_id)
    }

    /// The tenant's issuer, of the tokens that the API accepts.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/{}", self.authority(), if self.api.version_one { "" } else { "v2.0" })
    }

    /// The discovery document with this issuer, and the key set at its usual place.
    #[must_use]
    pub fn discovery_document(&self, issuer: &str) -> String {
        let cloud = "microsoftonline.com";
        json!({"issuer": issuer, "jwks_uri": self.jwks_uri(), "cloud_instance_name": cloud}).to_string()
    }

    /// Where the discovery document is.
    #[must_use]
    pub fn discovery_url(&self) -> String {
        let version = if self.api.version_one { "" } else { "v2.0/" };
        format!("{}/{version}.well-known/openid-configuration", self.authority())
    }

    /// Where the key set is published.
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        let version = if self.api.version_one { "" } else { "v2.0/" };
        format!("{}/discovery/{version}keys", self.authority())
    }

    /// The `kid` of the key that signs honest tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.key.kid()
    }

    /// The public half of the honest key, in every form that has ever been mistaken for a secret.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey::of(&self.key)
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

    /// [`other_key`](Self::other_key) as a key set has it, with some members replaced.
    #[must_use]
    pub fn other_jwk(&self, patch: Value) -> Value {
        let mut jwk = self.published(&self.other_key());
        if let (Value::Object(jwk), Value::Object(patch)) = (&mut jwk, patch) {
            for (name, value) in patch {
                jwk.insert(name, value);
            }
        }
        jwk
    }

    /// The same without one member.
    #[must_use]
    pub fn other_jwk_without(&self, member: &str) -> Value {
        let mut jwk = self.other_jwk(json!({}));
        if let Value::Object(jwk) = &mut jwk {
            jwk.remove(member);
        }
        jwk
    }

    /// The honest key set, as v2.0 documents have it.
    #[must_use]
    pub fn key_set(&self) -> Value {
        json!({"keys": [self.published(&self.key), self.published(&SigningKey::published(1))]})
    }

    /// The honest key set with one more key, in first place.
    #[must_use]
    pub fn key_set_with(&self, jwk: impl Into<Value>) -> Value {
        json!({"keys": [jwk.into(), self.published(&self.key), self.published(&SigningKey::published(1))]})
    }

    /// These keys, as v2.0 documents have them.
    pub(crate) fn key_set_of<'k>(&self, keys: impl Iterator<Item = &'k Arc<SigningKey>>) -> Value {
        json!({"keys": keys.map(|key| self.published(key)).collect::<Vec<_>>()})
    }

    /// Keys name the issuer that they may sign for.
    fn published(&self, key: &SigningKey) -> Value {
        let mut jwk = key.jwk();
        jwk["issuer"] = self.issuer().into();
        jwk["cloud_instance_name"] = "microsoftonline.com".into();
        jwk
    }
}
