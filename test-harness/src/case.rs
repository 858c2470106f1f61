//! A case of the catalogue, and what it sends.

use std::fmt;

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
    /// What the case is, in one sentence that stands alone.
    pub summary: &'static str,
    /// The verdict of a correct validator.
    pub expect: Expect,
    /// Who can send this to a real API.
    pub mounted_by: Attacker,
    /// How severe it is if the case ends otherwise.
    pub severity: Severity,
    /// How the API must be configured for the case to apply.
    pub setting: Setting,
    /// The rule, or where it was broken: a section of an RFC, a page of Entra's documentation, a CVE.
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

/// The verdict of a correct validator. Exhaustive: there is no fourth verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It accepts.
    Accept,
    /// It refuses, with this code if the target reports codes.
    Refuse(&'static str),
    /// Both are correct. A refusal has this code.
    Either {
        /// The code of a refusal.
        code: &'static str,
        /// Why both are correct.
        why: &'static str,
    },
}

impl fmt::Display for Expect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => out.write_str("accept"),
            Self::Refuse(code) => write!(out, "refuse ({code})"),
            Self::Either { code, .. } => write!(out, "accept, or refuse ({code})"),
        }
    }
}

/// Who can exploit a case, from the most dangerous on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Attacker {
    /// Anyone who can send a request.
    Anyone,
    /// Anyone, once the identity provider publishes such a key.
    AnyoneOncePublished,
    /// Anyone who holds a genuine token for some tenant, API or user.
    TokenHolder,
    /// Only the holder of the identity provider's signing key: a test of robustness.
    KeyHolder,
    /// Anyone who controls the identity provider or the network to it.
    Provider,
}

impl fmt::Display for Attacker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Anyone => "anyone",
            Self::AnyoneOncePublished => "anyone, once such a key is published",
            Self::TokenHolder => "token holder",
            Self::KeyHolder => "key holder",
            Self::Provider => "identity provider",
        })
    }
}

/// How severe it is if a case ends otherwise than expected, given who can exploit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is lost.
    Info,
    /// A rule of the standard is broken, which is harmless by itself.
    Low,
    /// It is harmful together with one more mistake elsewhere.
    Medium,
    /// Somebody gets in, or the service goes down, under some condition.
    High,
    /// Anyone gets in.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// How the API under test must be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Setting {
    /// One tenant, one audience, nothing else.
    Plain,
    /// The same, for an API that accepts v2.0 tokens only.
    VersionTwo,
    /// The same, on a route that accepts app-only tokens.
    AppOnly,
    /// Only one client application is accepted: [`World::allowed_client`].
    AllowedClient,
    /// Only one subject (`sub` or `oid`) is accepted: [`World::allowed_subject`].
    AllowedSubject,
    /// The route requires a delegated scope: [`World::scope`].
    RequiredScope,
    /// The route requires an app role: [`World::role`].
    RequiredRole,
    /// The API serves every organisation's tenant.
    AnyOrganization,
}

/// What is sent, and what the identity provider publishes meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The values of the request's `Authorization` headers, as bytes.
    pub authorization: Vec<Vec<u8>>,
    /// A token in a place where an API must not look for one.
    pub elsewhere: Option<Carrier>,
    /// The key set that the identity provider publishes, unless it is the honest one.
    pub key_set: Option<Value>,
    /// How the identity provider responds.
    pub provider: Provider,
}

/// Where a token is, if not in `Authorization`.
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

/// How the identity provider responds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Provider {
    /// With its honest documents.
    Honest,
    /// With this status and body at the discovery URL.
    Discovery(u16, String),
    /// With this status and body at the key set URL.
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

    /// Adds a token elsewhere.
    #[must_use]
    pub fn with_token_elsewhere(mut self, carrier: Carrier) -> Self {
        self.elsewhere = Some(carrier);
        self
    }

    /// Publishes this key set meanwhile.
    #[must_use]
    pub fn with_key_set(mut self, key_set: Value) -> Self {
        self.key_set = Some(key_set);
        self
    }

    /// Lets the identity provider respond like this meanwhile.
    #[must_use]
    pub fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The bearer token, if the request has a single well-formed header.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        match self.authorization.as_slice() {
            [value] => std::str::from_utf8(value).ok()?.strip_prefix("Bearer "),
            _ => None,
        }
    }
}
