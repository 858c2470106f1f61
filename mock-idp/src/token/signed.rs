//! Tokens in compact form.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    key::SigningKey,
    kind::{TokenKind, TokenVersion},
};

/// The members of a header or a claims set.
pub(crate) type Members = Map<String, Value>;

/// What the third part of the token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// An honest signature over whatever the token says.
    #[default]
    Valid,
    /// An honest signature with one bit flipped.
    Tampered,
    /// A signature by a key that is not published; the header names that key.
    UnknownKey,
    /// Nothing, and the algorithm is `none`: an unsecured token.
    None,
    /// Nothing, and the algorithm is as it was.
    Empty,
}

/// A token and what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SignedToken {
    /// The token in compact form.
    pub token: String,
    /// The header's members, before any raw text replaced them.
    pub header: Map<String, Value>,
    /// The claims, before any raw text replaced them.
    pub claims: Map<String, Value>,
    /// The `kid` of the key that signed.
    pub kid: String,
}

/// A token about to be signed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) version: TokenVersion,
    pub(crate) kind: TokenKind,
    pub(crate) claims: Members,
}

impl Draft {
    pub(super) fn header(&self, kid: &str) -> Members {
        let mut header: Members = [("typ", "JWT"), ("alg", "RS256"), ("kid", kid)]
            .map(|(name, value)| (name.into(), value.into()))
            .into_iter()
            .collect();
        if self.version == TokenVersion::V1 && self.kind == TokenKind::Access {
            header.insert("x5t".into(), kid.into());
        }
        header
    }

    pub(crate) fn sign(self, key: &SigningKey) -> SignedToken {
        let header = self.header(key.kid());
        let input = format!("{}.{}", part(&json(&header)), part(&json(&self.claims)));
        let token = format!("{input}.{}", part(&key.sign(input.as_bytes())));
        SignedToken { token, header, claims: self.claims, kid: key.kid().to_owned() }
    }
}

pub(super) fn json(members: &Members) -> Vec<u8> {
    serde_json::to_vec(members).unwrap_or_default()
}

pub(super) fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
