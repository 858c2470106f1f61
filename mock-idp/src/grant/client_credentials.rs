//! Client credentials (RFC 6749 §4.4): an application acts for itself.

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError};

use super::{client, granted::Grant, request::TokenRequest, resource::Resource, store::Store};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate_confidential(request, &store.consents)?;
    request.check_origin(Platform::Web)?;
    let tenant = request.required_tenant()?;
    let scopes = request.required_scopes()?;
    if !scopes.default {
        let scope = request.parameters.get("scope").unwrap_or_default();
        return Err(Aadsts::DefaultScopeExpected.because(format!(
            "The scope '{scope}' is not valid: this grant expects the resource's identifier and '/.default'."
        )));
    }
    let scopes = scopes.granted(request.directory, client.app, tenant)?;
    if let Resource::Api(api) = scopes.resource
        && api.assignment_required
        && client.app.assigned_roles.get(&scopes.resource.uri()).is_none_or(Vec::is_empty)
    {
        let message =
            format!("The application '{}' is assigned to no role of '{}'.", client.app.name, api.name);
        return Err(Aadsts::AppNotAssigned.because(message));
    }
    Ok(Grant::for_app(client, tenant, scopes))
}
