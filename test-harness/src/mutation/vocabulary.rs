//! What changes are made of: names and values that have a meaning in a token, and any others.

use serde_json::{Value, json};

use crate::World;

/// Members of headers and payloads that some validator reads, or once read by mistake.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub(crate) const NAMES: [&str; 40] = [
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
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub(crate) const TEXTS: [&str; 24] = [
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

/// The value that a member gets.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NewValue {
    /// This one.
    Json(Value),
    /// This many seconds from the world's time.
    Moment(i16),
    /// One that an honest token has somewhere: issuer, tenant, audience, client, `kid`; or the attacker's `kid`.
    Honest(u8),
}

impl NewValue {
    pub(super) fn json(&self, world: &World) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Moment(seconds) => json!(world.time() + i64::from(*seconds)),
            Self::Honest(which) => {
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
        }
    }
}
