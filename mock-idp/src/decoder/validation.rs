//! What a validator says about a decoded token, step by step.

use std::{fmt, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::token::{SigningKey, TokenVersion};

/// A step of validation, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReport {
    /// Its number, from 1.
    pub step: u8,
    /// What it requires.
    pub name: &'static str,
    /// Its outcome. A step after a failed one is judged as if that one had passed, where possible.
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

/// The outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StepOutcome {
    /// It would pass.
    Passed,
    /// It would fail.
    Failed,
    /// Unknown, because an earlier step failed.
    NotJudged,
}

/// A token to validate, and what a validator needs to know about API, keys and time.
#[derive(Debug)]
#[non_exhaustive]
pub struct ValidationRequest<'a> {
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
    /// The claims of a token that the API accepts.
    pub good_claims: Map<String, Value>,
    /// The key that signs now, for a token whose defects are mended one by one.
    pub signing_key: Arc<SigningKey>,
}

/// Reports on each step of validation, or says why it cannot. A closure, so that the library does without a validator.
#[derive(Clone)]
pub(crate) struct TokenValidator(pub(crate) Arc<ReportSteps>);

pub(crate) type ReportSteps = dyn Fn(&ValidationRequest<'_>) -> Result<Vec<StepReport>, String> + Send + Sync;

impl fmt::Debug for TokenValidator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenValidator")
    }
}
