//! What a running mock keeps.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use crate::{
    clock::Clock,
    directory::{Directory, Tenant},
    error::{OAuthError, Occurrence},
    grant::{Issuer, Store},
    requests::RequestLog,
    token::{KeyRing, TokenBuilder},
};

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) directory: Arc<Directory>,
    pub(crate) base_url: String,
    /// Who answers every page at once.
    pub(crate) sign_in: Option<String>,
    pub(crate) fresh_keys: bool,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    keys: Mutex<KeyRing>,
    store: Mutex<Store>,
    sequence: AtomicU64,
}

/// The tenant in a path.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PathTenant<'a> {
    One(&'a Tenant),
    /// `common` or `organizations`: any.
    Any(&'a str),
}

impl<'a> PathTenant<'a> {
    pub(crate) fn one(self) -> Option<&'a Tenant> {
        match self {
            Self::One(tenant) => Some(tenant),
            Self::Any(_) => None,
        }
    }
}

impl State {
    pub(crate) fn new(
        directory: Arc<Directory>,
        base_url: String,
        sign_in: Option<String>,
        fresh_keys: bool,
    ) -> Self {
        Self {
            keys: Mutex::new(Self::start_keys(fresh_keys)),
            directory,
            base_url,
            sign_in,
            fresh_keys,
            clock: Clock::default(),
            requests: RequestLog::default(),
            store: Mutex::default(),
            sequence: AtomicU64::default(),
        }
    }

    fn start_keys(fresh: bool) -> KeyRing {
        if fresh { KeyRing::fresh() } else { KeyRing::published() }
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Back to the start: keys, clock, requests, codes and refresh tokens.
    pub(crate) fn reset(&self) {
        *self.keys() = Self::start_keys(self.fresh_keys);
        *self.store() = Store::default();
        self.clock.reset();
        self.requests.clear();
    }

    pub(crate) fn token(&self) -> TokenBuilder {
        TokenBuilder::new(
            Arc::clone(&self.directory),
            self.keys().current(),
            &self.base_url,
            self.clock.now(),
        )
    }

    pub(crate) fn issuer(&self) -> Issuer {
        Issuer {
            directory: Arc::clone(&self.directory),
            key: self.keys().current(),
            base_url: self.base_url.clone(),
            now: self.clock.now(),
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
        }
    }

    /// By GUID or domain; a tenant's short name is for the config file only.
    pub(crate) fn tenant(&self, segment: &str) -> Result<PathTenant<'_>, OAuthError> {
        if segment == "common" || segment == "organizations" {
            return Ok(PathTenant::Any(if segment == "common" { "common" } else { "organizations" }));
        }
        let tenant = self.directory.tenant(segment).filter(|tenant| tenant.name != segment);
        tenant.map(PathTenant::One).ok_or_else(|| {
            OAuthError::new(
                90002,
                format!(
                    "Tenant '{segment}' was not found. Check the id, and that it is the right directory."
                ),
            )
        })
    }

    pub(crate) fn occurrence(&self, correlation_id: Option<&str>) -> Occurrence {
        Occurrence {
            now: self.clock.now(),
            trace_id: random_guid(),
            correlation_id: correlation_id.map_or_else(random_guid, str::to_owned),
        }
    }
}

pub(crate) fn random_guid() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the machine has randomness");
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
