//! Authorization code with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.6).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{aadsts::Aadsts, error::OAuthError};

use super::{
    Challenge, CodeGrant, Grant, RefreshGrant, ScopeRequest, Store, TokenRequest, account, check_origin,
    client,
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request)?;
    let code = request.parameters.required("code")?;
    let redirect_uri = request.parameters.required("redirect_uri")?;
    let known = store
        .code(code)
        .ok_or_else(|| Aadsts::InvalidGrant.because("The authorization code is not known."))?;
    if known.client_id != client.app.client_id {
        return Err(Aadsts::InvalidGrant.because("The authorization code was issued to another client."));
    }
    if known.redeemed {
        return Err(
            Aadsts::CodeRedeemed.because("The authorization code was redeemed already; get a new one.")
        );
    }
    if request.tenant.is_some_and(|tenant| tenant.tenant_id != known.tenant) {
        return Err(
            Aadsts::CodeOfOtherTenant.because("The authorization code was issued for another tenant.")
        );
    }
    if known.expires <= request.now {
        return Err(Aadsts::CodeExpired.because("The authorization code has expired; get a new one."));
    }
    if known.redirect_uri != redirect_uri {
        return Err(Aadsts::CodeRedirectUriMismatch
            .because("The redirect_uri is not the one that the code was requested with."));
    }
    check_origin(request, known.platform)?;
    check_verifier(known.challenge.as_ref(), request.parameters.get("code_verifier"))?;
    let CodeGrant { scopes, user, nonce, session, platform, tenant, .. } = known.clone();
    store.redeem(code);

    // What was granted at sign-in holds; a scope asked for now may pick another resource's part of the consent.
    let scopes = match request.scopes()? {
        Some(asked) => ScopeRequest { offline_access: scopes.offline_access, ..asked },
        None => scopes,
    };
    let gone = || {
        Aadsts::InvalidGrant
            .because("The user or tenant of the authorization code is no longer in the directory.")
    };
    let tenant = request.directory.tenant(&tenant).ok_or_else(gone)?;
    let user = request.directory.user(&user).ok_or_else(gone)?;
    let resource = scopes.resource(request.directory, tenant)?;
    scopes.granted(client.app, resource)?;
    account::check_assigned(user, resource)?;
    let refresh_token = scopes.offline_access.then(|| {
        store.issue_refresh_token(RefreshGrant::new(client.app, tenant, user, &scopes, platform, request.now))
    });
    Ok(Grant {
        user: Some(user),
        nonce,
        session: Some(session),
        refresh_token,
        platform,
        ..Grant::new(client, tenant, resource, scopes)
    })
}

fn check_verifier(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), OAuthError> {
    let matches = match (challenge, verifier) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(Challenge::Plain(challenge)), Some(verifier)) => challenge == verifier,
        (Some(Challenge::S256(challenge)), Some(verifier)) => {
            *challenge == URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
        }
    };
    if matches {
        return Ok(());
    }
    Err(Aadsts::CodeVerifierWrong
        .because("The code_verifier does not fit the code_challenge of the authorization request."))
}
