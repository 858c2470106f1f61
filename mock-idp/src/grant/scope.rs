//! Scopes: what a request asks for.

use crate::{
    aadsts::Aadsts,
    directory::{Directory, GRAPH_ID, Tenant, is_graph},
    error::OAuthError,
};

use super::{
    parameters::Parameters,
    protocol_version::ProtocolVersion,
    resource::{Resource, canonical},
};

/// A scope of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedScope {
    /// Without the resource's identifier.
    pub(super) name: String,
    /// As the client spelt it, which is how a response spells it.
    pub(super) spelt: String,
}

/// The scopes of one resource that a request asks for, and those about the user.
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
    pub(super) scopes: Vec<AskedScope>,
}

impl ScopeRequest {
    /// The scopes that a token request asks for: of its `scope`, or of the `resource` that v1.0 endpoints have in its place.
    /// A token is for one resource: several are AADSTS28000, but 70011 with `.default` (Azure/azure-sdk-for-net#9076).
    pub(super) fn asked(
        parameters: &Parameters,
        directory: &Directory,
        version: ProtocolVersion,
    ) -> Result<Option<Self>, OAuthError> {
        let mut asked = Self::all_asked(parameters, directory, version)?;
        if asked.len() > 1 {
            let by_default = asked.iter().any(|scopes| scopes.default);
            let code = if by_default { Aadsts::ScopeInvalid } else { Aadsts::SeveralResources };
            return Err(
                code.because("The scopes are of more than one resource: ask for a token of one at a time.")
            );
        }
        Ok(asked.pop())
    }

    /// As [`asked`](Self::asked), at the authorize endpoint, where the scopes may be of several resources: one entry for each,
    /// in the order in which they are named. The code gives a token of the first
    /// ([authorization code flow](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow)).
    pub(super) fn all_asked(
        parameters: &Parameters,
        directory: &Directory,
        version: ProtocolVersion,
    ) -> Result<Vec<Self>, OAuthError> {
        let resource = parameters.get("resource");
        if version == ProtocolVersion::V1 {
            return Ok(resource.map(Self::of_resource).into_iter().collect());
        }
        let scopes = parameters.get("scope").map(|scope| Self::parse(scope, directory)).transpose()?;
        let scopes = scopes.unwrap_or_default();
        if let (Some(resource), Some(first)) = (resource, scopes.first())
            && !first.is_of(resource, directory)
        {
            let message =
                format!("The parameter 'resource' ({resource}) does not match the resource of the scopes.");
            return Err(Aadsts::ResourceMismatch.because(message));
        }
        Ok(scopes)
    }

    /// Parses `scope` (RFC 6749 §3.3): at least one entry, one for each resource. A scope without an identifier is of
    /// Microsoft Graph ([scopes](https://learn.microsoft.com/entra/identity-platform/scopes-oidc)).
    pub(crate) fn parse(scope: &str, directory: &Directory) -> Result<Vec<Self>, OAuthError> {
        check_count(scope)?;
        let (mut about_user, mut resources) = (Self::default(), Vec::<(String, Self)>::new());
        for spelt in scope.split_whitespace() {
            let (identifier, name) = match spelt.rsplit_once('/') {
                Some((identifier, name)) => (Some(identifier), name),
                None => (None, spelt),
            };
            let resource = canonical(identifier, directory);
            if resource == GRAPH_ID && about_user.ask_oidc(name) {
                continue;
            }
            check_length(name)?;
            let known = resources.iter().position(|(known, _)| *known == resource);
            let at = known.unwrap_or_else(|| {
                let identifier = identifier.map(str::to_owned);
                resources.push((resource, Self { identifier, ..Self::default() }));
                resources.len() - 1
            });
            resources[at].1.ask(name, spelt);
        }
        let mixes =
            |(_, one): &(_, Self)| one.default && resources.iter().any(|(_, other)| !other.scopes.is_empty());
        if resources.iter().any(mixes) {
            return Err(Aadsts::ScopeInvalid.because("'.default' cannot be combined with other scopes."));
        }
        if resources.is_empty() {
            return Ok(vec![about_user]);
        }
        let Self { openid, profile, email, offline_access, .. } = about_user;
        let complete = |(_, of): (_, Self)| Self { openid, profile, email, offline_access, ..of };
        Ok(resources.into_iter().map(complete).collect())
    }

    /// Whether that is a scope about the user. They belong to Microsoft Graph.
    fn ask_oidc(&mut self, name: &str) -> bool {
        match name.to_ascii_lowercase().as_str() {
            "openid" => self.openid = true,
            "profile" => self.profile = true,
            "email" => self.email = true,
            "offline_access" => self.offline_access = true,
            _ => return false,
        }
        true
    }

