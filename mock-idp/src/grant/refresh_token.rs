//! Refresh tokens (RFC 6749 §6). Each use gives a new one; in Entra the old one stays valid
//! ([refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens)).

use crate::{
    aadsts::Aadsts,
    directory::{Platform, RefreshTokens},
    error::OAuthError,
};

use super::{Grant, RefreshGrant, ScopeRequest, Store, TokenRequest, account, check_origin, client};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request)?;
    let token = request.parameters.required("refresh_token")?;
    let known = store.refresh_token(token).cloned();
    let known = known.ok_or_else(|| Aadsts::InvalidGrant.because("The refresh token is not known."))?;
    if known.client_id != client.app.client_id {
        return Err(Aadsts::InvalidGrant.because("The refresh token was issued to another client."));
    }
    check_origin(request, known.platform)?;
    if known.expires <= request.now {
        return Err(match known.platform {
            Platform::Spa => Aadsts::SpaRefreshTokenExpired
                .because("The refresh token of a single-page app has ended after 24 hours."),
            _ => Aadsts::RefreshTokenExpired.because("The refresh token has expired, unused for 90 days."),
        });
    }
    let gone = || {
        Aadsts::InvalidGrant.because("The user or tenant of the refresh token is no longer in the directory.")
    };
    let user = request.directory.user(&known.user).ok_or_else(gone)?;
    // It is bound to user and client, neither to a resource nor to a tenant.
    let tenant = request.tenant.or_else(|| request.directory.tenant(&known.tenant)).ok_or_else(gone)?;
    let revoked =
        |why: &str| Err(Aadsts::GrantRevoked.because(format!("The grant has been revoked: {why}.")));
    if store.is_revoked(&known) {
        return revoked("a refresh token of the same sign-in was used a second time");
    }
    if user.sessions_valid_from.is_some_and(|from| known.issued < from) {
        return revoked("the user's sessions were revoked");
    }
    account::check(user, account::Presence::Earlier)?;
    let scopes = match request.scopes()? {
        Some(asked) => ScopeRequest { offline_access: true, ..asked },
        None => known.scopes.clone(),
    };
    let resource = scopes.resource(request.directory, tenant)?;
    scopes.granted(client.app, resource)?;
    account::check_assigned(user, resource)?;
    if request.directory.refresh_tokens == RefreshTokens::SingleUse && !store.spend(token) {
        return revoked("the refresh token was used before, and is good for one use");
    }
    let new = RefreshGrant::new(client.app, tenant, user, &scopes, known.platform, request.now);
    let refresh_token = Some(store.issue_refresh_token(new.succeeding(&known)));
    Ok(Grant {
        user: Some(user),
        refresh_token,
        platform: known.platform,
        ..Grant::new(client, tenant, resource, scopes)
    })
}
