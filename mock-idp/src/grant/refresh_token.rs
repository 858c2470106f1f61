//! Refresh tokens (RFC 6749 §6). Each use gives a new one; in Entra the old one stays valid
//! ([refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens)).

use crate::{
    aadsts::Aadsts,
    directory::{App, Platform, RefreshTokens},
    error::OAuthError,
};

use super::{
    client,
    consents::Party,
    granted::Grant,
    request::TokenRequest,
    scope::ScopeRequest,
    sign_in_state::{self, Presence},
    store::{RefreshGrant, Store},
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request, &store.consents)?;
    let token = request.parameters.required("refresh_token")?;
    let known = store.refresh_token(token).cloned();
    let known = known.ok_or_else(|| Aadsts::InvalidGrant.because("The refresh token is not known."))?;
    check_token(request, client.app, &known)?;
    let gone = || {
        Aadsts::InvalidGrant.because("The user or tenant of the refresh token is no longer in the directory.")
    };
    let user = request.directory.user(&known.user).ok_or_else(gone)?;
    // It is bound to user and client, neither to a resource nor to a tenant: guests get tokens of each of their tenants.
    let tenant = request.tenant.one().or_else(|| request.directory.tenant(&known.tenant)).ok_or_else(gone)?;
    let revoked =
        |why: &str| Err(Aadsts::GrantRevoked.because(format!("The grant has been revoked: {why}.")));
    if store.is_revoked(&known) {
        return revoked("a refresh token of the same sign-in was used a second time");
    }
    if user.sessions_valid_from.is_some_and(|from| known.issued < from) {
        return revoked("the user's sessions were revoked");
    }
    sign_in_state::check(user, Presence::Earlier)?;
    // The person's account there, which a guest has; anyone else is refused below.
    let user = request.directory.account_in(user, tenant).unwrap_or(user);
    sign_in_state::check(user, Presence::Earlier)?;
    let scopes = scopes(request, client.app, &known.scopes)?;
    let party = Party { directory: request.directory, client: client.app, tenant, user };
    let scopes = scopes.granted_to(&store.consents, &party)?;
    let grant = Grant::for_user(client, tenant, user, scopes, known.platform)?;
    if request.directory.refresh_tokens == RefreshTokens::SingleUse && !store.spend(token) {
        return revoked("the refresh token was used before, and is single-use");
    }
    Ok(grant.with_refresh_token_after(&known, store, request.now))
}

fn check_token(request: &TokenRequest<'_>, client: &App, known: &RefreshGrant) -> Result<(), OAuthError> {
    if known.client_id != client.client_id {
        return Err(Aadsts::InvalidGrant.because("The refresh token was issued to another client."));
    }
    request.check_origin(known.platform)?;
    if known.expires > request.now {
        return Ok(());
    }
    Err(match known.platform {
        Platform::Spa => Aadsts::SpaRefreshTokenExpired
            .because("The refresh token of a single-page app has ended after 24 hours."),
        _ => Aadsts::RefreshTokenExpired.because("The refresh token has expired, unused for 90 days."),
    })
}

/// Those asked for, else those of the refresh token. A refresh token of an app for itself is of the app's identifier URI if
/// that is how the app named itself, and gives nothing then unless a scope of the app is named: the sign-in works, and the first
/// refresh does not (modelcontextprotocol/typescript-sdk#2718, DuendeArchive/IdentityModel#528).
fn scopes(
    request: &TokenRequest<'_>,
    client: &App,
    known: &ScopeRequest,
) -> Result<ScopeRequest, OAuthError> {
    let asked = request.scopes()?;
    let names_resource = asked.as_ref().is_some_and(ScopeRequest::names_resource);
    let by_uri = known.identifier.as_deref().is_some_and(|name| uuid::Uuid::try_parse(name).is_err());
    if !names_resource && by_uri && known.is_of(&client.client_id, request.directory) {
        return Err(client::requests_itself(client));
    }
    let Some(asked) = asked else { return Ok(known.clone()) };
    client::check_own_name(client, &asked, request.directory)?;
    Ok(ScopeRequest { offline_access: true, ..asked })
}
