//! Codes, refresh tokens and sessions that were issued.

use std::collections::{HashMap, HashSet};

use crate::{
    directory::{App, Platform, Tenant, User},
    random,
};

use super::{pkce::Challenge, scope::ScopeRequest};

/// The lifetime of an authorization code, in seconds.
const CODE_LIFETIME: i64 = 600;
/// The lifetime of a device's codes, in seconds.
pub(super) const DEVICE_CODE_LIFETIME: i64 = 900;
/// How long a refresh token stays valid unused: 90 days, in seconds.
const REFRESH_TOKEN_LIFETIME: i64 = 90 * 24 * 3600;
/// The lifetime of a single-page app's refresh token, used or not: 24 hours, in seconds.
const SPA_REFRESH_TOKEN_LIFETIME: i64 = 24 * 3600;
/// At most this many are kept: a mock that runs for weeks must not grow for ever.
const MOST_KEPT: usize = 100_000;

/// What an authorization code was issued for.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    pub(crate) platform: Platform,
    pub(crate) scopes: ScopeRequest,
    pub(super) challenge: Option<Challenge>,
    pub(crate) nonce: Option<String>,
    pub(crate) session: String,
    pub(crate) expires: i64,
    pub(crate) redeemed: bool,
}

/// What a refresh token was issued for.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) scopes: ScopeRequest,
    pub(crate) platform: Platform,
    pub(crate) issued: i64,
    pub(crate) expires: i64,
    /// All refresh tokens of one sign-in.
    family: u64,
    spent: bool,
}

impl RefreshGrant {
    /// The first of a sign-in.
    pub(super) fn new(
        client: &App,
        tenant: &Tenant,
        user: &User,
        scopes: &ScopeRequest,
        platform: Platform,
        now: i64,
    ) -> Self {
        let lifetime =
            if platform == Platform::Spa { SPA_REFRESH_TOKEN_LIFETIME } else { REFRESH_TOKEN_LIFETIME };
        Self {
            client_id: client.client_id.clone(),
            tenant: tenant.tenant_id.clone(),
            user: user.oid.clone(),
            scopes: scopes.clone(),
            platform,
            issued: now,
            expires: now.saturating_add(lifetime),
            family: 0,
            spent: false,
        }
    }

    /// The next one after another. A single-page app's inherits what is left of the 24 hours.
    pub(super) fn succeeding(mut self, other: &Self) -> Self {
        if other.platform == Platform::Spa {
            self.expires = other.expires;
        }
        Self { family: other.family, ..self }
    }
}

/// What a device code was issued for.
#[derive(Debug, Clone)]
pub(crate) struct DeviceGrant {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    pub(crate) scopes: ScopeRequest,
    pub(crate) state: DeviceState,
    pub(crate) expires: i64,
}

/// The state of a device's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeviceState {
    Pending,
    /// By this user.
    Approved(String),
    Declined,
    Redeemed,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    codes: HashMap<String, CodeGrant>,
    refresh_tokens: HashMap<String, RefreshGrant>,
    families: u64,
    revoked: HashSet<u64>,
    devices: HashMap<String, DeviceGrant>,
    /// Device codes by what people type.
    user_codes: HashMap<String, String>,
    /// Browsers that someone has signed in at, by their cookie.
    sessions: HashMap<String, Session>,
}

/// Somebody is signed in at a browser.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// The `sid` of its ID tokens.
    pub(crate) id: String,
    pub(crate) user: String,
    /// The client ids of the apps that were signed in to.
    pub(crate) clients: Vec<String>,
}

impl Store {
    /// Issues a code. `grant.expires` is set here.
    pub(crate) fn issue_code(&mut self, grant: CodeGrant, now: i64) -> String {
        if self.codes.len() >= MOST_KEPT {
            self.codes.retain(|_, code| code.expires > now);
        }
        let code = format!("1.{}", random::secret());
        self.codes.insert(code.clone(), CodeGrant { expires: now.saturating_add(CODE_LIFETIME), ..grant });
        code
    }

    pub(super) fn code(&self, code: &str) -> Option<&CodeGrant> {
        self.codes.get(code)
    }

