//! The decoder: what a token says, who signed it, and which step of its validation would fail.

use std::{fmt, sync::Arc};

use axum::{Json, body::Bytes, extract::State as Shared};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    directory::{AppKind, Directory, RequestedVersion},
    state::State,
    token::{ForgeError, KeyRing, Opened, Reader, SignatureState, SigningKey, TokenBuilder, TokenVersion},
};

use super::{Refused, read};

/// The token to be read, and the API that it is shown to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DecodeRequest {
    /// The token in compact form.
    pub token: String,
    /// The API: name, identifier URI or client id; the directory's first one if left out.
    #[serde(default)]
    pub audience: Option<String>,
    /// The tenant that the API serves: name, GUID or domain; the home tenant if left out.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// What a token says, as far as it can be read. Nothing of it is trusted.
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
    /// The mock's time, in seconds since 1970, which the words go by.
    pub now: i64,
    /// The API that it was judged for: the `aud` it expects.
    pub audience: String,
    /// The 18 steps of validation; absent where there is nobody to judge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    /// Why there are no steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_steps_because: Option<String>,
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

/// A step of validation, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// Its number, from 1.
    pub step: u8,
    /// What it asks for.
    pub name: &'static str,
    /// What became of it. A step after one that failed is judged as if that one had passed, where this can be told.
    pub outcome: StepOutcome,
    /// The code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The HTTP status of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It would pass.
    Passed,
    /// It would fail.
    Failed,
    /// It cannot be told, because of an earlier one that failed.
    NotJudged,
}

/// A token that a judge decides on, and all that it needs for that.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trial<'a> {
    /// The token in compact form.
    pub token: &'a str,
    /// Its claims, if they can be read.
    pub claims: Option<&'a Map<String, Value>>,
    /// The authority that the API trusts, `{base}/{tenant}`.
    pub authority: String,
    /// The `aud` that the API expects.
    pub audience: &'a str,
    /// The version that the API asks for.
    pub version: TokenVersion,
    /// The published key set, as JSON.
    pub key_set: Vec<u8>,
    /// The time, in seconds since 1970.
    pub now: i64,
    /// The claims of a token that the API takes.
    pub good_claims: Map<String, Value>,
    /// The key that signs, for a token that is bent right again.
    pub signing_key: Arc<SigningKey>,
}

/// Decides on the steps; an error says why it cannot.
#[derive(Clone)]
pub(crate) struct Judge(pub(crate) Arc<Decide>);

pub(crate) type Decide = dyn Fn(&Trial<'_>) -> Result<Vec<Step>, String> + Send + Sync;

impl fmt::Debug for Judge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Judge")
    }
}

pub(super) async fn decode(Shared(state): Shared<Arc<State>>, body: Bytes) -> Result<Json<Decoded>, Refused> {
    let request: DecodeRequest = read(&body)?;
    decoded(&state, &request).map(Json).map_err(|error| Refused::bad_request(error.to_string()))
}

pub(crate) fn decoded(state: &State, request: &DecodeRequest) -> Result<Decoded, ForgeError> {
    let directory = &*state.directory();
    let (token, now, keys) = (request.token.trim(), state.clock.now(), state.keys().clone());
    let api = Api::of(directory, request)?;
    let Opened { header, claims, problem } = Opened::of(token);
    let reader = Reader { directory, base_url: &state.base_url, now };
    let in_words = |(claim, value): (&String, &Value)| {
        Some(ClaimInWords { claim: claim.clone(), words: reader.words(claim, value)? })
    };
    let steps = match &state.judge {
        None => Err("this mock was built without the validator".to_owned()),
        Some(Judge(judge)) => {
            api.trial(state, &keys, token, claims.as_ref(), now).and_then(|trial| judge(&trial))
        }
    };
    let (steps, no_steps_because) = match steps {
        Ok(steps) => (Some(steps), None),
        Err(reason) => (None, Some(reason)),
    };
    Ok(Decoded {
        words: claims.iter().flatten().filter_map(in_words).collect(),
        signature: SignatureState::of(token, header.as_ref(), &keys),
        header,
        claims,
        problem,
        now,
        audience: api.audience,
        steps,
        no_steps_because,
    })
}

/// Whom the token is shown to.
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

    fn trial<'a>(
        &'a self,
        state: &State,
        keys: &KeyRing,
        token: &'a str,
        claims: Option<&'a Map<String, Value>>,
        now: i64,
    ) -> Result<Trial<'a>, String> {
        let directory = state.directory();
        let client = directory.apps.first().ok_or("the directory has no app")?.client_id.clone();
        let good = TokenBuilder::new(directory, keys.current(), &state.base_url, now)
            .tenant(self.tenant_id.as_str())
            .client(client)
            .audience(self.audience.as_str())
            .version(self.version)
            .roles(["Any.Role"])
            .try_sign()
            .map_err(|error| error.to_string())?;
        let authority = format!("{}/{}", state.base_url, self.tenant_id);
        let key_set = keys.document(Some(&format!("{authority}/v2.0")));
        Ok(Trial {
            token,
            claims,
            authority,
            audience: &self.audience,
            version: self.version,
            key_set: key_set.to_string().into_bytes(),
            now,
            good_claims: good.claims,
            signing_key: keys.current(),
        })
    }
}
