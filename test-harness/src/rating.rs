//! What is said about a case: the expected verdict, who can exploit it, how severe it is, which API it is for.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

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
    /// Only one client application is accepted: `allowed_client`.
    AllowedClient,
    /// Only one subject (`sub` or `oid`) is accepted: `allowed_subject`.
    AllowedSubject,
    /// The route requires a delegated scope: `required_scope`.
    RequiredScope,
    /// The route requires an app role: `required_role`.
    RequiredRole,
    /// The API serves every organisation's tenant.
    AnyOrganization,
}
