//! Authorization code with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.6).

use crate::{aadsts::Aadsts, directory::App, error::OAuthError};

use super::{
    client,
    consents::Party,
    granted::Grant,
    pkce::Challenge,
    request::TokenRequest,
    scope::ScopeRequest,
    store::{CodeGrant, Store},
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request, &store.consents)?;
    let code = request.parameters.required("code")?;
    let redirect_uri = request.parameters.required("redirect_uri")?;
    let known = store.code(code);
    let known = known.ok_or_else(|| Aadsts::InvalidGrant.because("The authorization code is not known."))?;
    check_code(request, client.app, redirect_uri, known)?;
    let CodeGrant { scopes, user, nonce, session, platform, tenant, .. } = known.clone();
    store.redeem(code);

    // What was granted at sign-in holds; a scope asked for now may pick another resource's part of the consent.
    let scopes = match request.scopes()? {
        // Of the scopes about the user this one counts in either request: Entra takes it for one of Microsoft Graph's
        // (AzureAD/microsoft-authentication-library-for-js#2195), and MSAL Go names it here alone.
        Some(asked) => {
            ScopeRequest { offline_access: asked.offline_access || scopes.offline_access, ..asked }
        }
        None => scopes,
    };
    let gone = || {
        Aadsts::InvalidGrant
            .because("The user or tenant of the authorization code is no longer in the directory.")
    };
    let tenant = request.directory.tenant(&tenant).ok_or_else(gone)?;
    let user = request.directory.user(&user).ok_or_else(gone)?;
    let party = Party { directory: request.directory, client: client.app, tenant, user };
    let scopes = scopes.granted_to(&store.consents, &party)?;
    let grant = Grant::for_user(client, tenant, user, scopes, platform)?;
    Ok(Grant { nonce, session: Some(session), ..grant.with_refresh_token(store, request.now) })
}

fn check_code(
    request: &TokenRequest<'_>,
    client: &App,
    redirect_uri: &str,
    known: &CodeGrant,
) -> Result<(), OAuthError> {
    if known.client_id != client.client_id {
        return Err(Aadsts::InvalidGrant.because("The authorization code was issued to another client."));
    }
    if known.redeemed {
        let message = "The authorization code was redeemed already; get a new one.";
        return Err(Aadsts::CodeRedeemed.because(message));
    }
    if request.tenant.one().is_some_and(|tenant| tenant.tenant_id != known.tenant) {
        let message = "The authorization code was issued for another tenant.";
        return Err(Aadsts::CodeOfOtherTenant.because(message));
    }
    if known.expires <= request.now {
        return Err(Aadsts::CodeExpired.because("The authorization code has expired; get a new one."));
    }
    if known.redirect_uri != redirect_uri {
        let message = "The redirect_uri is not the one that the code was requested with.";
        return Err(Aadsts::CodeRedirectUriMismatch.because(message));
    }
    request.check_origin(known.platform)?;
    Challenge::check(known.challenge.as_ref(), request.parameters.get("code_verifier"))
}
