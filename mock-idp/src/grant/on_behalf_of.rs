//! On-behalf-of ([flow](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow)): an API passes a
//! user's token on, and gets one for the next API.

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError, token::Jws};

use super::{
    client,
    granted::Grant,
    request::TokenRequest,
    sign_in_state::{self, Presence},
    store::Store,
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate_confidential(request)?;
    let tenant = request.required_tenant()?;
    if request.parameters.required("requested_token_use")? != "on_behalf_of" {
        return Err(Aadsts::InvalidRequest
            .because("The requested_token_use is not supported: 'on_behalf_of' is expected."));
    }
    let invalid =
        |why: &str| Aadsts::UserAssertionInvalid.because(format!("The assertion is not valid: {why}."));
    let assertion = Jws::parse(request.parameters.required("assertion")?)
        .filter(|jws| jws.is_ours(request.keys))
        .ok_or_else(|| invalid("no key of this identity provider signed it"))?;
    let audience = assertion.claim("aud").unwrap_or_default();
    if request.directory.api(audience).is_none_or(|api| api.client_id != client.app.client_id) {
        let message = format!(
            "The assertion's audience '{audience}' is not the app '{}' that presents it.",
            client.app.client_id
        );
        return Err(Aadsts::UserAssertionForOther.because(message));
    }
    if assertion.time("exp").is_none_or(|end| end <= request.now) {
        return Err(Aadsts::UserAssertionExpired.because("The assertion has expired."));
    }
    if assertion.claim("azp").or(assertion.claim("appid")).is_none() {
        return Err(invalid("it is not an access token"));
    }
    if assertion.claim("scp").is_none() {
        return Err(invalid("it is an app-only token, without a user"));
    }
    let user = assertion.claim("oid").and_then(|oid| request.directory.user(oid));
    let user =
        user.ok_or_else(|| Aadsts::UserUnknown.because("The assertion's user is not in the directory."))?;
    sign_in_state::check(user, Presence::Absent)?;
    let scopes = request.required_scopes()?.granted(request.directory, client.app, tenant)?;
    let grant = Grant::for_user(client, tenant, user, scopes, Platform::Web)?;
    Ok(grant.with_refresh_token(store, request.now))
}
