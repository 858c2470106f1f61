//! Client credentials (RFC 6749 §4.4): an application speaks for itself.

use crate::{directory::Platform, error::OAuthError};

use super::{Grant, ScopeRequest, TokenRequest, check_origin, client};

pub(super) fn grant<'a>(request: &TokenRequest<'a>) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request)?;
    check_origin(request, Platform::Web)?;
    if client.client_secret.is_none() {
        return Err(OAuthError::new(
            7_000_218,
            "The request body must contain the parameter 'client_secret' or 'client_assertion'.",
        ));
    }
    let tenant = request.tenant.ok_or_else(|| {
        OAuthError::new(
            9_001_023,
            "This grant is not supported at 'common' or 'organizations'; name a tenant.",
        )
    })?;
    let scope = request.parameters.required("scope")?;
    let scopes = ScopeRequest::parse(scope)?;
    if !scopes.default {
        let message = format!(
            "The scope '{scope}' is not valid: this grant takes the resource's identifier and '/.default'."
        );
        return Err(OAuthError::new(1_002_012, message));
    }
    Ok(Grant {
        client,
        tenant,
        user: None,
        resource: scopes.resource(request.directory, tenant)?,
        scopes,
        nonce: None,
        session: None,
        refresh_token: None,
        platform: Platform::Web,
    })
}
