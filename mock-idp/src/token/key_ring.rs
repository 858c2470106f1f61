//! The keys that a running mock signs with and publishes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::key::SigningKey;

/// How signing keys are replaced
/// ([signing key rollover](https://learn.microsoft.com/entra/identity-platform/signing-key-rollover)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The key that was published as the next one signs; up to three old ones stay published.
    Planned,
    /// A key that nobody has seen signs; all others are withdrawn.
    Emergency,
}

/// The keys of a running mock: the one that signs, and those that are published beside it.
#[derive(Debug, Clone)]
pub struct KeyRing {
    current: Arc<SigningKey>,
    /// Published before it is used, as Entra does, so that caches have it by then.
    next: Arc<SigningKey>,
    old: Vec<Arc<SigningKey>>,
    fresh: bool,
    rotations: usize,
}

impl KeyRing {
    /// The published test keys; the first one signs.
    #[must_use]
    pub fn published() -> Self {
        let (current, next) = (SigningKey::published(0), SigningKey::published(1));
        Self { current, next, old: Vec::new(), fresh: false, rotations: 0 }
    }

    /// Generated keys.
    #[must_use]
    pub fn fresh() -> Self {
        let (current, next) = (SigningKey::generate(), SigningKey::generate());
        Self { current, next, old: Vec::new(), fresh: true, rotations: 0 }
    }

    /// The key that signs.
    #[must_use]
    pub fn current(&self) -> Arc<SigningKey> {
        Arc::clone(&self.current)
    }

    /// All published keys, the current one first.
    pub fn published_keys(&self) -> impl Iterator<Item = &Arc<SigningKey>> {
        [&self.current, &self.next].into_iter().chain(&self.old)
    }

    /// The key set as Entra publishes it: v2.0 documents name the issuer of each key.
    pub(crate) fn document(&self, issuer: Option<&str>) -> Value {
        let with_issuer = |mut jwk: Value| {
            if let Some(issuer) = issuer {
                jwk["cloud_instance_name"] = "microsoftonline.com".into();
                jwk["issuer"] = issuer.into();
            }
            jwk
        };
        let keys: Vec<Value> = self.published_keys().map(|key| with_issuer(key.jwk())).collect();
        json!({"keys": keys})
    }

    /// Whether it was rotated as often as the other.
    pub(crate) fn is_as_rotated_as(&self, other: &Self) -> bool {
        self.rotations == other.rotations
    }

    /// Signs with another key from now on. That may generate keys, which takes some tenths of a second.
    pub fn rotate(&mut self, rotation: Rotation) {
        self.rotations += 1;
        let upcoming = |n: usize| if self.fresh { SigningKey::generate() } else { Self::unused(n) };
        match rotation {
            Rotation::Planned => {
                let retired = std::mem::replace(&mut self.current, Arc::clone(&self.next));
                self.next = upcoming(self.rotations + 1);
                self.old.insert(0, retired);
                self.old.truncate(3);
            }
            Rotation::Emergency => {
                self.rotations += 1;
                self.current = upcoming(self.rotations);
                self.next = upcoming(self.rotations + 1);
                self.old.clear();
            }
        }
    }

    /// The published keys are used up after a few rotations, and a key that comes back would not be a rotation.
    fn unused(n: usize) -> Arc<SigningKey> {
        if n < SigningKey::PUBLISHED { SigningKey::published(n) } else { SigningKey::generate() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_rotation_uses_a_key_that_was_published_before() {
        let mut ring = KeyRing::published();
        let (first, published) = (ring.current(), ring.published_keys().nth(1).unwrap().kid().to_owned());
        ring.rotate(Rotation::Planned);
        assert_eq!(ring.current().kid(), published);
        assert!(ring.published_keys().any(|key| key.kid() == first.kid()));
    }

    #[test]
    fn an_emergency_rotation_withdraws_every_key_that_was_published() {
        let mut ring = KeyRing::published();
        let before: Vec<_> = ring.published_keys().map(|key| key.kid().to_owned()).collect();
        ring.rotate(Rotation::Emergency);
        assert!(ring.published_keys().all(|key| !before.contains(&key.kid().to_owned())));
        let after: Vec<_> = ring.published_keys().map(|key| key.kid().to_owned()).collect();
        ring.rotate(Rotation::Emergency);
        assert!(ring.published_keys().all(|key| !after.contains(&key.kid().to_owned())));
    }
}
