//! Codes and refresh tokens that were issued.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::directory::{App, Platform, Tenant, User};

use super::ScopeRequest;

/// How long an authorization code is good, in seconds.
const CODE_LIFETIME: i64 = 600;
/// How long a refresh token is good if it is not used, in seconds: 90 days.
const REFRESH_TOKEN_LIFETIME: i64 = 90 * 24 * 3600;
/// How long a single-page app's is good, used or not, in seconds.
const SPA_REFRESH_TOKEN_LIFETIME: i64 = 24 * 3600;
/// More than this are not kept: a mock that runs for weeks must not grow for ever.
const MOST_KEPT: usize = 100_000;

#[derive(Debug, Clone)]
pub(crate) enum Challenge {
    S256(String),
    Plain(String),
}

/// What stands behind an authorization code.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    pub(crate) platform: Platform,
    pub(crate) scopes: ScopeRequest,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) nonce: Option<String>,
    pub(crate) session: String,
    pub(crate) expires: i64,
    pub(crate) redeemed: bool,
}

/// What stands behind a refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    pub(crate) client_id: String,
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) scopes: ScopeRequest,
    pub(crate) platform: Platform,
    pub(crate) expires: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    codes: HashMap<String, CodeGrant>,
    refresh_tokens: HashMap<String, RefreshGrant>,
}

impl Store {
    /// Keeps what stands behind a new code, and returns the code. `grant.expires` is set here.
    pub(crate) fn issue_code(&mut self, grant: CodeGrant, now: i64) -> String {
        if self.codes.len() >= MOST_KEPT {
            self.codes.retain(|_, code| code.expires > now);
        }
        let code = format!("1.{}", random());
        self.codes.insert(code.clone(), CodeGrant { expires: now + CODE_LIFETIME, ..grant });
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

    #[expect(clippy::too_many_arguments, reason = "what a refresh token is bound to")]
    pub(super) fn issue_refresh_token(
        &mut self,
        client: &App,
        tenant: &Tenant,
        user: &User,
        scopes: &ScopeRequest,
        platform: Platform,
        now: i64,
        expires: Option<i64>,
    ) -> String {
        if self.refresh_tokens.len() >= MOST_KEPT {
            self.refresh_tokens.retain(|_, token| token.expires > now);
        }
        let lifetime =
            if platform == Platform::Spa { SPA_REFRESH_TOKEN_LIFETIME } else { REFRESH_TOKEN_LIFETIME };
        let token = format!("1.{}", random());
        let grant = RefreshGrant {
            client_id: client.client_id.clone(),
            tenant: tenant.tenant_id.clone(),
            user: user.oid.clone(),
            scopes: scopes.clone(),
            platform,
            expires: expires.unwrap_or(now + lifetime),
        };
        self.refresh_tokens.insert(token.clone(), grant);
        token
    }

    pub(super) fn refresh_token(&self, token: &str) -> Option<&RefreshGrant> {
        self.refresh_tokens.get(token)
    }
}

fn random() -> String {
    let mut bytes = [0; 48];
    aws_lc_rs::rand::fill(&mut bytes).expect("the machine has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
