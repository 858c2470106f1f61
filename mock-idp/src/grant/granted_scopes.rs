//! Scopes that were granted.

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Tenant},
    error::OAuthError,
};

use super::{
    consents::{Consents, Party},
    resource::Resource,
    scope::ScopeRequest,
};

/// The scopes that were asked for, their resource, and what was consented to there.
#[derive(Debug)]
pub(crate) struct GrantedScopes<'a> {
    pub(crate) request: ScopeRequest,
    pub(crate) resource: Resource<'a>,
    /// All scopes of the resource that were consented to, not only those asked for: so it is with Entra
    /// (AzureAD/microsoft-authentication-library-for-dotnet#1713). Without the resource's identifier.
    pub(crate) names: Vec<String>,
}

impl ScopeRequest {
    /// For an app that acts for itself, which has app roles instead of scopes.
    pub(super) fn granted<'a>(
        self,
        directory: &'a Directory,
        client: &App,
        tenant: &Tenant,
    ) -> Result<GrantedScopes<'a>, OAuthError> {
        let resource = self.resource(directory, tenant)?;
        let names = resource.consented_by_directory(directory, client).to_vec();
        Ok(GrantedScopes { request: self, resource, names })
    }

    /// For a user: grants the scopes that were asked for, if they exist and were consented to.
    pub(super) fn granted_to<'a>(
        self,
        consents: &Consents,
        party: &Party<'a>,
    ) -> Result<GrantedScopes<'a>, OAuthError> {
        let resource = self.existing(party.directory, party.tenant)?;
        if !self.missing(resource, consents, party).is_empty() {
            return Err(party.consent_missing());
        }
        let names = consents.of(party, resource);
        Ok(GrantedScopes { request: self, resource, names })
    }

    /// The resource, if it exists and has the scopes. Of Microsoft Graph's scopes the mock has no list: each exists.
    pub(super) fn existing<'a>(
        &self,
        directory: &'a Directory,
        tenant: &Tenant,
    ) -> Result<Resource<'a>, OAuthError> {
        let resource = self.resource(directory, tenant)?;
        let exists = |name: &str| match resource {
            Resource::Api(api) => api.scopes.iter().any(|scope| scope.eq_ignore_ascii_case(name)),
            Resource::Graph => true,
        };
        match self.scopes.iter().find(|asked| !exists(&asked.name)) {
            None => Ok(resource),
            Some(unknown) => Err(Aadsts::ScopeInvalid.because(format!(
                "The scope '{}' does not exist on '{}'.",
                unknown.name,
                resource.uri()
            ))),
        }
    }

    /// The scopes asked for that nobody has consented to, as the resource spells them. `.default` asks for those of the
    /// directory.
    pub(super) fn missing(
        &self,
        resource: Resource<'_>,
        consents: &Consents,
        party: &Party<'_>,
    ) -> Vec<String> {
        let consented = consents.of(party, resource);
        let mut missing = self.names_on(resource, party);
        missing.retain(|name| !consented.iter().any(|known| known.eq_ignore_ascii_case(name)));
        missing
    }

    /// The scopes asked for, as the resource spells them.
    pub(super) fn names_on(&self, resource: Resource<'_>, party: &Party<'_>) -> Vec<String> {
        if self.default {
            return resource.consented_by_directory(party.directory, party.client).to_vec();
        }
        let known = match resource {
            Resource::Api(api) => api.scopes.as_slice(),
            Resource::Graph => &[],
        };
        let spelt = |asked: &str| known.iter().find(|name| name.eq_ignore_ascii_case(asked)).cloned();
        self.scopes.iter().map(|asked| spelt(&asked.name).unwrap_or_else(|| asked.name.clone())).collect()
    }
}

impl GrantedScopes<'_> {
    /// The resource as the client spelt it.
    pub(super) fn identifier(&self) -> String {
        self.request.identifier.clone().unwrap_or_else(|| self.resource.uri())
    }

    /// The scopes in an access token. One for Microsoft Graph carries those about the user, too.
    pub(super) fn in_token(&self) -> Vec<String> {
        self.names.iter().cloned().chain(self.about_user().map(str::to_owned)).collect()
    }

    /// The `scope` member of a response: as the client spelt them, and the others in the spelling of the first.
    pub(super) fn in_response(&self) -> String {
        let prefix = self.request.identifier.as_ref().map(|identifier| format!("{identifier}/"));
        let prefix = prefix.unwrap_or_default();
        let spelt = |name: &String| {
            let asked = self.request.spelling_of(name).map(str::to_owned);
            asked.unwrap_or_else(|| format!("{prefix}{name}"))
        };
        let default = self.request.default.then(|| format!("{prefix}.default"));
        let about_user = self.about_user().map(str::to_owned);
        about_user.chain(self.names.iter().map(spelt)).chain(default).collect::<Vec<_>>().join(" ")
    }

    /// Microsoft Graph grants these whether they were asked for or not, and no other resource has them.
    fn about_user(&self) -> impl Iterator<Item = &'static str> {
        let graph = matches!(self.resource, Resource::Graph);
        ["email", "openid", "profile"].into_iter().filter(move |_| graph)
    }
}
