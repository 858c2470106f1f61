//! Tokens in compact form.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
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
#[non_exhaustive]
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
    /// Of a token for Microsoft Graph: see [`behind_nonce`].
    pub(super) nonce: Option<String>,
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
        if let Some(nonce) = &self.nonce {
            header.insert("nonce".into(), nonce.as_str().into());
        }
        header
    }

    pub(crate) fn sign(self, key: &SigningKey) -> SignedToken {
        let header = self.header(key.kid());
        let (shown, payload) = (header_part(&header), claims_part(&self.claims));
        let signature = match self.nonce.as_ref().and_then(|_| behind_nonce(&header)) {
            Some(signed) => key.sign(format!("{signed}.{payload}").as_bytes()),
            None => key.sign(format!("{shown}.{payload}").as_bytes()),
        };
        let token = format!("{shown}.{payload}.{}", part(&signature));
        SignedToken { token, header, claims: self.claims, kid: key.kid().to_owned() }
    }
}

/// The header that is signed in place of this one, if it has a `nonce`: with the nonce's SHA-256 in its place. Whoever expects
/// an ordinary JSON Web Token finds the signature invalid; Microsoft Graph knows
/// ([found by users](https://github.com/AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet/issues/609)).
pub(super) fn behind_nonce(header: &Members) -> Option<String> {
    let hash = digest::digest(&digest::SHA256, header.get("nonce")?.as_str()?.as_bytes());
    let mut signed = header.clone();
    signed.insert("nonce".into(), part(hash.as_ref()).into());
    Some(header_part(&signed))
}

/// The header as Entra orders its members: programs that look for tokens in text know them by how they begin.
pub(super) fn header_part(header: &Members) -> String {
    ordered_part(header, &["typ", "nonce", "alg", "x5t", "kid"])
}

/// The claims as Entra orders them.
pub(super) fn claims_part(claims: &Members) -> String {
    ordered_part(claims, &["aud", "iss", "iat", "nbf", "exp"])
}

/// All others follow by the alphabet.
fn ordered_part(members: &Members, first: &[&str]) -> String {
    let rest = members.iter().filter(|(name, _)| !first.contains(&name.as_str()));
    let ordered = first.iter().filter_map(|name| members.get_key_value(*name)).chain(rest);
    let mut json = Vec::new();
    let written = serde_json::Serializer::new(&mut json).collect_map(ordered);
    debug_assert!(written.is_ok(), "neither JSON values nor a vector can fail");
    part(&json)
}

pub(super) fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
