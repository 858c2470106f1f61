//! Resource owner password credentials (RFC 6749 §4.3;
//! [Entra](https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc)).

use crate::{aadsts::Aadsts, directory::Platform, error::OAuthError};

use super::{
    client,
    consents::Party,
    granted::Grant,
    path_tenant::PathTenant,
    request::TokenRequest,
    sign_in_state::{self, Presence},
    store::Store,
};

pub(super) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    if matches!(request.tenant, PathTenant::Any("common" | "consumers")) {
        return Err(Aadsts::TenantRequired.because(
            "This grant is not supported at 'common' or 'consumers'; name a tenant, or use 'organizations'.",
        ));
    }
    let client = client::authenticate(request, &store.consents)?;
    let name = request.parameters.required("username")?;
    let user = request.directory.users.iter().find(|user| user.upn.eq_ignore_ascii_case(name));
    let user = user.ok_or_else(|| {
        Aadsts::UserUnknown.because(format!("The user account '{name}' does not exist in the directory."))
    })?;
    if user.password != request.parameters.required("password")? {
        return Err(Aadsts::PasswordWrong
            .because("The credentials cannot be validated: wrong user name or password."));
    }
    sign_in_state::check(user, Presence::Absent)?;
    let own = || request.directory.tenant(&user.tenant);
    let tenant = request.tenant.one().or_else(own).unwrap_or(request.directory.home_tenant());
    let party = Party { directory: request.directory, client: client.app, tenant, user };
    let scopes = request.required_scopes()?.granted_to(&store.consents, &party)?;
    let grant = Grant::for_user(client, tenant, user, scopes, Platform::Public)?;
    Ok(grant.with_refresh_token(store, request.now))
}
