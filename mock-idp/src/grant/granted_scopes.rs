//! Scopes that were granted.

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Tenant},
    error::OAuthError,
};

use super::scope::{Resource, ScopeRequest};

/// The scopes that were asked for, their resource, and those of them that were granted.
#[derive(Debug)]
pub(crate) struct GrantedScopes<'a> {
    pub(crate) request: ScopeRequest,
    pub(crate) resource: Resource<'a>,
    /// Without the resource's identifier.
    pub(crate) names: Vec<String>,
}

impl ScopeRequest {
    /// Grants the scopes that were asked for, if they exist and were consented to.
    pub(super) fn granted<'a>(
        self,
        directory: &'a Directory,
        client: &App,
        tenant: &Tenant,
    ) -> Result<GrantedScopes<'a>, OAuthError> {
        let resource = self.resource(directory, tenant)?;
        let consented = client.delegated.get(&resource.uri()).map_or(&[][..], Vec::as_slice);
        if self.default {
            return Ok(GrantedScopes { request: self, resource, names: consented.to_vec() });
        }
        if let Resource::Api(api) = resource
            && let Some(unknown) = self.names.iter().find(|name| !api.scopes.contains(name))
        {
            let message = format!("The scope '{unknown}' does not exist on '{}'.", api.name);
            return Err(Aadsts::ScopeInvalid.because(message));
        }
        if self.names.iter().any(|name| !consented.contains(name)) {
            return Err(Aadsts::ConsentMissing.because(format!(
                "Nobody has consented to what the application '{}' named '{}' asks for. Consent is part of the directory.",
                client.client_id, client.name
            )));
        }
        let names = self.names.clone();
        Ok(GrantedScopes { request: self, resource, names })
    }
}

impl GrantedScopes<'_> {
    /// The resource as the client spelt it.
    pub(super) fn identifier(&self) -> String {
        self.request.identifier.clone().unwrap_or_else(|| self.resource.uri())
    }

    /// The scopes in an access token: one for Microsoft Graph carries those about the user, too.
    pub(super) fn in_token(&self) -> Vec<String> {
        self.names.iter().cloned().chain(self.oidc()).collect()
    }

    /// The `scope` member of a response: the resource's identifier is before each of its scopes, but for Graph's.
    pub(super) fn in_response(&self) -> String {
        let spelt = |name: &String| match (&self.request.identifier, self.resource) {
            (Some(identifier), Resource::Api(_)) => format!("{identifier}/{name}"),
            _ => name.clone(),
        };
        let default = self.request.default.then(|| format!("{}/.default", self.identifier()));
        self.names.iter().map(spelt).chain(default).chain(self.oidc()).collect::<Vec<_>>().join(" ")
    }

    fn oidc(&self) -> impl Iterator<Item = String> {
        let graph = matches!(self.resource, Resource::Graph);
        self.request.oidc().filter(move |_| graph).map(str::to_owned)
    }
}