    fn ask(&mut self, name: &str, spelt: &str) {
        if name.eq_ignore_ascii_case(".default") {
            self.default = true;
        } else if self.spelling_of(name).is_none() {
            self.scopes.push(AskedScope { name: name.to_owned(), spelt: spelt.to_owned() });
        }
    }

    /// How the client spelt a scope, if it asked for it. Scopes are compared without case.
    pub(super) fn spelling_of(&self, name: &str) -> Option<&str> {
        let asked = self.scopes.iter().find(|asked| asked.name.eq_ignore_ascii_case(name));
        asked.map(|asked| asked.spelt.as_str())
    }

    /// The scopes about the user.
    pub(super) fn about_user(&self) -> impl Iterator<Item = &'static str> + use<> {
        let asked = [
            (self.openid, "openid"),
            (self.profile, "profile"),
            (self.email, "email"),
            (self.offline_access, "offline_access"),
        ];
        asked.into_iter().filter_map(|(asked, name)| asked.then_some(name))
    }

    /// Whether it names a resource, not only scopes about the user.
    pub(super) fn names_resource(&self) -> bool {
        self.default || !self.scopes.is_empty()
    }

    /// What the `resource` of v1.0 endpoints asks for: everything that was consented to.
    pub(crate) fn of_resource(resource: &str) -> Self {
        Self {
            openid: true,
            profile: true,
            offline_access: true,
            default: true,
            identifier: Some(resource.to_owned()),
            ..Self::default()
        }
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
}

/// A client that asks for a token for itself names itself by its GUID, also as `api://GUID`
/// ([AADSTS90009](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
pub(super) fn is_guid_based(identifier: &str) -> bool {
    let identifier = identifier.trim_end_matches('/');
    uuid::Uuid::try_parse(identifier.strip_prefix("api://").unwrap_or(identifier)).is_ok()
}

/// The limit is the mock's own: no client is known to ask for more.
fn check_count(scope: &str) -> Result<(), OAuthError> {
    const MOST: usize = 1_000;
    match scope.split_whitespace().nth(MOST) {
        None => Ok(()),
        Some(_) => Err(Aadsts::InvalidRequest
            .because(format!("There are too many scopes: at most {MOST} are expected."))),
    }
}

/// Consents are kept. Entra's scopes have at most 120 characters
/// ([oauth2Permissions](https://learn.microsoft.com/graph/api/resources/permissionscope)).
fn check_length(name: &str) -> Result<(), OAuthError> {
    const MOST: usize = 120;
    if name.len() <= MOST {
        return Ok(());
    }
    Err(Aadsts::ScopeInvalid
        .because(format!("The scope '{name}' is too long: at most {MOST} characters are expected.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(scope: &str) -> Result<Vec<ScopeRequest>, OAuthError> {
        ScopeRequest::parse(scope, &Directory::builtin())
    }

    #[test]
    fn scopes_are_grouped_by_resource_however_it_is_named() {
        let orders = "api://orders/Orders.Read openid dddddddd-0000-4000-8000-00000000a001/Orders.Write offline_access";
        let [request] = &parse(orders).unwrap()[..] else { panic!("one resource") };
        assert_eq!(request.identifier.as_deref(), Some("api://orders"));
        assert_eq!(request.spelling_of("orders.read"), Some("api://orders/Orders.Read"));
        assert!(request.spelling_of("Orders.Write").is_some());
        assert!(request.openid && request.offline_access && !request.profile);
        let both = parse("User.Read api://orders/Orders.Read https://graph.microsoft.com/Mail.Read").unwrap();
        assert_eq!((both.len(), both[0].scopes.len()), (2, 2));
        assert_eq!(parse("openid").unwrap().len(), 1);
    }

    #[test]
    fn default_is_not_combined_with_other_scopes() {
        assert!(parse("api://orders/.default openid").unwrap()[0].default);
        assert_eq!(parse("api://orders/.default https://graph.microsoft.com/.default").unwrap().len(), 2);
        for mixed in ["api://orders/.default api://orders/Orders.Read", "api://orders/.default User.Read"] {
            assert_eq!(parse(mixed).unwrap_err().code, Aadsts::ScopeInvalid);
        }
    }

    #[test]
    fn scopes_are_no_longer_than_entras_and_there_is_a_limit_to_their_number() {
        assert!(parse(&"x".repeat(120)).is_ok());
        assert_eq!(parse(&"x".repeat(121)).unwrap_err().code, Aadsts::ScopeInvalid);
        assert!(parse(&"x/y ".repeat(1_000)).is_ok());
        assert_eq!(parse(&"x/y ".repeat(1_001)).unwrap_err().code, Aadsts::InvalidRequest);
    }
}
