//! Tokens without a server, in the style of flask-entra-auth.

mod claims;
mod jwks;

use std::{sync::Arc, time::SystemTime};

pub use claims::MockClaims;
use entra_mock_idp::{SigningKey, TokenBuilder};
pub use jwks::MockJwks;
use serde_json::Map;

/// Makes tokens that an API under test must accept, or must refuse.
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
/// let by_a_stranger = client.token().signature(Signature::UnknownKey).sign();
/// let not_json = client.token().raw_payload("hello").sign();
/// ```
#[derive(Debug, Clone)]
pub struct MockJwtClient {
    key: Arc<SigningKey>,
    claims: MockClaims,
}

impl MockJwtClient {
    /// A client that signs these claims with this key.
    #[must_use]
    pub fn new(key: Arc<SigningKey>, claims: MockClaims) -> Self {
        Self { key, claims }
    }

    /// The same claims, signed with another key, published or not.
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

    /// A builder for other tokens: override, omit or add any claim or header, change any byte, key or signature. The token is
    /// dated when this is called, unless the claims have a [fixed time](MockClaims::at).
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        TokenBuilder::from_claims(self.claims.dated(SystemTime::now()), Arc::clone(&self.key))
    }

    /// A token without claims and without `kid`.
    #[must_use]
    pub fn generate_empty(&self) -> String {
        TokenBuilder::from_claims(Map::new(), Arc::clone(&self.key)).without_header("kid").sign()
    }

    /// A token without claims, whose header has a `kid`.
    #[must_use]
    pub fn generate_kid(&self) -> String {
        TokenBuilder::from_claims(Map::new(), Arc::clone(&self.key)).sign()
    }
}
