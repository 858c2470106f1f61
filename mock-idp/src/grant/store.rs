//! Codes and refresh tokens that were issued.

use std::collections::HashMap;

use crate::{
    directory::{App, Platform, Tenant, User},
    random,
};

use super::{bounded::Bounded, consents::Consents, pkce::Challenge, scope::ScopeRequest, session::Sessions};

/// The lifetime of an authorization code, in seconds.
const CODE_LIFETIME: i64 = 600;
/// The lifetime of a device's codes, in seconds.
pub(super) const DEVICE_CODE_LIFETIME: i64 = 900;
/// How long a refresh token stays valid unused: 90 days, in seconds.
const REFRESH_TOKEN_LIFETIME: i64 = 90 * 24 * 3600;
/// The lifetime of a single-page app's refresh token, used or not: 24 hours, in seconds.
const SPA_REFRESH_TOKEN_LIFETIME: i64 = 24 * 3600;
/// At most this many of each kind are kept; then those that were used up go, and then the oldest.
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

#[derive(Debug)]
pub(crate) struct Store {
    codes: Bounded<String, CodeGrant>,
    refresh_tokens: Bounded<String, RefreshGrant>,
    families: u64,
    revoked: Bounded<u64, ()>,
    /// With what people type.
    devices: Bounded<String, (DeviceGrant, String)>,
    /// Device codes by what people type.
    user_codes: HashMap<String, String>,
    pub(crate) sessions: Sessions,
    pub(crate) consents: Consents,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            codes: Bounded::new(MOST_KEPT),
            refresh_tokens: Bounded::new(MOST_KEPT),
            families: 0,
            revoked: Bounded::new(MOST_KEPT),
            devices: Bounded::new(MOST_KEPT),
            user_codes: HashMap::new(),
            sessions: Sessions::new(MOST_KEPT),
            consents: Consents::default(),
        }
    }
}

impl Store {
    /// Issues a code. `grant.expires` is set here.
    pub(crate) fn issue_code(&mut self, grant: CodeGrant, now: i64) -> String {
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
            self.codes.use_up(code.to_owned());
        }
    }

    /// Issues a refresh token. One that does not succeed another begins a family.
    pub(super) fn issue_refresh_token(&mut self, mut grant: RefreshGrant) -> String {
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
        self.revoked.get(&token.family).is_some()
    }

    /// Uses a single-use token. A second use revokes its whole family: one of the two users stole it.
    pub(super) fn spend(&mut self, token: &str) -> bool {
        let Some(grant) = self.refresh_tokens.get_mut(token) else { return false };
        if grant.spent {
            if self.revoked.get(&grant.family).is_none() {
                self.revoked.insert(grant.family, ());
            }
            return false;
        }
        grant.spent = true;
        self.refresh_tokens.use_up(token.to_owned());
        true
    }

    /// Issues the device's code and the person's.
    pub(super) fn issue_device_code(&mut self, grant: DeviceGrant) -> (String, String) {
        let (device_code, user_code) = (random::secret(), random::user_code());
        if let Some((_, gone)) = self.devices.insert(device_code.clone(), (grant, user_code.clone())) {
            self.user_codes.remove(&gone);
        }
        self.user_codes.insert(user_code.clone(), device_code.clone());
        (device_code, user_code)
    }

    pub(super) fn device(&self, device_code: &str) -> Option<&DeviceGrant> {
        self.devices.get(device_code).map(|(grant, _)| grant)
    }

    pub(super) fn device_by_user_code(&self, user_code: &str) -> Option<&DeviceGrant> {
        self.device(self.user_codes.get(&typed(user_code))?)
    }

    pub(super) fn decide_device(&mut self, device_code: &str, state: DeviceState) {
        if let Some((device, _)) = self.devices.get_mut(device_code) {
            let used_up = matches!(state, DeviceState::Declined | DeviceState::Redeemed);
            device.state = state;
            if used_up {
                self.devices.use_up(device_code.to_owned());
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn device(store: &mut Store) -> (String, String) {
        store.issue_device_code(DeviceGrant {
            client_id: String::new(),
            tenant: String::new(),
            scopes: ScopeRequest::default(),
            state: DeviceState::Pending,
            expires: DEVICE_CODE_LIFETIME,
        })
    }

    #[test]
    fn the_oldest_device_code_is_forgotten_with_what_people_type_for_it() {
        let mut store = Store::default();
        let devices = [(); 2].map(|()| device(&mut store));
        for _ in 2..=MOST_KEPT {
            device(&mut store);
        }
        assert!(store.device(&devices[0].0).is_none() && store.device(&devices[1].0).is_some());
        assert!(store.device_by_user_code(&devices[0].1).is_none());
        assert!(store.device_by_user_code(&devices[1].1).is_some());
        assert_eq!(store.user_codes.len(), MOST_KEPT);
    }
}
