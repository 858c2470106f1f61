//! What a running mock keeps.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use crate::{
    aadsts::Aadsts,
    clock::Clock,
    control::{ControlToken, Judge},
    directory::{Directory, Tenant},
    error::{OAuthError, Occurrence},
    faults::Faults,
    grant::{Issuer, Store},
    requests::RequestLog,
    token::{KeyRing, TokenBuilder},
};

#[derive(Debug)]
pub(crate) struct State {
    directory: RwLock<Arc<Directory>>,
    pub(crate) base_url: String,
    /// Who answers every page at once.
    pub(crate) sign_in: Option<String>,
    pub(crate) fresh_keys: bool,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    /// None: the control surface is for this machine only.
    pub(crate) control_token: Option<ControlToken>,
    pub(crate) judge: Option<Judge>,
    keys: Mutex<KeyRing>,
    store: Mutex<Store>,
    sequence: AtomicU64,
}

/// The tenant in a path.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PathTenant<'a> {
    One(&'a Tenant),
    /// `common`, `organizations` or `consumers`.
    Any(&'static str),
}

impl<'a> PathTenant<'a> {
    /// By GUID or domain; a tenant's short name is for the config file only.
    pub(crate) fn of(directory: &'a Directory, segment: &str) -> Result<Self, OAuthError> {
        if let Some(any) = ["common", "organizations", "consumers"].into_iter().find(|any| *any == segment) {
            return Ok(Self::Any(any));
        }
        let tenant = directory.tenant(segment).filter(|tenant| tenant.name != segment);
        tenant.map(Self::One).ok_or_else(|| {
            Aadsts::TenantUnknown.because(format!(
                "Tenant '{segment}' was not found. Check the id, and that it is the right directory."
            ))
        })
    }

    pub(crate) fn one(self) -> Option<&'a Tenant> {
        match self {
            Self::One(tenant) => Some(tenant),
            Self::Any(_) => None,
        }
    }

    /// What stands for the tenant in an issuer: its GUID, or a template for those of any tenant.
    pub(crate) fn in_issuer(self) -> &'a str {
        match self {
            Self::One(tenant) => &tenant.tenant_id,
            Self::Any("consumers") => "9188040d-6c67-4c5b-b112-36a304b66dad",
            Self::Any(_) => "{tenantid}",
        }
    }

    /// The tenant as the addresses in a document spell it.
    pub(crate) fn segment(self) -> &'a str {
        match self {
            Self::One(tenant) => &tenant.tenant_id,
            Self::Any(segment) => segment,
        }
    }

    pub(crate) fn common(self) -> Option<&'static str> {
        match self {
            Self::One(_) => None,
            Self::Any(segment) => Some(segment),
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
            directory: RwLock::new(directory),
            base_url,
            sign_in,
            fresh_keys,
            clock: Clock::default(),
            requests: RequestLog::default(),
            faults: Faults::default(),
            control_token: None,
            judge: None,
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

    /// What was issued under the old directory holds as far as the new one knows its users and apps.
    pub(crate) fn set_directory(&self, directory: Arc<Directory>) {
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Back to the start: keys, clock, faults, requests, sessions, codes and refresh tokens.
    pub(crate) fn reset(&self) {
        *self.keys() = Self::start_keys(self.fresh_keys);
        *self.store() = Store::default();
        self.clock.reset();
        self.requests.clear();
        self.faults.clear();
    }

    pub(crate) fn token(&self) -> TokenBuilder {
        TokenBuilder::new(self.directory(), self.keys().current(), &self.base_url, self.clock.now())
    }

    pub(crate) fn issuer(&self) -> Issuer {
        Issuer {
            directory: self.directory(),
            key: self.keys().current(),
            base_url: self.base_url.clone(),
            now: self.clock.now(),
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed) + 1,
        }
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
