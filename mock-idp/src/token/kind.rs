//! Versions and kinds of tokens.

use schemars::JsonSchema;
use serde::Deserialize;

/// The version of a token. The API's registration decides it, not the endpoint
/// ([token formats](https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
pub enum TokenVersion {
    /// `ver` is `1.0`.
    #[serde(rename = "1.0")]
    V1,
    /// `ver` is `2.0`.
    #[serde(rename = "2.0")]
    V2,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TokenKind {
    /// An access token.
    #[default]
    Access,
    /// An ID token.
    Id,
}
