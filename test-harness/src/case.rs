//! What a case of the catalogue is.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    World,
    catalogue::{Documents, Row, Sent},
};

/// One way to go wrong, or one that must be accepted: a row of the catalogue with what its group adds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// `group::defect`, unique and stable.
    pub id: &'static str,
    /// What is wrong, in one sentence for people.
    pub summary: &'static str,
    /// What a right validator does.
    pub expect: Expect,
    /// Who can send this to a real API.
    pub mounted_by: Attacker,
    /// How bad it is if the case is let in.
    pub severity: Severity,
    /// How the API must be set up for the case to mean anything.
    pub setting: Setting,
    /// Where the rule stands, or where it was broken: an RFC's section, a page of Entra's, a CVE.
    pub references: &'static [&'static str],
    pub(crate) row: &'static Row,
}

impl Case {
    /// The part of the id before `::`.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split("::").next().unwrap_or(self.id)
    }

    /// Builds what is sent, and what the identity provider publishes meanwhile.
    #[must_use]
    pub fn forge(&self, world: &World) -> Attempt {
        let attempt = match self.row.sent {
            Sent::Token(token) => Attempt::token(token(world).sign()),
            Sent::Text(token) => Attempt::token(token(world)),
            Sent::Request(request) => request(world),
        };
        match self.row.documents {
            Documents::Honest => attempt,
            Documents::Key(jwk) => attempt.with_key_set(world.key_set_with(jwk(world))),
            Documents::KeySet(key_set) => attempt.with_key_set(key_set(world)),
            Documents::Discovery(status, body) => {
                attempt.with_provider(Provider::Discovery(status, body(world)))
            }
            Documents::Keys(status, body) => attempt.with_provider(Provider::Keys(status, body(world))),
        }
    }

    /// Whether the identity provider publishes something else for it: then the API must not hold the honest keys.
    #[must_use]
    pub fn brings_documents(&self) -> bool {
        !matches!(self.row.documents, Documents::Honest)
    }
}

/// The verdict of a right validator. Exhaustive: there is no fourth answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Let in.
    Accept,
    /// Refused, with this code where the target tells codes.
    Refuse(&'static str),
    /// Both are right; if it is refused, then with this code.
    Either {
        /// The code of a refusal.
        code: &'static str,
        /// Why both are right.
        why: &'static str,
    },
}

/// Who can mount an attack, from the most dangerous on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Attacker {
    /// Anyone who can send a request.
    Anyone,
    /// Anyone, once the identity provider publishes such a key.
    AnyoneOncePublished,
    /// Whoever holds a genuine token for some tenant, API or user.
    TokenHolder,
    /// Only who has the identity provider's signing key: a test of robustness.
    KeyHolder,
    /// Who controls the identity provider or the network to it.
    Provider,
}

/// How bad it is if a case is let in, weighed with who can mount it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is lost; good to know.
    Info,
    /// A rule of the standard is broken, without harm by itself.
    Low,
    /// Harm needs one more mistake elsewhere.
    Medium,
    /// Somebody gets in, or the service goes down, under some condition.
    High,
    /// Anyone gets in.
    Critical,
}

/// How the API under test must be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Setting {
    /// One tenant, one audience, nothing else.
    Plain,
    /// The same, for an API that takes v2.0 tokens and no v1.0 ones.
    VersionTwo,
    /// The same, on a route that takes app-only tokens.
    AppOnly,
    /// Only one client application is let in: [`World::allowed_client`].
    AllowedClient,
    /// Only one subject (`sub` or `oid`) is let in: [`World::allowed_subject`].
    AllowedSubject,
    /// The route asks for a delegated scope: [`World::scope`].
    RequiredScope,
    /// The route asks for an app role: [`World::role`].
    RequiredRole,
    /// Every organisation's tenant is served.
    AnyOrganization,
}

/// What is sent, and what the identity provider does meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The values of the request's `Authorization` headers, as bytes.
    pub authorization: Vec<Vec<u8>>,
    /// A token in a place where nobody should look for one.
    pub elsewhere: Option<Carrier>,
    /// The key set that the identity provider publishes, if not the honest one.
    pub key_set: Option<Value>,
    /// What the identity provider answers.
    pub provider: Provider,
}

/// Where a token travels, if not in `Authorization`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Carrier {
    /// The query parameter `access_token` (RFC 6750 §2.3).
    Query(String),
    /// The form field `access_token` of a POST request (RFC 6750 §2.2).
    Form(String),
    /// A header of this name with this value.
    Header(&'static str, String),
}

/// What the identity provider answers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Provider {
    /// Discovery and keys, as they should be.
    Honest,
    /// Discovery answers with this status and body.
    Discovery(u16, String),
    /// The key set answers with this status and body.
    Keys(u16, String),
}

impl Attempt {
    /// A request with this bearer token.
    #[must_use]
    pub fn token(token: impl AsRef<str>) -> Self {
        Self::header(format!("Bearer {}", token.as_ref()))
    }

    /// A request with this `Authorization` header.
    #[must_use]
    pub fn header(value: impl AsRef<[u8]>) -> Self {
        Self::headers([value])
    }

    /// A request with these `Authorization` headers.
    #[must_use]
    pub fn headers<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Self {
        let authorization = values.into_iter().map(|value| value.as_ref().to_vec()).collect();
        Self { authorization, elsewhere: None, key_set: None, provider: Provider::Honest }
    }

    /// The same request with a token elsewhere.
    #[must_use]
    pub fn with_token_elsewhere(mut self, carrier: Carrier) -> Self {
        self.elsewhere = Some(carrier);
        self
    }

    /// While this key set is published.
    #[must_use]
    pub fn with_key_set(mut self, key_set: Value) -> Self {
        self.key_set = Some(key_set);
        self
    }

    /// While the identity provider answers like this.
    #[must_use]
    pub fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The bearer token, if the attempt is one well-formed header.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        match self.authorization.as_slice() {
            [value] => std::str::from_utf8(value).ok()?.strip_prefix("Bearer "),
            _ => None,
        }
    }
}
