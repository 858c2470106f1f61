//! What the changes are made of: names and values that have a meaning in a token, and any others.

use arbitrary::{Arbitrary, Unstructured};
use serde_json::json;

use crate::fixture::{FIXTURE, NOW};

/// Members of headers and payloads that some validator reads, or once read by mistake.
const NAMES: [&str; 40] = [
    "alg",
    "typ",
    "kid",
    "cty",
    "crit",
    "b64",
    "zip",
    "enc",
    "jwk",
    "jku",
    "x5c",
    "x5t",
    "x5u",
    "nonce",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "ver",
    "tid",
    "oid",
    "azp",
    "appid",
    "scp",
    "roles",
    "scps",
    "acct",
    "idp",
    "idtyp",
    "cnf",
    "azpacr",
    "uti",
    "rh",
    "wids",
    "groups",
    "hasgroups",
    "name",
    "TID",
];

/// Values with a meaning.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "none",
    "None",
    "RS256",
    "rs256",
    "HS256",
    "PS256",
    "RS1",
    "ES256",
    "JWT",
    "jwt",
    "at+jwt",
    "1.0",
    "2.0",
    "common",
    "organizations",
    "9188040d-6c67-4c5b-b112-36a304b66dad",
    "app",
    "user",
    "Orders.Read",
    "Orders.Write",
    "Orders.Read.All",
    "../../dev/null",
];

/// A member's name.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Name<'a> {
    /// One with a meaning.
    Known(KnownName),
    /// Any other.
    Any(&'a str),
}

/// A name with a meaning.
#[derive(Debug, Clone, Copy)]
pub struct KnownName(&'static str);

impl<'a> Arbitrary<'a> for KnownName {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        unstructured.choose(&NAMES).copied().map(Self)
    }
}

impl Name<'_> {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Known(known) => known.0,
            Self::Any(name) => name,
        }
    }
}

/// A member's value.
#[derive(Debug, Clone, Arbitrary)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any integer.
    Integer(i64),
    /// This many seconds from now.
    Moment(i16),
    /// Any number.
    Float(f64),
    /// A text with a meaning.
    Known(KnownText),
    /// Any text.
    Text(&'a str),
    /// The honest value of some claim.
    Honest(u8),
    /// An array of texts.
    Texts(Vec<KnownText>),
    /// This many nested arrays.
    Nested(u8),
}

/// A text with a meaning.
#[derive(Debug, Clone, Copy)]
pub struct KnownText(&'static str);

impl<'a> Arbitrary<'a> for KnownText {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        unstructured.choose(&TEXTS).copied().map(Self)
    }
}

impl Value<'_> {
    pub(super) fn json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Moment(seconds) => json!(NOW + i64::from(*seconds)),
            Self::Float(value) => json!(value),
            Self::Known(known) => json!(known.0),
            Self::Text(text) => json!(text),
            Self::Honest(which) => {
                let world = &FIXTURE.world;
                let values = [
                    world.issuer(),
                    world.tenant_id().to_owned(),
                    world.audience().to_owned(),
                    world.client_id().to_owned(),
                    world.kid().to_owned(),
                    world.attacker_key().kid().to_owned(),
                ];
                json!(values[usize::from(*which) % values.len()])
            }
            Self::Texts(texts) => texts.iter().map(|KnownText(text)| json!(text)).collect(),
            Self::Nested(depth) => (0..*depth).fold(json!(0), |inner, _| json!([inner])),
        }
    }
}
