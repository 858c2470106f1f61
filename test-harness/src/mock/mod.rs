//! Tokens without a server: what flask-entra-auth's users know, in Rust.

mod claims;
mod jwks;

use std::{sync::Arc, time::SystemTime};

pub use claims::MockClaims;
use entra_mock_idp::{SigningKey, TokenBuilder};
pub use jwks::MockJwks;
use serde_json::Map;

/// Makes tokens that an API under test accepts, or should not.
///
/// ```
/// use entra_mock_idp::Signature;
/// use entra_test_harness::{MockClaims, MockJwks, MockJwtClient};
///
/// let jwks = MockJwks::published();
/// let client = MockJwtClient::new(jwks.key(), MockClaims::new("my-api"));
///
/// let good = client.generate();
/// let expired = client.token().claim("exp", 1).sign();
/// let without_scopes = client.token().without("scps").without("roles").sign();
/// let unsigned = client.token().signature(Signature::None).sign();
/// let of_a_stranger = client.token().signature(Signature::UnknownKey).sign();
/// let not_json = client.token().raw_payload("hello").sign();
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

    /// The same claims, signed with another key: one that is published too, or one that is not.
    ///
    /// ```
    /// # use entra_test_harness::{MockClaims, MockJwks, MockJwtClient};
    /// let jwks = MockJwks::published().with_next();
    /// let client = MockJwtClient::new(jwks.key(), MockClaims::new("my-api"));
    /// let by_the_second_key = client.with_key(jwks.keys()[1].clone()).generate();
    /// ```
    #[must_use]
    pub fn with_key(&self, key: Arc<SigningKey>) -> Self {
        Self { key, claims: self.claims.clone() }
    }

    /// A token with all the default claims.
    #[must_use]
    pub fn generate(&self) -> String {
        self.token().sign()
    }

    /// A token to be bent first: any claim, header or byte overridden, left out or added, another key or signature. It is
    /// dated when this is called, unless the claims are of a [fixed time](MockClaims::at).
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        TokenBuilder::from_claims(self.claims.dated(SystemTime::now()), Arc::clone(&self.key))
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
