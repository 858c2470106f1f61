//! Fetching keys, which `jsonwebtoken` does not do.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::Refused;

const KEPT: Duration = Duration::from_secs(300);
/// The shortest time between two fetches, whether for an unknown `kid` or after a failure.
const COOL_DOWN: Duration = Duration::from_secs(10);
const RETRY: Duration = Duration::from_secs(2);
const LARGEST: usize = 256 * 1024;

/// A key, and the issuer that it may sign for. That member is Entra's own, and `Jwk` does not have it.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) jwk: Jwk,
    pub(crate) issuer: Option<String>,
}

/// A key set whose keys may be anything: a key that cannot be parsed must not spoil the others.
#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Debug, Default)]
struct Cache {
    keys: Vec<Key>,
    fetched: Option<Instant>,
    failed: Option<Instant>,
}

#[derive(Debug)]
pub(crate) struct Keys {
    url: String,
    client: reqwest::Client,
    cache: Mutex<Cache>,
}

fn within(moment: Option<Instant>, time: Duration) -> bool {
    moment.is_some_and(|moment| moment.elapsed() < time)
}

impl Keys {
    pub(crate) fn new(url: String) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { url, client, cache: Mutex::default() })
    }

    /// The key with this `kid`. One request fetches; concurrent requests wait for it.
    pub(crate) async fn find(&self, kid: &str) -> Result<Key, Refused> {
        let mut cache = self.cache.lock().await;
        let found = |cache: &Cache| {
            let named = |key: &&Key| key.jwk.common.key_id.as_deref() == Some(kid);
            cache.keys.iter().find(|key| named(key) && signs(&key.jwk)).cloned()
        };
        if !within(cache.fetched, KEPT) {
            self.refresh(&mut cache).await;
        }
        // During an outage, the last good keys stay in use.
        if cache.fetched.is_none() {
            return Err(Refused::NoKeys);
        }
        if let Some(key) = found(&cache) {
            return Ok(key);
        }
        if !within(cache.fetched, COOL_DOWN) {
            self.refresh(&mut cache).await;
        }
        found(&cache).ok_or(Refused::BadToken("an unknown key"))
    }

    async fn refresh(&self, cache: &mut Cache) {
        if within(cache.failed, RETRY) {
            return;
        }
        match self.fetch().await {
            Some(keys) => *cache = Cache { keys, fetched: Some(Instant::now()), failed: None },
            None => cache.failed = Some(Instant::now()),
        }
    }

    async fn fetch(&self) -> Option<Vec<Key>> {
        let mut response = self.client.get(&self.url).send().await.ok()?;
        if response.status() != reqwest::StatusCode::OK {
            return None;
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return None;
            }
        }
        let document: Document = serde_json::from_slice(&body).ok()?;
        let keys: Vec<_> = document.keys.into_iter().filter_map(key).collect();
        (!keys.is_empty()).then_some(keys)
    }
}

/// Checks what a key says about its purpose, which `jsonwebtoken` leaves to its caller.
fn signs(jwk: &Jwk) -> bool {
    let common = &jwk.common;
    matches!(common.public_key_use, None | Some(PublicKeyUse::Signature))
        && matches!(common.key_algorithm, None | Some(KeyAlgorithm::RS256))
        && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

fn key(value: Value) -> Option<Key> {
    let issuer = match value.get("issuer") {
        None => None,
        Some(issuer) => Some(issuer.as_str()?.to_owned()),
    };
    Some(Key { jwk: serde_json::from_value(value).ok()?, issuer })
}
