//! Decoding a token.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    directory::{AppKind, Directory, RequestedVersion},
    token::{ForgeError, KeyRing, TokenBuilder, TokenVersion},
};

use super::{
    parts::Parts,
    signature::SignatureState,
    validation::{StepReport, TokenValidator, ValidationRequest},
    words::Reader,
};

/// The token to decode, and the API that would receive it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DecodeRequest {
    /// The token in compact form.
    pub token: String,
    /// The API: name, identifier URI or client id. Default: the directory's first API.
    #[serde(default)]
    pub audience: Option<String>,
    /// The tenant that the API serves: name, GUID or domain. Default: the home tenant.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// What a token says, as far as it can be read. Nothing in it is trusted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Decoded {
    /// The header's members; `null` if it cannot be read.
    pub header: Option<Map<String, Value>>,
    /// The claims; `null` if they cannot be read.
    pub claims: Option<Map<String, Value>>,
    /// Why a part cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Each claim that Entra documents, in words.
    pub words: Vec<ClaimInWords>,
    /// Who signed it.
    pub signature: SignatureState,
    /// The mock's time, in seconds since 1970.
    pub now: i64,
    /// The `aud` that the API expects.
    pub audience: String,
    /// The steps of validation, in order; absent without a validator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepReport>>,
    /// Why there are no steps.
    #[serde(rename = "no_steps_because", skip_serializing_if = "Option::is_none")]
    pub steps_error: Option<String>,
}

/// A claim, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ClaimInWords {
    /// The claim's name.
    pub claim: String,
    /// A sentence.
    pub words: String,
}

/// Where a token is decoded: which names and keys are known, under which URL and at what time.
pub(crate) struct Decoder<'a> {
    pub(crate) directory: &'a Arc<Directory>,
    pub(crate) keys: &'a KeyRing,
    pub(crate) base_url: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
    pub(crate) validator: Option<&'a TokenValidator>,
}

impl Decoder<'_> {
    pub(crate) fn decode(&self, request: &DecodeRequest) -> Result<Decoded, ForgeError> {
        let Self { directory, keys, base_url, now, .. } = *self;
        let token = request.token.trim();
        let api = Api::of(directory, request)?;
        let Parts { header, claims, problem } = Parts::of(token);
        let reader = Reader { directory, base_url, now };
        let in_words = |(claim, value): (&String, &Value)| {
            Some(ClaimInWords { claim: claim.clone(), words: reader.words(claim, value)? })
        };
        let (steps, steps_error) = match self.steps(&api, token, claims.as_ref()) {
            Ok(steps) => (Some(steps), None),
            Err(reason) => (None, Some(reason)),
        };
        Ok(Decoded {
            words: claims.iter().flatten().filter_map(in_words).collect(),
            signature: SignatureState::of(token, header.as_ref(), keys),
            header,
            claims,
            problem,
            now,
            audience: api.audience,
            steps,
            steps_error,
        })
    }

    fn steps(
        &self,
        api: &Api,
        token: &str,
        claims: Option<&Map<String, Value>>,
    ) -> Result<Vec<StepReport>, String> {
        let Some(TokenValidator(validate)) = self.validator else {
            return Err("this mock was built without the validator".to_owned());
        };
        let authority = format!("{}/{}", self.base_url, api.tenant_id);
        let key_set = self.keys.document(Some(&format!("{authority}/v2.0")));
        validate(&ValidationRequest {
            token,
            claims,
            authority,
            audience: &api.audience,
            version: api.version,
            key_set: key_set.to_string().into_bytes(),
            now: self.now,
            good_claims: self.good_claims(api)?,
            signing_key: self.keys.current(),
        })
    }

    fn good_claims(&self, api: &Api) -> Result<Map<String, Value>, String> {
        let client = self.directory.apps.first().ok_or("the directory has no app")?;
        TokenBuilder::new(Arc::clone(self.directory), self.keys.current(), self.base_url, self.now)
            .tenant(api.tenant_id.as_str())
            .client(client.client_id.as_str())
            .audience(api.audience.as_str())
            .version(api.version)
            .roles(["Any.Role"])
            .try_sign()
            .map(|token| token.claims)
            .map_err(|error| error.to_string())
    }
}

/// The API that would receive the token.
struct Api {
    tenant_id: String,
    audience: String,
    version: TokenVersion,
}

impl Api {
    fn of(directory: &Directory, request: &DecodeRequest) -> Result<Self, ForgeError> {
        let tenant = match request.tenant.as_deref().filter(|key| !key.is_empty()) {
            Some(key) => directory.tenant(key).ok_or_else(|| ForgeError::unknown("tenant", key))?,
            None => directory.home_tenant(),
        };
        let wanted = request.audience.as_deref().filter(|key| !key.is_empty());
        let app = match wanted {
            Some(key) => directory.api(key).or_else(|| directory.app(key)),
            None => directory.apps.iter().find(|app| app.kind == AppKind::Api),
        };
        let (audience, version) = match app {
            Some(app) if app.token_version == RequestedVersion::V1 => {
                (app.identifier_uri.as_ref().unwrap_or(&app.client_id).clone(), TokenVersion::V1)
            }
            Some(app) => (app.client_id.clone(), TokenVersion::V2),
            None => (wanted.unwrap_or_default().to_owned(), TokenVersion::V2),
        };
        Ok(Self { tenant_id: tenant.tenant_id.clone(), audience, version })
    }
}
