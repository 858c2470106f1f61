//! The catalogue as data for other languages.

mod acts;
mod catalogue_page;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Attacker, Attempt, Carrier, Case, Expect, Provider, Setting, Severity, World, catalogue, scenarios,
};

pub use acts::{SuiteAct, SuiteScenario};
pub(crate) use catalogue_page::catalogue_page;

/// The time of the suite, in seconds since 1970: 2026-01-01.
const NOW: i64 = 1_767_225_600;
/// A URL that nobody serves: the suite contains what it needs from the identity provider.
const ISSUER_BASE: &str = "https://mock-idp.example";

/// Every case of the catalogue with its token verbatim, at a fixed time and with the published keys: the same bytes on every
/// machine. A validator in any language can be tested with it.
///
/// ```
/// let suite = entra_test_harness::Suite::new();
/// assert!(suite.cases.len() > 500 && suite.scenarios.len() > 30);
/// assert_eq!(suite.to_json(), entra_test_harness::Suite::new().to_json());
/// ```
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Suite {
    /// The version of this format.
    pub suite: u32,
    /// The time to validate at, in seconds since 1970.
    pub now: i64,
    /// How the validator must be configured.
    pub policy: Policy,
    /// The key set that the identity provider publishes, unless a case has its own.
    pub key_set: Value,
    /// The cases, controls first.
    pub cases: Vec<SuiteCase>,
    /// The scenarios: what the identity provider does, and what the API must do meanwhile.
    pub scenarios: Vec<SuiteScenario>,
}

/// How a validator must be configured, in addition to what the `setting` of a case requires.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Policy {
    /// The only issuer.
    pub issuer: String,
    /// The only tenant, a GUID.
    pub tenant_id: String,
    /// The only audience.
    pub audience: String,
    /// The only algorithm.
    pub algorithm: &'static str,
    /// The leeway for clocks, in seconds.
    pub leeway_seconds: u32,
    /// The only client that is accepted, in cases with the setting `allowed-client`.
    pub allowed_client: String,
    /// The only subject that is accepted, in cases with the setting `allowed-subject`.
    pub allowed_subject: String,
    /// The scope that the route requires, in cases with the setting `required-scope`.
    pub required_scope: String,
    /// The app role that the route requires, in cases with the setting `required-role`.
    pub required_role: String,
}

/// One case, ready to be sent.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteCase {
    /// `group::defect`.
    pub id: &'static str,
    /// What the case is, in one sentence.
    pub summary: &'static str,
    /// `accept`, `refuse` or `either`.
    pub expect: &'static str,
    /// The code of a refusal, if the validator reports codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// Why both verdicts are correct.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Who can send this to a real API.
    pub mounted_by: Attacker,
    /// How severe it is if the case ends otherwise.
    pub severity: Severity,
    /// How the API must be configured in addition.
    pub setting: Setting,
    /// The rule, or where it was broken.
    pub references: &'static [&'static str],
    /// The bearer token, if the request carries one in a well-formed header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The `Authorization` headers, each in base64, unless there is a single well-formed bearer header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_base64: Option<Vec<String>>,
    /// A token in another place, where an API must not look for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Carrier>,
    /// The key set that is published in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_set: Option<Value>,
    /// The response of the identity provider that replaces an honest document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<SuiteProvider>,
}

/// A response of the identity provider that replaces an honest document.
#[derive(Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteProvider {
    /// `discovery` or `jwks`.
    pub endpoint: &'static str,
    /// The HTTP status of the response.
    pub status: u16,
    /// The body of the response.
    pub body: String,
}

impl Suite {
    /// Forges every case.
    #[must_use]
    pub fn new() -> Self {
        let world = World::fixed(NOW, ISSUER_BASE);
        Self {
            suite: 1,
            now: NOW,
            policy: Policy {
                issuer: world.issuer(),
                tenant_id: world.tenant_id().to_owned(),
                audience: world.audience().to_owned(),
                algorithm: "RS256",
                leeway_seconds: 60,
                allowed_client: world.allowed_client().to_owned(),
                allowed_subject: world.allowed_subject().to_owned(),
                required_scope: world.scope().to_owned(),
                required_role: world.role().to_owned(),
            },
            key_set: world.key_set(),
            cases: catalogue().map(|case| SuiteCase::new(case, case.forge(&world))).collect(),
            scenarios: scenarios().iter().map(|scenario| SuiteScenario::new(scenario, &world)).collect(),
        }
    }

    /// The suite as `suite.json` has it, with a line break at its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}\n", serde_json::to_value(self).unwrap_or_default())
    }

    /// The JSON Schema of `suite.json`, with a line break at its end.
    #[must_use]
    pub fn schema() -> String {
        format!("{:#}\n", schemars::schema_for!(Self).to_value())
    }
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}

impl SuiteCase {
    fn new(case: &Case, attempt: Attempt) -> Self {
        let (expect, code, why) = verdict(case.expect);
        let token = bearer(&attempt);
        let raw = || attempt.authorization.iter().map(|value| STANDARD.encode(value)).collect();
        Self {
            id: case.id,
            summary: case.summary,
            expect,
            code,
            why,
            mounted_by: case.mounted_by,
            severity: case.severity,
            setting: case.setting,
            references: case.references,
            authorization_base64: token.is_none().then(raw),
            token,
            elsewhere: attempt.elsewhere,
            key_set: attempt.key_set,
            provider: match attempt.provider {
                Provider::Honest => None,
                Provider::Discovery(status, body) => {
                    Some(SuiteProvider { endpoint: "discovery", status, body })
                }
                Provider::Keys(status, body) => Some(SuiteProvider { endpoint: "jwks", status, body }),
            },
        }
    }
}

/// `accept`, `refuse` or `either`; the code of a refusal; why both are correct.
fn verdict(expect: Expect) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match expect {
        Expect::Accept => ("accept", None, None),
        Expect::Refuse(code) => ("refuse", Some(code), None),
        Expect::Either { code, why } => ("either", Some(code), Some(why)),
    }
}

/// The token, if the request carries one in a single well-formed header.
fn bearer(attempt: &Attempt) -> Option<String> {
    attempt.bearer().filter(|token| is_b64token(token)).map(str::to_owned)
}

/// What may follow `Bearer` ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}
