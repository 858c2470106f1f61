//! Which grant a token request is for.

use crate::{aadsts::Aadsts, error::OAuthError};

use super::{
    authorization_code, client_credentials, device_code, granted::Grant, on_behalf_of, password,
    refresh_token, request::TokenRequest, store::Store,
};

/// Judges a token request.
pub(crate) fn grant<'a>(request: &TokenRequest<'a>, store: &mut Store) -> Result<Grant<'a>, OAuthError> {
    match request.parameters.required("grant_type")? {
        "client_credentials" => client_credentials::grant(request, store),
        "authorization_code" => authorization_code::grant(request, store),
        "refresh_token" => refresh_token::grant(request, store),
        "password" => password::grant(request, store),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => on_behalf_of::grant(request, store),
        // MSAL Node sends the short name.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_code::grant(request, store),
        other => Err(Aadsts::GrantTypeUnsupported
            .because(format!("The grant type '{other}' is not supported by this mock identity provider."))),
    }
}
