//! Grants: pure functions of directory, request, store and time. One file a grant.

mod account;
mod authorization_code;
mod authorize;
mod client;
mod client_assertion;
mod client_credentials;
mod device_code;
mod on_behalf_of;
mod password;
mod path_tenant;
mod refresh_token;
mod response;
mod scope;
mod store;

use std::collections::BTreeMap;

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
    token::KeyRing,
};

pub(crate) use authorize::{Answer, Authorization, Decision, Failure, Outcome, ResponseMode, decide};
pub(crate) use client_assertion::federated_credential;
pub(crate) use device_code::{DeviceAnswer, approval, start as start_device};
pub(crate) use path_tenant::PathTenant;
pub(crate) use response::{Issuer, Wishes};
pub(crate) use scope::{Resource, ScopeRequest};
pub(crate) use store::{Challenge, CodeGrant, DeviceGrant, DeviceState, RefreshGrant, Session, Store};

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
                return Err(
                    Aadsts::InvalidRequest.because(format!("The parameter '{name}' is sent more than once."))
                );
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
    /// `common` or `organizations`, if it is one of them.
    pub(crate) common: Option<&'a str>,
    pub(crate) directory: &'a Directory,
    /// The mock's own address.
    pub(crate) base_url: &'a str,
    /// The keys that this mock publishes.
    pub(crate) keys: &'a KeyRing,
    /// Whether a key of its issuer signed the federated assertion, or why that is not known; `None` if there is no such
    /// assertion.
    pub(crate) foreign: Option<Result<(), String>>,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// Whether it came to the v1.0 endpoint, where `resource` stands for `scope`.
    pub(crate) version_one: bool,
}

/// What a grant allows: the tokens that are made next.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) client: &'a App,
    /// Whether the client proved itself by an assertion.
    pub(crate) by_assertion: bool,
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: Option<&'a User>,
    pub(crate) resource: Resource<'a>,
    pub(crate) scopes: ScopeRequest,
    pub(crate) nonce: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) platform: Platform,
}

impl<'a> Grant<'a> {
    /// For the application itself; what else there is, is filled in.
    fn new(
        client: client::Client<'a>,
        tenant: &'a Tenant,
        resource: Resource<'a>,
        scopes: ScopeRequest,
    ) -> Self {
        Self {
            client: client.app,
            by_assertion: client.by_assertion,
            tenant,
            user: None,
            resource,
            scopes,
            nonce: None,
            session: None,
            refresh_token: None,
            platform: Platform::Web,
        }
    }
}

/// Judges a token request.
pub(crate) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    match request.parameters.required("grant_type")? {
        "client_credentials" => client_credentials::grant(request),
        "authorization_code" => authorization_code::grant(request, store),
        "refresh_token" => refresh_token::grant(request, store),
        "password" => password::grant(request, store),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => on_behalf_of::grant(request, store),
        // MSAL Node sends the short name.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_code::grant(request, store),
        other => Err(Aadsts::GrantTypeUnsupported
            .because(format!("The grant type '{other}' is not supported by this mock identity provider."))),
    }
}

/// For grants that name their tenant.
fn only_tenant<'a>(request: &TokenRequest<'a>) -> Result<&'a Tenant, OAuthError> {
    request.tenant.ok_or_else(|| {
        Aadsts::TenantRequired
            .because("This grant is not supported at 'common' or 'organizations'; name a tenant.")
    })
}

/// The scopes that a request asks for: of its `scope`, or of the `resource` that the v1.0 endpoints have in its place.
fn scopes_asked(
    parameters: &Parameters,
    directory: &Directory,
    version_one: bool,
) -> Result<Option<ScopeRequest>, OAuthError> {
    let (scope, resource) = (parameters.get("scope"), parameters.get("resource"));
    if version_one {
        return resource.map(ScopeRequest::of_resource).transpose();
    }
    let scopes = scope.map(ScopeRequest::parse).transpose()?;
    if let (Some(scopes), Some(resource)) = (&scopes, resource)
        && !scopes.is_of(resource, directory)
    {
        return Err(Aadsts::ResourceMismatch.because(format!(
            "The parameter 'resource' ({resource}) does not match the resource of the scopes."
        )));
    }
    Ok(scopes)
}

impl TokenRequest<'_> {
    fn scopes(&self) -> Result<Option<ScopeRequest>, OAuthError> {
        scopes_asked(self.parameters, self.directory, self.version_one)
    }

    fn required_scopes(&self) -> Result<ScopeRequest, OAuthError> {
        let name = if self.version_one { "resource" } else { "scope" };
        self.scopes()?.ok_or_else(|| OAuthError::missing_parameter(name))
    }
}

/// Codes and refresh tokens of single-page apps are for browsers, and no others'.
fn check_origin(request: &TokenRequest<'_>, platform: Platform) -> Result<(), OAuthError> {
    match (platform, request.cross_origin) {
        (Platform::Spa, false) => Err(Aadsts::CrossOriginRequired.because(
            "What was issued for a 'Single-Page Application' can be redeemed by cross-origin requests only.",
        )),
        (Platform::Web | Platform::Public, true) => Err(Aadsts::CrossOriginRefused.because(
            "Cross-origin redemption is for redirect URIs of the type 'Single-Page Application' only.",
        )),
        _ => Ok(()),
    }
}