    pub(super) fn redeem(&mut self, code: &str) {
        if let Some(grant) = self.codes.get_mut(code) {
            grant.redeemed = true;
        }
    }

    /// Issues a refresh token. One that does not succeed another begins a family.
    pub(super) fn issue_refresh_token(&mut self, mut grant: RefreshGrant) -> String {
        if self.refresh_tokens.len() >= MOST_KEPT {
            let now = grant.issued;
            self.refresh_tokens.retain(|_, token| token.expires > now && !token.spent);
        }
        if grant.family == 0 {
            self.families += 1;
            grant.family = self.families;
        }
        let token = format!("1.{}", random::secret());
        self.refresh_tokens.insert(token.clone(), grant);
        token
    }

    pub(super) fn refresh_token(&self, token: &str) -> Option<&RefreshGrant> {
        self.refresh_tokens.get(token)
    }

    pub(super) fn is_revoked(&self, token: &RefreshGrant) -> bool {
        self.revoked.contains(&token.family)
    }

    /// Uses a single-use token. A second use revokes its whole family: one of the two users stole it.
    pub(super) fn spend(&mut self, token: &str) -> bool {
        let Some(grant) = self.refresh_tokens.get_mut(token) else { return false };
        if grant.spent {
            self.revoked.insert(grant.family);
            return false;
        }
        grant.spent = true;
        true
    }

    /// Issues the device's code and the person's.
    pub(super) fn issue_device_code(&mut self, grant: DeviceGrant) -> (String, String) {
        if self.devices.len() >= MOST_KEPT {
            let now = grant.expires - DEVICE_CODE_LIFETIME;
            self.devices.retain(|_, device| device.expires > now);
            self.user_codes.retain(|_, code| self.devices.contains_key(code));
        }
        let (device_code, user_code) = (random::secret(), random::user_code());
        self.user_codes.insert(user_code.clone(), device_code.clone());
        self.devices.insert(device_code.clone(), grant);
        (device_code, user_code)
    }

    pub(super) fn device(&self, device_code: &str) -> Option<&DeviceGrant> {
        self.devices.get(device_code)
    }

    pub(super) fn device_by_user_code(&self, user_code: &str) -> Option<&DeviceGrant> {
        self.devices.get(self.user_codes.get(&typed(user_code))?)
    }

    pub(super) fn decide_device(&mut self, device_code: &str, state: DeviceState) {
        if let Some(device) = self.devices.get_mut(device_code) {
            device.state = state;
        }
    }

    pub(crate) fn session(&self, cookie: &str) -> Option<&Session> {
        self.sessions.get(cookie)
    }

    /// Remembers that this user signed in to this app at the browser with this cookie, and returns the cookie of the
    /// session: another one if another user was signed in there.
    pub(crate) fn sign_in(&mut self, cookie: Option<&str>, id: &str, user: &str, client: &str) -> String {
        let known = cookie.and_then(|cookie| Some((cookie.to_owned(), self.sessions.get_mut(cookie)?)));
        if let Some((cookie, session)) = known.filter(|(_, session)| session.id == id) {
            if !session.clients.iter().any(|known| known == client) {
                session.clients.push(client.to_owned());
            }
            return cookie;
        }
        if self.sessions.len() >= MOST_KEPT {
            self.sessions.clear();
        }
        let cookie = random::secret();
        let session = Session { id: id.to_owned(), user: user.to_owned(), clients: vec![client.to_owned()] };
        self.sessions.insert(cookie.clone(), session);
        cookie
    }

    pub(crate) fn sign_out(&mut self, cookie: &str) -> Option<Session> {
        self.sessions.remove(cookie)
    }

    /// What a person at the page decided.
    pub(crate) fn decide_by_user_code(&mut self, user_code: &str, state: DeviceState) {
        if let Some(device_code) = self.user_codes.get(&typed(user_code)).cloned() {
            self.decide_device(&device_code, state);
        }
    }
}

/// The code that a person typed, in whatever case and with whatever spaces.
fn typed(user_code: &str) -> String {
    user_code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}
