//! Client credentials (RFC 6749 §4.4): an application speaks for itself.

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError};

use super::{Grant, Resource, TokenRequest, check_origin, client, only_tenant};

pub(super) fn grant<'a>(request: &TokenRequest<'a>) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate_confidential(request)?;
    check_origin(request, Platform::Web)?;
    let tenant = only_tenant(request)?;
    let scopes = request.required_scopes()?;
    if !scopes.default {
        let scope = request.parameters.get("scope").unwrap_or_default();
        let message = format!(
            "The scope '{scope}' is not valid: this grant takes the resource's identifier and '/.default'."
        );
        return Err(Aadsts::DefaultScopeExpected.because(message));
    }
    let resource = scopes.resource(request.directory, tenant)?;
    if let Resource::Api(api) = resource
        && api.assignment_required
        && client.app.assigned_roles.get(&resource.uri()).is_none_or(Vec::is_empty)
    {
        let message =
            format!("The application '{}' is assigned to no role of '{}'.", client.app.name, api.name);
        return Err(Aadsts::AppNotAssigned.because(message));
    }
    Ok(Grant::new(client, tenant, resource, scopes))
}
