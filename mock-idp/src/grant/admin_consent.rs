//! Admin consent ([v2.0](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent);
//! [v1.0](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#request-the-permissions-from-a-directory-admin)):
//! an administrator consents to an app for everyone in the tenant, which has the app from then on. App roles stay as the
//! directory assigns them.

use crate::{
    aadsts::Aadsts,
    directory::{Tenant, is_graph},
    error::OAuthError,
};

use super::{
    authorization::{Authorization, Decision, Destination, Failure, Outcome},
    authorization_response::AdminConsentResponse,
    consent::{admin_needed, full_name, is_agreed},
    consents::{For, Party, Scope},
    protocol_version::ProtocolVersion,
    resource::Resource,
    scope::ScopeRequest,
    sign_in_state::{self, Presence},
    store::Store,
};

/// Judges the request and, once an administrator has decided, consents for everyone.
pub(crate) fn decide<'a>(
    request: &Authorization<'a>,
    decision: Decision<'_>,
    store: &mut Store,
) -> Outcome<'a> {
    let outcome = request.destination().and_then(|to| request.admin_consent(to, decision, store));
    outcome.unwrap_or_else(|error| Outcome::Failed(Failure::Page(error)))
}

impl<'a> Authorization<'a> {
    fn admin_consent(
        &self,
        to: Destination<'a>,
        decision: Decision<'_>,
        store: &mut Store,
    ) -> Result<Outcome<'a>, OAuthError> {
        let (client, tenant) = (to.client, self.sign_in_tenant(to.client));
        if matches!(decision, Decision::Cancelled | Decision::Declined) {
            return Ok(self.send_admin_back(to, self.refusal()));
        }
        let Some(user) = self.user(tenant, decision)? else { return Ok(self.ask(client, tenant)) };
        sign_in_state::check(user, Presence::Present)?;
        let party = Party { directory: self.directory, client, tenant, user };
        if !user.is_admin() {
            return Ok(Outcome::AskAdmin { error: admin_needed(&party) });
        }
        let scopes = self.scopes_for_everyone(&party)?;
        let names: Vec<String> = scopes.iter().map(full_name).collect();
        if !is_agreed(decision, &party) {
            return Ok(Outcome::AskConsent { client, user, scopes: names });
        }
        store.consents.give(client, tenant, For::Everyone, scopes);
        Ok(self.send_admin_back(to, (self.success(tenant, &names), None)))
    }

    /// Those that are named, or all of the directory: the v1.0 endpoint has no `scope`, and `.default` means the same.
    fn scopes_for_everyone(&self, party: &Party<'a>) -> Result<Vec<Scope<'a>>, OAuthError> {
        let asked = match self.version {
            ProtocolVersion::V1 => Vec::new(),
            ProtocolVersion::V2 => ScopeRequest::parse(self.parameters.required("scope")?, self.directory)?,
        };
        let named = self.each(&asked, party, |scopes, resource| scopes.names_on(resource, party))?;
        if self.version == ProtocolVersion::V2 && !asked.iter().any(|scopes| scopes.default) {
            return Ok(named);
        }
        let resource = |uri: &str| match self.directory.api(uri) {
            _ if is_graph(uri) => Some(Resource::Graph),
            api => api.map(Resource::Api),
        };
        let registered =
            party.client.delegated.iter().filter_map(|(uri, names)| Some((resource(uri)?, names)));
        Ok(registered
            .flat_map(|(resource, names)| names.iter().map(move |name| (resource, name.clone())))
            .collect())
    }

    fn success(&self, tenant: &Tenant, scopes: &[String]) -> Vec<(&'static str, String)> {
        let mut fields = vec![("admin_consent", "True".to_owned()), ("tenant", tenant.tenant_id.clone())];
        if self.version == ProtocolVersion::V2 {
            fields.push(("scope", scopes.join(" ")));
        }
        fields
    }

    fn refusal(&self) -> (Vec<(&'static str, String)>, Option<OAuthError>) {
        match self.version {
            ProtocolVersion::V1 => {
                let error = ("error", "permission_denied".to_owned());
                (vec![error, ("error_description", "The admin canceled the request".to_owned())], None)
            }
            ProtocolVersion::V2 => {
                let fields =
                    vec![("admin_consent", "True".to_owned()), ("error", "consent_required".to_owned())];
                let error = Aadsts::UserDeclined
                    .because("The resource owner or authorization server denied the request.");
                (fields, Some(error))
            }
        }
    }

    fn send_admin_back(
        &self,
        to: Destination<'_>,
        (mut fields, error): (Vec<(&'static str, String)>, Option<OAuthError>),
    ) -> Outcome<'a> {
        fields.extend(self.state().map(|state| ("state", state)));
        let redirect_uri = to.redirect_uri.to_owned();
        Outcome::AdminConsent(AdminConsentResponse { redirect_uri, fields, error })
    }
}
