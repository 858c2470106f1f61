//! On-behalf-of ([flow](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow)): an API passes a
//! user's token on, and gets one for the next API.

use crate::{
    aadsts::Aadsts,
    directory::{App, Platform, Tenant},
    error::OAuthError,
    token::Jws,
};

use super::{
    assertion_check::SKEW,
    client,
    consents::Party,
    granted::Grant,
    request::TokenRequest,
    sign_in_state::{self, Presence},
    store::Store,
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate_confidential(request, &store.consents)?;
    let tenant = request.required_tenant()?;
    if request.parameters.required("requested_token_use")? != "on_behalf_of" {
        return Err(Aadsts::InvalidRequest
            .because("The requested_token_use is not supported: 'on_behalf_of' is expected."));
    }
    let assertion = Jws::parse(request.parameters.required("assertion")?)
        .filter(|jws| jws.is_ours(request.keys))
        .ok_or_else(|| invalid("no key of this identity provider signed it"))?;
    check(request, client.app, &assertion)?;
    let issued_for = issuing_tenant(request, &assertion)?;
    let user = assertion.claim("oid").and_then(|oid| request.directory.user_of(issued_for, oid));
    let user =
        user.ok_or_else(|| Aadsts::UserUnknown.because("The assertion's user is not in its tenant."))?;
    // The person's account there, which a guest has; anyone else is refused below.
    let user = request.directory.account_in(user, tenant).unwrap_or(user);
    sign_in_state::check(user, Presence::Absent)?;
    let party = Party { directory: request.directory, client: client.app, tenant, user };
    let scopes = request.required_scopes()?.granted_to(&store.consents, &party)?;
    let grant = Grant::for_user(client, tenant, user, scopes, Platform::Web)?;
    Ok(grant.with_refresh_token(store, request.now))
}

fn invalid(why: &str) -> OAuthError {
    Aadsts::UserAssertionInvalid.because(format!("The assertion is not valid: {why}."))
}

/// An access token of this identity provider for the client, with a user, and within its time.
fn check(request: &TokenRequest<'_>, client: &App, assertion: &Jws<'_>) -> Result<(), OAuthError> {
    let audience = assertion.claim("aud").unwrap_or_default();
    if request.directory.api(audience).is_none_or(|api| api.client_id != client.client_id) {
        return Err(Aadsts::UserAssertionForOther.because(format!(
            "The assertion's audience '{audience}' is not the app '{}' that presents it.",
            client.client_id
        )));
    }
    if assertion.time("exp").is_none_or(|end| end <= request.now) {
        return Err(Aadsts::UserAssertionExpired.because("The assertion has expired."));
    }
    if assertion.time("nbf").is_none_or(|begin| begin.saturating_sub(SKEW) > request.now) {
        return Err(Aadsts::UserAssertionExpired.because("The assertion is not yet valid."));
    }
    if assertion.claim("azp").or(assertion.claim("appid")).is_none() {
        return Err(invalid("it is not an access token"));
    }
    if assertion.claim("scp").is_none() {
        return Err(invalid("it is an app-only token, without a user"));
    }
    Ok(())
}

/// The tenant that the assertion names, whose issuer it has, in either version. That tenant need not be the path's: a
/// guest's token of one tenant gives tokens of another (AzureAD/microsoft-authentication-library-for-dotnet#1965), and
/// anyone else's is refused because the user is not in that tenant. The numbers are a choice: Entra's documentation says of
/// 50013 that the assertion is invalid "for various reasons".
fn issuing_tenant<'a>(request: &TokenRequest<'a>, assertion: &Jws<'_>) -> Result<&'a Tenant, OAuthError> {
    let tid = assertion.claim("tid").ok_or_else(|| invalid("it names no tenant ('tid')"))?;
    let base = format!("{}/{tid}", request.base_url);
    let issuer = match assertion.claim("ver") {
        Some("2.0") => format!("{base}/v2.0"),
        Some("1.0") => format!("{base}/"),
        _ => return Err(invalid("it names no version ('ver')")),
    };
    let tenant = request.directory.tenant(tid).filter(|tenant| tenant.tenant_id == tid);
    tenant
        .filter(|_| assertion.claim("iss") == Some(&issuer))
        .ok_or_else(|| invalid("its issuer ('iss') is not this identity provider for its tenant ('tid')"))
}
