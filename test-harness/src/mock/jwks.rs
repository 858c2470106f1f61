//! Key sets without a server.

use std::{fmt, sync::Arc};

use entra_mock_idp::SigningKey;
use serde_json::{Value, json};

/// A key set, for your own endpoint to serve.
///
/// ```
/// use entra_test_harness::MockJwks;
///
/// let jwks = MockJwks::published().with_next();
/// assert_eq!(jwks.to_json()["keys"][0]["kid"], jwks.key().kid());
/// assert_eq!(jwks.keys().len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct MockJwks {
    keys: Vec<Arc<SigningKey>>,
}

impl MockJwks {
    /// A set with a new key, which takes about 0.1 seconds.
    #[must_use]
    pub fn generate() -> Self {
        Self::of(SigningKey::generate())
    }

    pub(super) fn of(key: Arc<SigningKey>) -> Self {
        Self { keys: vec![key] }
    }

    /// A set with a published test key, the same on every machine.
    #[must_use]
    pub fn published() -> Self {
        Self::of(SigningKey::published(0))
    }

    /// Adds the next published test key, as before a rotation.
    #[must_use]
    pub fn with_next(self) -> Self {
        let next = SigningKey::published(self.keys.len());
        self.with_key(next)
    }

    /// Adds a key.
    #[must_use]
    pub fn with_key(mut self, key: Arc<SigningKey>) -> Self {
        self.keys.push(key);
        self
    }

    /// The first key, which signs.
    #[must_use]
    pub fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.keys[0])
    }

    /// All keys.
    #[must_use]
    pub fn keys(&self) -> &[Arc<SigningKey>] {
        &self.keys
    }

    /// A key that is not in the set: what it signs must be refused.
    #[must_use]
    pub fn foreign_key(&self) -> Arc<SigningKey> {
        let ours = |key: &Arc<SigningKey>| self.keys.iter().any(|our| our.kid() == key.kid());
        let published = (0..SigningKey::PUBLISHED).rev().map(SigningKey::published);
        published.into_iter().find(|key| !ours(key)).unwrap_or_else(SigningKey::generate)
    }

    /// The key set (RFC 7517 §5). `Display` writes it as text.
    #[must_use]
    #[doc(alias = "as_dict")]
    pub fn to_json(&self) -> Value {
        json!({"keys": self.keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()})
    }
}

/// [`MockJwks::published`].
impl Default for MockJwks {
    fn default() -> Self {
        Self::published()
    }
}

impl fmt::Display for MockJwks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(out)
    }
}
