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
///   and it never holds more tokens than its capacity, of at most 16 KiB each.
/// * Entries are found by the last 32 bytes of the signature, hashed with keys that are random at each start. The time
///   that a lookup takes shows whether those bytes are cached, and only their holder can ask.
///
/// The cost: tokens stay in memory while they are cached. A token that Entra has revoked is accepted until it expires, as
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

/// Two generations: when the young one is full, it becomes the old one, whose tokens are forgotten unless they were seen
/// again meanwhile.
pub(crate) struct TokenCache {
    half: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
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
        Self { half: capacity.get().div_ceil(2), state: Mutex::default() }
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
        if let Some(signed) = self.state(keys).find(tail, token, self.half) {
            return Ok(signed);
        }
        // Unlocked: verifying is what takes the time.
        let signed = Arc::new(validator.read(token, keys)?);
        let entry = Entry { token: token.into(), signed: Arc::clone(&signed) };
        self.state(keys).insert(*tail, entry, self.half);
        Ok(signed)
    }

    fn len(&self) -> usize {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.young.len() + state.old.keys().filter(|tail| !state.young.contains_key(*tail)).count()
    }

    /// What was verified with these keys.
    fn state(&self, keys: &Arc<KeySet>) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.keys.as_ref().is_some_and(|known| Arc::ptr_eq(known, keys)) {
            // The old set is kept alive until here, so a new one cannot have its address.
            *state = State { keys: Some(Arc::clone(keys)), ..State::default() };
        }
        state
    }
}

impl State {
    fn find(&mut self, tail: &[u8; TAIL], token: &str, half: usize) -> Option<Arc<Signed>> {
        let same = |entry: &&Entry| *entry.token == *token;
        if let Some(entry) = self.young.get(tail).filter(same) {
            return Some(Arc::clone(&entry.signed));
        }
        let entry = self.old.get(tail).filter(same)?.clone();
        let signed = Arc::clone(&entry.signed);
        self.insert(*tail, entry, half);
        Some(signed)
    }

    fn insert(&mut self, tail: [u8; TAIL], entry: Entry, half: usize) {
        if self.young.len() >= half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(tail, entry);
    }
}

impl fmt::Debug for CachingValidator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CachingValidator").field("validator", &self.validator).finish_non_exhaustive()
    }
}
