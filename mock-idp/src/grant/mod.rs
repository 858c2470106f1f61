//! Grants: pure functions of directory, request, store and time. One file a grant.

mod authorization_code;
mod authorize;
mod client;
mod client_credentials;
mod refresh_token;
mod response;
mod scope;
mod store;

use std::collections::BTreeMap;

use crate::{
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
};

pub(crate) use authorize::{Authorization, Decision, Failure, Outcome, ResponseMode, decide};
pub(crate) use response::{Issuer, TokenResponse};
pub(crate) use scope::{Resource, ScopeRequest};
pub(crate) use store::{Challenge, CodeGrant, Store};

/// The parameters of a request, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a form or query. RFC 6749 §3.1: a parameter without a value counts as left out, and none may come twice.
    pub(crate) fn parse(form: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(form) {
            if value.is_empty() {
                continue;
            }
            if parameters.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(OAuthError::new(
                    9_002_313,
                    format!("The parameter '{name}' is sent more than once."),
                ));
            }
        }
        Ok(Self(parameters))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::missing_parameter(name))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What a token request is judged by.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) parameters: &'a Parameters,
    /// Name and secret from `Authorization: Basic`.
    pub(crate) basic: Option<(String, String)>,
    /// Whether a browser sent it from another origin.
    pub(crate) cross_origin: bool,
    /// `None` at `common` and `organizations`.
    pub(crate) tenant: Option<&'a Tenant>,
    pub(crate) directory: &'a Directory,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// What a grant allows: the tokens that are made next.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) client: &'a App,
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: Option<&'a User>,
    pub(crate) resource: Resource<'a>,
    pub(crate) scopes: ScopeRequest,
    pub(crate) nonce: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) platform: Platform,
}

/// Judges a token request.
pub(crate) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    match request.parameters.required("grant_type")? {
        "client_credentials" => client_credentials::grant(request),
        "authorization_code" => authorization_code::grant(request, store),
        "refresh_token" => refresh_token::grant(request, store),
        other => Err(OAuthError::new(
            70003,
            format!("The grant type '{other}' is not supported by this mock identity provider."),
        )),
    }
}

/// Codes and refresh tokens of single-page apps are for browsers, and no others'.
fn check_origin(request: &TokenRequest<'_>, platform: Platform) -> Result<(), OAuthError> {
    match (platform, request.cross_origin) {
        (Platform::Spa, false) => Err(OAuthError::new(
            9_002_327,
            "What was issued for a 'Single-Page Application' can be redeemed by cross-origin requests only.",
        )),
        (Platform::Web | Platform::Public, true) => Err(OAuthError::new(
            9_002_326,
            "Cross-origin redemption is for redirect URIs of the type 'Single-Page Application' only.",
        )),
        _ => Ok(()),
    }
}
