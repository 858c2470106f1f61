//! Successful responses of the authorize endpoint (RFC 6749 §4.1.2).

use crate::{directory::User, error::OAuthError};

use super::{
    granted::Grant,
    mint::Mint,
    parameters::Parameters,
    protocol_version::ProtocolVersion,
    response_options::ResponseOptions,
    response_type::{ResponseMode, ResponseType},
};

/// What goes back to the client: a code, or tokens that are made next, or both.
#[derive(Debug)]
pub(crate) struct AuthorizationResponse<'a> {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) response_type: ResponseType,
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) session: String,
    pub(crate) user: &'a User,
    pub(crate) grant: Grant<'a>,
}

type Field = (&'static str, String);

impl AuthorizationResponse<'_> {
    /// Its parameters.
    pub(crate) fn fields(&self, mint: &Mint<'_>, parameters: &Parameters) -> Result<Vec<Field>, OAuthError> {
        let in_fragment = self.mode == ResponseMode::Fragment;
        let options =
            ResponseOptions { in_fragment, ..ResponseOptions::of(parameters, ProtocolVersion::V2)? };
        let mut fields: Vec<Field> = self.code.iter().map(|code| ("code", code.clone())).collect();
        let mut hashes: Vec<(&str, &str)> = self.code.iter().map(|code| ("c_hash", code.as_str())).collect();
        let access_token = self.response_type.token.then(|| mint.access_token(&self.grant, &options));
        if let Some(token) = &access_token {
            fields.extend([
                ("token_type", "Bearer".to_owned()),
                ("expires_in", mint.expires_in(token).to_string()),
                ("scope", self.grant.scopes.in_response()),
                ("access_token", token.token.clone()),
            ]);
            hashes.push(("at_hash", &token.token));
        }
        if self.response_type.id_token {
            fields.extend(mint.id_token(&self.grant, &options, &hashes).map(|token| ("id_token", token)));
        }
        fields.extend(mint.client_info(&self.grant, &options).map(|info| ("client_info", info)));
        fields.extend(self.state.clone().map(|state| ("state", state)));
        fields.push(("session_state", self.session.clone()));
        Ok(fields)
    }
}

/// Where an administrator who has decided is sent.
#[derive(Debug)]
pub(crate) struct AdminConsentResponse {
    pub(crate) redirect_uri: String,
    pub(crate) fields: Vec<(&'static str, String)>,
    /// What its description is made of.
    pub(crate) error: Option<OAuthError>,
}
