//! How the tokens and the response are shaped.

use serde_json::Value;

use crate::{aadsts::Aadsts, error::OAuthError};

use super::{overrides::Overrides, parameters::Parameters, protocol_version::ProtocolVersion};

/// How the tokens and the response are shaped.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResponseOptions {
    /// Whether the client asked for `client_info`.
    pub(crate) client_info: bool,
    /// The version of the endpoint, which is the version of its ID tokens.
    pub(crate) version: ProtocolVersion,
    /// The request's `claims`
    /// ([claims request](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
    pub(crate) claims: Value,
    pub(crate) overrides: Overrides,
    /// Whether the tokens travel in a URL, which must stay short.
    pub(crate) in_fragment: bool,
}

impl ResponseOptions {
    pub(crate) fn of(parameters: &Parameters, version: ProtocolVersion) -> Result<Self, OAuthError> {
        let claims = parameters.get("claims").map_or(Ok(Value::Null), |text| {
            serde_json::from_str(text).map_err(|error| {
                Aadsts::InvalidRequest.because(format!("The parameter claims is not JSON: {error}."))
            })
        })?;
        Ok(Self {
            client_info: parameters.get("client_info") == Some("1"),
            version,
            claims,
            overrides: Overrides::asked(parameters)?,
            in_fragment: false,
        })
    }

    /// The authentication context that the access token is to prove.
    pub(super) fn auth_context(&self) -> Option<&Value> {
        self.claims.get("access_token")?.get("acrs")?.get("value")
    }

    /// The client's capabilities (`cp1`: it understands claims challenges), which the token passes on if its API asks.
    pub(super) fn capabilities(&self) -> Option<&Value> {
        self.claims.get("access_token")?.get("xms_cc")?.get("values")
    }
}
