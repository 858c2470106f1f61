//! Tokens without a server: what flask-entra-auth's users know, in Rust.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use entra_mock_idp::{SigningKey, TokenBuilder};
use serde_json::{Map, Value, json};

/// A key set with one key, for an endpoint of your own to serve.
///
/// ```
/// use entra_test_harness::MockJwks;
///
/// let jwks = MockJwks::generate();
/// assert_eq!(jwks.to_json()["keys"][0]["kid"], jwks.key().kid());
/// ```
#[derive(Debug, Clone)]
pub struct MockJwks {
    key: Arc<SigningKey>,
}

impl MockJwks {
    /// With a fresh key, which takes about 0.1 seconds.
    #[must_use]
    pub fn generate() -> Self {
        Self { key: SigningKey::generate() }
    }

    /// With a published test key, at once: the same on every machine.
    #[must_use]
    pub fn published() -> Self {
        Self { key: SigningKey::published(0) }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key)
    }

    /// The key set (RFC 7517 §5).
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({"keys": [self.key.jwk()]})
    }
}

/// The claims that a [`MockJwtClient`] starts from: those of flask-entra-auth's mocks.
///
/// ```
/// use entra_test_harness::MockClaims;
///
/// let claims = MockClaims::new("my-api").issuer("https://login.example.com/tenant/v2.0");
/// ```
#[derive(Debug, Clone)]
pub struct MockClaims(Map<String, Value>);

impl MockClaims {
    /// Claims for the API with this client id, valid for an hour from now.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        Self::at(client_id, i64::try_from(now).unwrap_or(i64::MAX - 3600))
    }

    /// As [`new`](Self::new), at a time that stands still, in seconds since 1970.
    #[must_use]
    pub fn at(client_id: impl Into<String>, now: i64) -> Self {
        let claims = json!({
            "iss": "https://issuer.auth.example.com",
            "sub": "test_subject",
            "aud": client_id.into(),
            "exp": now + 3600,
            "nbf": now,
            "azp": "test_app_2",
            "ver": "2.0",
            "scps": ["SCOPE_A", "SCOPE_B", "SCOPE_C"],
            "roles": ["ROLE_1", "ROLE_2", "ROLE_3"],
        });
        Self(claims.as_object().cloned().unwrap_or_default())
    }

    /// Issued by this issuer.
    #[must_use]
    pub fn issuer(self, issuer: impl Into<String>) -> Self {
        self.claim("iss", issuer.into())
    }

    /// With this claim too, or this value for it.
    #[must_use]
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

/// Makes tokens that an API under test accepts, or should not.
///
/// ```
/// use entra_test_harness::{MockClaims, MockJwks, MockJwtClient};
///
/// let jwks = MockJwks::published();
/// let client = MockJwtClient::new(jwks.key(), MockClaims::new("my-api"));
///
/// let good = client.generate();
/// let expired = client.token().claim("exp", 1).sign();
/// let without_scopes = client.token().without("scps").without("roles").sign();
/// ```
#[derive(Debug, Clone)]
pub struct MockJwtClient {
    key: Arc<SigningKey>,
    claims: MockClaims,
}

impl MockJwtClient {
    /// Signs with this key, from these claims.
    #[must_use]
    pub fn new(key: Arc<SigningKey>, claims: MockClaims) -> Self {
        Self { key, claims }
    }

    /// A token with all the default claims.
    #[must_use]
    pub fn generate(&self) -> String {
        self.token().sign()
    }

    /// A token to be bent first: any claim overridden or left out, any header, another key or signature.
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        TokenBuilder::from_claims(self.claims.0.clone(), Arc::clone(&self.key))
    }

    /// A token without any claim, whose header names no key.
    #[must_use]
    pub fn generate_empty(&self) -> String {
        TokenBuilder::from_claims(Map::new(), Arc::clone(&self.key)).without_header("kid").sign()
    }

    /// A token without any claim, whose header names the key.
    #[must_use]
    pub fn generate_kid(&self) -> String {
        TokenBuilder::from_claims(Map::new(), Arc::clone(&self.key)).sign()
    }
}
