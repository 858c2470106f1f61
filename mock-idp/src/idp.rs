//! The state of a running mock.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use crate::{
    auto_sign_in::AutoSignIn,
    clock::Clock,
    control_token::ControlToken,
    decoder::{DecodeRequest, Decoded, Decoder, TokenValidator},
    directory::Directory,
    error::Occurrence,
    faults::Faults,
    grant::{Mint, Store},
    issuer_keys::IssuerKeys,
    random,
    requests::RequestLog,
    token::{ForgeError, KeyRing, Rotation, TokenBuilder},
};

#[derive(Debug)]
pub(crate) struct Idp {
    directory: RwLock<Arc<Directory>>,
    pub(crate) base_url: String,
    pub(crate) sign_in: AutoSignIn,
    pub(crate) fresh_keys: bool,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    pub(crate) issuer_keys: IssuerKeys,
    /// `None`: the control surface is for this machine only.
    pub(crate) control_token: Option<ControlToken>,
    pub(crate) validator: Option<TokenValidator>,
    keys: Mutex<KeyRing>,
    store: Mutex<Store>,
    sequence: AtomicU64,
}

impl Idp {
    pub(crate) fn new(
        directory: Arc<Directory>,
        base_url: String,
        sign_in: AutoSignIn,
        fresh_keys: bool,
    ) -> Self {
        Self {
            keys: Mutex::new(Self::start_keys(fresh_keys)),
            directory: RwLock::new(directory),
            base_url,
            sign_in,
            fresh_keys,
            clock: Clock::default(),
            requests: RequestLog::default(),
            faults: Faults::default(),
            issuer_keys: IssuerKeys::default(),
            control_token: None,
            validator: None,
            store: Mutex::default(),
            sequence: AtomicU64::default(),
        }
    }

    fn start_keys(fresh: bool) -> KeyRing {
        if fresh { KeyRing::fresh() } else { KeyRing::published() }
    }

    pub(crate) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was issued under the old directory stays valid as far as the new one has its users and apps.
    pub(crate) fn set_directory(&self, directory: Arc<Directory>) {
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs with another key from now on, and returns the keys after that. Keys are generated without the lock, which every
    /// token takes: of two rotations at once the later one starts over.
    pub(crate) fn rotate_keys(&self, rotation: Rotation) -> KeyRing {
        loop {
            let before = self.keys().clone();
            let mut after = before.clone();
            after.rotate(rotation);
            let mut keys = self.keys();
            if keys.is_as_rotated_as(&before) {
                keys.clone_from(&after);
                return after;
            }
        }
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every consent to an app, or to all of them; `false` if there is no such app.
    pub(crate) fn revoke_consents(&self, client: Option<&str>) -> bool {
        let directory = self.directory();
        let named = client.map(|client| directory.app(client));
        let apps = match named {
            Some(None) => return false,
            Some(Some(app)) => std::slice::from_ref(app),
            None => directory.apps.as_slice(),
        };
        let mut store = self.store();
        for app in apps {
            store.consents.revoke(app);
        }
        true
    }

    /// Resets keys, clock, faults, requests, sessions, consents, codes and refresh tokens.
    pub(crate) fn reset(&self) {
        // Generated before the lock is taken.
        let keys = Self::start_keys(self.fresh_keys);
        *self.keys() = keys;
        *self.store() = Store::default();
        self.clock.reset();
        self.requests.clear();
        self.faults.clear();
        self.issuer_keys.clear();
    }

    pub(crate) fn token(&self) -> TokenBuilder {
        TokenBuilder::new(self.directory(), self.keys().current(), &self.base_url, self.clock.seconds())
    }

    pub(crate) fn mint<'a>(&'a self, directory: &'a Directory) -> Mint<'a> {
        Mint {
            directory,
            key: self.keys().current(),
            base_url: &self.base_url,
            now: self.clock.seconds(),
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
        }
    }

    pub(crate) fn decode(&self, request: &DecodeRequest) -> Result<Decoded, ForgeError> {
        let decoder = Decoder {
            directory: &self.directory(),
            keys: &self.keys().clone(),
            base_url: &self.base_url,
            now: self.clock.seconds(),
            validator: self.validator.as_ref(),
        };
        decoder.decode(request)
    }

    pub(crate) fn occurrence(&self, correlation_id: Option<&str>) -> Occurrence {
        Occurrence {
            now: self.clock.seconds(),
            trace_id: random::guid(),
            correlation_id: correlation_id.map_or_else(random::guid, str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::*;

    fn idp() -> Idp {
        Idp::new(Arc::new(Directory::builtin()), String::new(), AutoSignIn::Off, true)
    }

    #[test]
    fn of_rotations_at_once_none_is_lost() {
        let idp = idp();
        let kids: HashSet<String> = thread::scope(|scope| {
            let rotations: Vec<_> =
                (0..4).map(|_| scope.spawn(|| idp.rotate_keys(Rotation::Planned))).collect();
            let rings = rotations.into_iter().map(|rotation| rotation.join().unwrap());
            rings.map(|ring| ring.current().kid().to_owned()).collect()
        });
        assert_eq!(kids.len(), 4);
    }

    #[test]
    fn tokens_get_their_key_while_another_is_generated() {
        let idp = idp();
        thread::scope(|scope| {
            let rotations = scope.spawn(|| {
                for _ in 0..5 {
                    idp.rotate_keys(Rotation::Planned);
                }
            });
            let (mut free, mut held) = (0_u64, 0_u64);
            while !rotations.is_finished() {
                match idp.keys.try_lock() {
                    Ok(_) => free += 1,
                    Err(_) => held += 1,
                }
            }
            assert!(held < free, "the lock was held {held} times and free {free} times");
        });
    }
}
