//! Scopes: what a request asks for, and of which resource.

use std::collections::HashSet;

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, GRAPH_URI, Tenant, is_graph},
    error::OAuthError,
};

use super::{parameters::Parameters, protocol_version::ProtocolVersion};

/// The API that a token is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resource<'a> {
    Api(&'a App),
    Graph,
}

impl Resource<'_> {
    pub(crate) fn uri(self) -> String {
        match self {
            Self::Graph => GRAPH_URI.to_owned(),
            Self::Api(app) => {
                app.identifier_uri.clone().unwrap_or_else(|| format!("api://{}", app.client_id))
            }
        }
    }
}

/// The scopes of a request, parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a scope, asked for or not")]
pub(crate) struct ScopeRequest {
    pub(crate) openid: bool,
    pub(crate) profile: bool,
    pub(crate) email: bool,
    pub(crate) offline_access: bool,
    /// `/.default`: everything that was consented to.
    pub(crate) default: bool,
    /// The identifier of the resource as the client spelt it; none means Microsoft Graph.
    pub(crate) identifier: Option<String>,
    /// The resource's scopes, without its identifier.
    pub(crate) names: Vec<String>,
}

impl ScopeRequest {
    /// The scopes that a request asks for: of its `scope`, or of the `resource` that v1.0 endpoints have in its place.
    pub(super) fn asked(
        parameters: &Parameters,
        directory: &Directory,
        version: ProtocolVersion,
    ) -> Result<Option<Self>, OAuthError> {
        let resource = parameters.get("resource");
        if version == ProtocolVersion::V1 {
            return resource.map(Self::of_resource).transpose();
        }
        let scopes = parameters.get("scope").map(Self::parse).transpose()?;
        if let (Some(scopes), Some(resource)) = (&scopes, resource)
            && !scopes.is_of(resource, directory)
        {
            let message =
                format!("The parameter 'resource' ({resource}) does not match the resource of the scopes.");
            return Err(Aadsts::ResourceMismatch.because(message));
        }
        Ok(scopes)
    }

    /// Parses `scope` (RFC 6749 §3.3). All scopes must be of one resource; one without an identifier is of Microsoft
    /// Graph ([scopes](https://learn.microsoft.com/entra/identity-platform/scopes-oidc)).
    pub(crate) fn parse(scope: &str) -> Result<Self, OAuthError> {
        let mut request = Self::default();
        let (mut identifiers, mut seen) = (HashSet::new(), HashSet::new());
        for scope in scope.split_whitespace() {
            match scope {
                "openid" => request.openid = true,
                "profile" => request.profile = true,
                "email" => request.email = true,
                "offline_access" => request.offline_access = true,
                _ => {
                    let (identifier, name) = match scope.rsplit_once('/') {
                        Some((identifier, name)) => (Some(identifier), name),
                        None => (None, scope),
                    };
                    identifiers.insert(identifier);
                    match name {
                        ".default" => request.default = true,
                        name if seen.insert(name) => request.names.push(name.to_owned()),
                        _ => {}
                    }
                }
            }
        }
        if identifiers.len() > 1 {
            return Err(Aadsts::ScopeInvalid
                .because("The scopes are of more than one resource; ask for one at a time."));
        }
        if request.default && !request.names.is_empty() {
            return Err(Aadsts::ScopeInvalid
                .because("'.default' cannot be combined with other scopes of the resource."));
        }
        request.identifier = identifiers.into_iter().flatten().next().map(str::to_owned);
        Ok(request)
    }

    /// What the `resource` of v1.0 endpoints asks for: everything that was consented to.
    pub(crate) fn of_resource(resource: &str) -> Result<Self, OAuthError> {
        Ok(Self {
            openid: true,
            profile: true,
            offline_access: true,
            ..Self::parse(&format!("{resource}/.default"))?
        })
    }

    /// Whether these are scopes of that resource, under whichever of its names.
    pub(super) fn is_of(&self, resource: &str, directory: &Directory) -> bool {
        let api = |identifier: &str| directory.api(identifier).map(|api| &api.client_id);
        match self.identifier.as_deref() {
            Some(identifier) => {
                identifier == resource || api(identifier).is_some_and(|id| api(resource) == Some(id))
            }
            None => is_graph(resource),
        }
    }

    /// The resource that the scopes are of.
    pub(crate) fn resource<'a>(
        &self,
        directory: &'a Directory,
        tenant: &Tenant,
    ) -> Result<Resource<'a>, OAuthError> {
        match self.identifier.as_deref().map(|identifier| identifier.strip_suffix('/').unwrap_or(identifier))
        {
            None => Ok(Resource::Graph),
            Some(identifier) if is_graph(identifier) => Ok(Resource::Graph),
            Some(identifier) => {
                let api = directory.api(identifier).filter(|app| app.is_in(tenant));
                api.map(Resource::Api).ok_or_else(|| {
                    let message =
                        format!("The resource '{identifier}' was not found in the tenant '{}'.", tenant.name);
                    Aadsts::ResourceUnknown.because(message)
                })
            }
        }
    }

    /// The scopes about the user.
    pub(crate) fn oidc(&self) -> impl Iterator<Item = &'static str> {
        let asked = [(self.profile, "profile"), (self.openid, "openid"), (self.email, "email")];
        asked.into_iter().filter_map(|(asked, name)| asked.then_some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_of_one_resource() {
        let request =
            ScopeRequest::parse("api://orders/Orders.Read openid api://orders/Orders.Write offline_access")
                .unwrap();
        assert_eq!(request.identifier.as_deref(), Some("api://orders"));
        assert_eq!(request.names, ["Orders.Read", "Orders.Write"]);
        assert!(request.openid && request.offline_access && !request.profile);
        assert_eq!(ScopeRequest::parse("api://a/X api://b/X").unwrap_err().code, Aadsts::ScopeInvalid);
        assert_eq!(ScopeRequest::parse("api://a/X User.Read").unwrap_err().code, Aadsts::ScopeInvalid);
    }

    #[test]
    fn default_is_not_combined_with_other_scopes() {
        assert!(ScopeRequest::parse("api://orders/.default openid").unwrap().default);
        assert_eq!(
            ScopeRequest::parse("api://orders/.default api://orders/Orders.Read").unwrap_err().code,
            Aadsts::ScopeInvalid
        );
    }
}
