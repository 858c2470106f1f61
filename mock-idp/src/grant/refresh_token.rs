//! Refresh tokens (RFC 6749 §6). Each use gives a new one; in Entra the old one stays valid
//! ([refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens)).

use crate::{directory::Platform, error::OAuthError};

use super::{Grant, ScopeRequest, Store, TokenRequest, check_origin, client};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request)?;
    let token = request.parameters.required("refresh_token")?;
    let known = store.refresh_token(token).cloned();
    let known = known.ok_or_else(|| OAuthError::new(70000, "The refresh token is not known."))?;
    if known.client_id != client.client_id {
        return Err(OAuthError::new(70000, "The refresh token was issued to another client."));
    }
    check_origin(request, known.platform)?;
    if known.expires <= request.now {
        return Err(match known.platform {
            Platform::Spa => {
                OAuthError::new(700_084, "The refresh token of a single-page app has ended after 24 hours.")
            }
            _ => OAuthError::new(700_082, "The refresh token has expired, unused for 90 days."),
        });
    }
    let scopes = match request.parameters.get("scope") {
        Some(scope) => ScopeRequest { offline_access: true, ..ScopeRequest::parse(scope)? },
        None => known.scopes.clone(),
    };
    let gone =
        || OAuthError::new(70000, "The user or tenant of the refresh token is no longer in the directory.");
    let tenant = request.directory.tenant(&known.tenant).ok_or_else(gone)?;
    let user = request.directory.user(&known.user).ok_or_else(gone)?;
    let resource = scopes.resource(request.directory, tenant)?;
    scopes.granted(client, resource)?;
    // A single-page app's successor inherits what is left of the 24 hours.
    let expires = (known.platform == Platform::Spa).then_some(known.expires);
    let refresh_token =
        Some(store.issue_refresh_token(client, tenant, user, &scopes, known.platform, request.now, expires));
    Ok(Grant {
        client,
        tenant,
        user: Some(user),
        resource,
        scopes,
        nonce: None,
        session: None,
        refresh_token,
        platform: known.platform,
    })
}
