//! A token request.

use crate::{
    aadsts::Aadsts,
    directory::{Directory, Platform, Tenant},
    error::OAuthError,
    token::KeyRing,
};

use super::{
    client_assertion::ClientAssertion, parameters::Parameters, path_tenant::PathTenant,
    protocol_version::ProtocolVersion, scope::ScopeRequest,
};

/// What a token request is judged by.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) version: ProtocolVersion,
    pub(crate) tenant: PathTenant<'a>,
    /// Name and secret from `Authorization: Basic`.
    pub(crate) basic: Option<(String, String)>,
    pub(crate) assertion: Option<ClientAssertion<'a>>,
    /// Whether a browser sent it from another origin.
    pub(crate) cross_origin: bool,
    pub(crate) directory: &'a Directory,
    /// The mock's own URL.
    pub(crate) base_url: &'a str,
    /// The keys that this mock publishes.
    pub(crate) keys: &'a KeyRing,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl<'a> TokenRequest<'a> {
    /// For grants that need a tenant in the path.
    pub(super) fn required_tenant(&self) -> Result<&'a Tenant, OAuthError> {
        self.tenant.one().ok_or_else(|| {
            Aadsts::TenantRequired
                .because("This grant is not supported at 'common' or 'organizations'; name a tenant.")
        })
    }

    pub(super) fn scopes(&self) -> Result<Option<ScopeRequest>, OAuthError> {
        ScopeRequest::asked(self.parameters, self.directory, self.version)
    }

    pub(super) fn required_scopes(&self) -> Result<ScopeRequest, OAuthError> {
        let name = match self.version {
            ProtocolVersion::V1 => "resource",
            ProtocolVersion::V2 => "scope",
        };
        self.scopes()?.ok_or_else(|| OAuthError::missing_parameter(name))
    }

    /// Codes and refresh tokens of single-page apps are redeemed by browsers, and those of others are not.
    pub(super) fn check_origin(&self, platform: Platform) -> Result<(), OAuthError> {
        match (platform, self.cross_origin) {
            (Platform::Spa, false) => Err(Aadsts::CrossOriginRequired.because(
                "What was issued for a 'Single-Page Application' can be redeemed by cross-origin requests only.",
            )),
            (Platform::Web | Platform::Public, true) => Err(Aadsts::CrossOriginRefused.because(
                "Cross-origin redemption is for redirect URIs of the type 'Single-Page Application' only.",
            )),
            _ => Ok(()),
        }
    }
}
