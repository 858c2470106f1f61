//! Tokens whose signature was verified before.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use crate::{KeySet, Rejection, Validator, VerifiedToken};

use super::verified::Signed;

/// How many bytes at the end of a token find it again. They are part of the signature.
const TAIL: usize = 32;
/// More shards than cores that a service is likely to have.
const MOST_SHARDS: usize = 64;
/// A shard of fewer tokens fills up by chance long before the others.
const FEWEST_IN_SHARD: usize = 128;

/// A [`Validator`] with a cache of verified tokens: a token that is sent again skips the steps up to the claims set, the
/// signature among them, and takes the others again. All requests share one.
///
/// ```
/// # use std::{num::NonZeroUsize, sync::Arc, time::SystemTime};
/// use entra_validator::{Authority, CachingValidator, KeySet, Validator};
///
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
/// let validator = CachingValidator::new(validator, NonZeroUsize::new(10_000).unwrap());
///
/// let keys = Arc::new(KeySet::empty());
/// assert!(validator.validate("not a token", &keys, SystemTime::now()).is_err());
/// assert!(validator.is_empty(), "only tokens with a good signature are cached");
/// # Ok::<_, entra_validator::AuthorityError>(())
/// ```
///
/// # Why this is safe
///
/// * What is skipped depends on nothing but the token's bytes, the keys and the validator. All bytes are compared, not a
///   hash or a part of them; another [`KeySet`] empties the cache; a cache belongs to one validator for life. So the
///   skipped steps could only end as they did before.
/// * What depends on anything else, the time above all, is done each time: a cached token that expires is refused at
///   that second.
/// * Only tokens that the identity provider signed are cached, so a stranger can neither fill the cache nor evict others,
///   and it never holds more tokens than its capacity.
/// * Entries are found by the last 32 bytes of the signature, hashed with keys that are random at each start. The time
///   that a lookup takes shows whether those bytes are cached, and only their holder can ask.
///
/// The cost is memory: a cached token takes 1.8 times its length and about 1 KB, 3.4 KB for a typical one of 1.4 KB, and as
/// much again once a handler has read claims by name. A token that Entra has revoked is accepted until it expires, as
/// it is without a cache.
pub struct CachingValidator {
    validator: Validator,
    cache: TokenCache,
}

impl CachingValidator {
    /// Caches up to `capacity` tokens (rounded up to an even number).
    #[must_use]
    pub fn new(validator: Validator, capacity: NonZeroUsize) -> Self {
        Self { validator, cache: TokenCache::new(capacity) }
    }

    /// As [`Validator::validate`].
    ///
    /// # Errors
    ///
    /// As [`Validator::validate`].
    pub fn validate(
        &self,
        token: &str,
        keys: &Arc<KeySet>,
        now: SystemTime,
    ) -> Result<VerifiedToken, Rejection> {
        let signed = self.cache.read(&self.validator, token, keys)?;
        self.validator.admit(signed, keys, now)
    }

    /// How many tokens are cached.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    /// Whether the cache is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Shards, each with a lock of its own, so that requests on different threads seldom wait for each other.
pub(crate) struct TokenCache {
    shards: Box<[Mutex<Shard>]>,
    /// How many tokens a generation of a shard holds.
    half: usize,
}

/// Two generations: when the young one is full, it becomes the old one, whose tokens are forgotten unless they are sent
/// again in the meantime.
#[derive(Default)]
struct Shard {
    keys: Option<Arc<KeySet>>,
    young: Generation,
    old: Generation,
}

type Generation = HashMap<[u8; TAIL], Entry>;

#[derive(Clone)]
struct Entry {
    token: Box<str>,
    signed: Arc<Signed>,
}

impl TokenCache {
    pub(crate) fn new(capacity: NonZeroUsize) -> Self {
        // A small cache has one shard: spread over many, it could be full in one and empty in another.
        let shards = (capacity.get() / FEWEST_IN_SHARD).clamp(1, MOST_SHARDS);
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            half: capacity.get().div_ceil(2 * shards),
        }
    }

    /// The first half of the validation, from the cache or done now.
    pub(crate) fn read(
        &self,
        validator: &Validator,
        token: &str,
        keys: &Arc<KeySet>,
    ) -> Result<Arc<Signed>, Rejection> {
        let Some(tail) = token.as_bytes().last_chunk() else {
            return validator.read(token, keys).map(Arc::new);
        };
        if let Some(signed) = self.with_shard(tail, keys, |shard| shard.find(tail, token, self.half)) {
            return Ok(signed);
        }
        // Unlocked: verifying is what takes the time.
        let signed = Arc::new(validator.read(token, keys)?);
        let entry = Entry { token: token.into(), signed: Arc::clone(&signed) };
        self.with_shard(tail, keys, |shard| (None::<()>, shard.insert(*tail, entry, self.half)));
        Ok(signed)
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    /// Does something with the shard of this token, emptied if it was filled with other keys. What the shard forgets is
    /// dropped after the lock is released: thousands of tokens take milliseconds.
    fn with_shard<T>(
        &self,
        tail: &[u8; TAIL],
        keys: &Arc<KeySet>,
        act: impl FnOnce(&mut Shard) -> (Option<T>, Generation),
    ) -> Option<T> {
        // The signature's characters are as good as random.
        let number = tail.iter().take(4).fold(0, |number, byte| number * 31 + usize::from(*byte));
        let mut shard = lock(&self.shards[number % self.shards.len()]);
        let mut outdated = Shard::default();
        if !shard.keys.as_ref().is_some_and(|known| Arc::ptr_eq(known, keys)) {
            // The old set is kept alive until here, so a new one cannot have its address.
            outdated =
                std::mem::replace(&mut *shard, Shard { keys: Some(Arc::clone(keys)), ..Shard::default() });
        }
        let (result, forgotten) = act(&mut shard);
        drop(shard);
        drop((outdated, forgotten));
        result
    }
}

/// Nothing that holds the lock can panic half-way through a change.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    /// The token, if it is here, and what is forgotten over it.
    fn find(&mut self, tail: &[u8; TAIL], token: &str, half: usize) -> (Option<Arc<Signed>>, Generation) {
        let same = |entry: &&Entry| *entry.token == *token;
        if let Some(entry) = self.young.get(tail).filter(same) {
            return (Some(Arc::clone(&entry.signed)), Generation::default());
        }
        let Some(entry) = self.old.get(tail).filter(same).cloned() else {
            return (None, Generation::default());
        };
        let signed = Arc::clone(&entry.signed);
        (Some(signed), self.insert(*tail, entry, half))
    }

    /// Returns what is forgotten over it.
    fn insert(&mut self, tail: [u8; TAIL], entry: Entry, half: usize) -> Generation {
        let mut forgotten = Generation::default();
        if self.young.len() >= half {
            forgotten = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
        }
        self.young.insert(tail, entry);
        forgotten
    }

    fn len(&self) -> usize {
        self.young.len() + self.old.keys().filter(|tail| !self.young.contains_key(*tail)).count()
    }
}

impl fmt::Debug for CachingValidator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CachingValidator").field("validator", &self.validator).finish_non_exhaustive()
    }
}
