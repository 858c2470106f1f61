//! Device authorization (RFC 8628;
//! [Entra](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code)).

use serde::Serialize;

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Platform, Tenant, User, UserConsent},
    error::OAuthError,
};

use super::{
    client, consent,
    consents::{For, Party},
    granted::Grant,
    request::TokenRequest,
    sign_in_state::{self, Presence},
    store::{DEVICE_CODE_LIFETIME, DeviceGrant, DeviceState, Store},
};

/// How long a device waits between two requests, in seconds.
const INTERVAL: i64 = 5;

/// The response to a device (RFC 8628 §3.2). Entra has no `verification_uri_complete`.
#[derive(Debug, Serialize)]
pub(crate) struct DeviceAuthorization {
    pub(crate) user_code: String,
    pub(crate) device_code: String,
    pub(crate) verification_uri: String,
    pub(crate) expires_in: i64,
    pub(crate) interval: i64,
    pub(crate) message: String,
}

/// A device asks for codes. With `sign_in`, that user has approved already.
pub(crate) fn start(
    request: &TokenRequest<'_>,
    sign_in: Option<&User>,
    store: &mut Store,
) -> Result<DeviceAuthorization, OAuthError> {
    let id = request.parameters.required("client_id")?;
    let client = client::find(request.directory, request.tenant, id)?;
    client::check_enabled(client)?;
    client::check_multi_tenant(client, request.tenant)?;
    let tenant = request
        .tenant
        .one()
        .or_else(|| request.directory.tenant(&client.tenant))
        .unwrap_or(request.directory.home_tenant());
    let scopes = request.required_scopes()?;
    scopes.existing(request.directory, tenant)?;
    let (device_code, user_code) = store.issue_device_code(DeviceGrant {
        client_id: client.client_id.clone(),
        tenant: tenant.tenant_id.clone(),
        scopes,
        state: DeviceState::Pending,
        expires: request.now.saturating_add(DEVICE_CODE_LIFETIME),
    });
    if let Some(user) = sign_in.filter(|_| tenant.user_consent != UserConsent::Asked) {
        approve(request.directory, store, &user_code, user);
    }
    let verification_uri = format!("{}/{}/oauth2/v2.0/devicelogin", request.base_url, tenant.tenant_id);
    let message =
        format!("To sign in, open the page {verification_uri} in a browser and enter the code {user_code}.");
    Ok(DeviceAuthorization {
        user_code,
        device_code,
        verification_uri,
        expires_in: DEVICE_CODE_LIFETIME,
        interval: INTERVAL,
        message,
    })
}

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    let client = client::authenticate(request, &store.consents)?;
    let unknown = || Aadsts::DeviceCodeUnknown.because("The device code is not known.");
    // MSAL Python sends it under both names.
    let code = request.parameters.get("device_code").or(request.parameters.get("code"));
    let code = code.ok_or_else(|| OAuthError::missing_parameter("device_code"))?;
    let known =
        store.device(code).filter(|known| known.client_id == client.app.client_id).ok_or_else(unknown)?;
    let user = approved_user(known, request.now)?.to_owned();
    let (scopes, tenant) = (known.scopes.clone(), known.tenant.clone());
    let gone = || {
        Aadsts::InvalidGrant.because("The user or tenant of the device code is no longer in the directory.")
    };
    let tenant = request.directory.tenant(&tenant).ok_or_else(gone)?;
    let user = request.directory.user(&user).ok_or_else(gone)?;
    sign_in_state::check(user, Presence::Present)?;
    let party = Party { directory: request.directory, client: client.app, tenant, user };
    let scopes = scopes.granted_to(&store.consents, &party)?;
    let grant = Grant::for_user(client, tenant, user, scopes, Platform::Public)?;
    store.decide_device(code, DeviceState::Redeemed);
    Ok(grant.with_refresh_token(store, request.now))
}

fn approved_user(known: &DeviceGrant, now: i64) -> Result<&str, OAuthError> {
    if known.expires <= now {
        return Err(Aadsts::DeviceCodeExpired.because("The device code has expired; ask for a new one."));
    }
    match &known.state {
        DeviceState::Pending => {
            Err(Aadsts::DevicePending.because("Authorization is pending. Continue polling."))
        }
        DeviceState::Declined => Err(Aadsts::DeviceDeclined.because("The user declined.")),
        DeviceState::Redeemed => {
            Err(Aadsts::CodeRedeemed.because("The device code was redeemed already; ask for a new one."))
        }
        DeviceState::Approved(user) => Ok(user),
    }
}

/// What a person at the page approves.
#[derive(Debug)]
pub(crate) struct Approval<'a> {
    pub(crate) client: &'a App,
    pub(crate) tenant: &'a Tenant,
}

/// The request behind a code that a person typed, in whatever case and with whatever spaces.
pub(crate) fn approval<'a>(
    directory: &'a Directory,
    store: &Store,
    user_code: &str,
    now: i64,
) -> Option<Approval<'a>> {
    let known = store.device_by_user_code(user_code)?;
    let open = matches!(known.state, DeviceState::Pending) && known.expires > now;
    let (client, tenant) = (directory.app(&known.client_id)?, directory.tenant(&known.tenant)?);
    open.then_some(Approval { client, tenant })
}

/// A person approves the request behind the code, and consents to what the device asks for. Where only an administrator can
/// consent, the device is refused when it redeems its code (AADSTS65001): a choice, Entra's page stops the person before.
pub(crate) fn approve(directory: &Directory, store: &mut Store, user_code: &str, user: &User) {
    store.decide_by_user_code(user_code, DeviceState::Approved(user.oid.clone()));
    let Some(known) = store.device_by_user_code(user_code) else { return };
    let Some((client, tenant)) = directory.app(&known.client_id).zip(directory.tenant(&known.tenant)) else {
        return;
    };
    let Ok(resource) = known.scopes.existing(directory, tenant) else { return };
    let party = Party { directory, client, tenant, user };
    let missing = known.scopes.missing(resource, &store.consents, &party);
    let missing: Vec<_> = missing.into_iter().map(|name| (resource, name)).collect();
    if consent::may_consent(&party, &missing) && user.tenant == tenant.name {
        store.consents.give(client, tenant, For::User(user), missing);
    }
}
