//! One change to a token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::json_value;

/// A part of a token in compact form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

/// One change to a token, which is not signed again: an API that accepts the result did not verify the signature. Positions
/// wrap around: in a part of ten bytes, position 12 is the third byte.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Mutation {
    /// Sets a claim.
    SetClaim(String, Value),
    /// Removes a claim.
    RemoveClaim(String),
    /// Sets a member of the header.
    SetHeader(String, Value),
    /// Removes a member of the header.
    RemoveHeader(String),
    /// Repeats a claim with another value.
    RepeatClaim(String, Value),
    /// Flips bits in one byte of a part.
    FlipByte(Part, usize, u8),
    /// Inserts a byte into a part.
    InsertByte(Part, usize, u8),
    /// Removes a byte from a part.
    RemoveByte(Part, usize),
    /// Truncates a part to this many bytes.
    CutPart(Part, usize),
    /// Replaces one character of the token's text.
    ReplaceCharacter(usize, char),
    /// Inserts a character into the token's text.
    InsertCharacter(usize, char),
    /// Removes a character from the token's text.
    RemoveCharacter(usize),
    /// Encodes a part in another way: with padding, or in the standard alphabet.
    Respell(Part),
    /// Replaces one part with another.
    SwapParts(Part, Part),
    /// Sets the algorithm to `none` and removes the signature.
    Unsecure,
}

impl Mutation {
    /// The changed token, or `None` if the mutation changes nothing.
    ///
    /// ```
    /// use entra_test_harness::{World, strategies::Mutation};
    ///
    /// let token = World::now("https://mock-idp.example").token().sign();
    /// assert!(Mutation::Unsecure.apply(&token).unwrap().ends_with('.'));
    /// assert_eq!(Mutation::RemoveClaim("no-such-claim".to_owned()).apply(&token), None);
    /// ```
    #[must_use]
    pub fn apply(&self, token: &str) -> Option<String> {
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        if parts.len() != 3 {
            return None;
        }
        let changed = match *self {
            Self::ReplaceCharacter(at, new) => characters(token, |text| {
                let at = at % text.len();
                text[at] = new;
            }),
            Self::InsertCharacter(at, new) => characters(token, |text| text.insert(at % text.len(), new)),
            Self::RemoveCharacter(at) => characters(token, |text| _ = text.remove(at % text.len())),
            _ => {
                self.change(&mut parts)?;
                parts.join(".")
            }
        };
        Some(changed).filter(|changed| changed != token)
    }

    /// Changes the decoded parts, or nothing if it changes the token's text.
    fn change(&self, parts: &mut [String]) -> Option<()> {
        match self.clone() {
            Self::SetClaim(name, value) => edit(&mut parts[1], |claims| _ = claims.insert(name, value))?,
            Self::RemoveClaim(name) => edit(&mut parts[1], |claims| _ = claims.remove(&name))?,
            Self::SetHeader(name, value) => edit(&mut parts[0], |header| _ = header.insert(name, value))?,
            Self::RemoveHeader(name) => edit(&mut parts[0], |header| _ = header.remove(&name))?,
            Self::RepeatClaim(name, value) => {
                let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[1]).ok()?).ok()?;
                let text = format!("{},{}:{value}}}", text.strip_suffix('}')?, Value::from(name));
                parts[1] = URL_SAFE_NO_PAD.encode(text);
            }
            Self::FlipByte(part, at, bits) => bytes(&mut parts[part as usize], |bytes| {
                let at = at % bytes.len();
                bytes[at] ^= bits;
            })?,
            Self::InsertByte(part, at, byte) => {
                bytes(&mut parts[part as usize], |bytes| bytes.insert(at % bytes.len(), byte))?;
            }
            Self::RemoveByte(part, at) => {
                bytes(&mut parts[part as usize], |bytes| _ = bytes.remove(at % bytes.len()))?;
            }
            Self::CutPart(part, at) => {
                bytes(&mut parts[part as usize], |bytes| bytes.truncate(at % bytes.len()))?;
            }
            Self::Respell(part) => {
                let part = &mut parts[part as usize];
                *part = match part.replace('-', "+").replace('_', "/") {
                    same if same == *part => format!("{part}="),
                    other => other,
                };
            }
            Self::SwapParts(one, other) => parts.swap(one as usize, other as usize),
            Self::Unsecure => {
                edit(&mut parts[0], |header| _ = header.insert("alg".to_owned(), "none".into()))?;
                parts[2].clear();
            }
            Self::ReplaceCharacter(..) | Self::InsertCharacter(..) | Self::RemoveCharacter(_) => {}
        }
        Some(())
    }
}

/// Changes the object in a part. An object that stays the same keeps its encoding.
fn edit(part: &mut String, change: impl FnOnce(&mut Map<String, Value>)) -> Option<()> {
    let before: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&*part).ok()?).ok()?;
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        *part = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&after).ok()?);
    }
    Some(())
}

fn bytes(part: &mut String, change: impl FnOnce(&mut Vec<u8>)) -> Option<()> {
    let mut bytes = URL_SAFE_NO_PAD.decode(&*part).ok().filter(|bytes| !bytes.is_empty())?;
    change(&mut bytes);
    *part = URL_SAFE_NO_PAD.encode(bytes);
    Some(())
}

fn characters(token: &str, change: impl FnOnce(&mut Vec<char>)) -> String {
    let mut characters: Vec<char> = token.chars().collect();
    change(&mut characters);
    characters.into_iter().collect()
}

/// Any [`Mutation`].
pub fn mutation() -> impl Strategy<Value = Mutation> {
    let claim = prop_oneof![
        4 => prop::sample::select(vec![
            "iss", "sub", "aud", "exp", "nbf", "iat", "ver", "tid", "oid", "azp", "appid", "scp", "roles", "idtyp",
            "acct", "cnf",
        ]).prop_map(str::to_owned),
        1 => "[a-z_]{1,8}",
    ];
    let member = prop_oneof![
        4 => prop::sample::select(vec!["alg", "typ", "kid", "cty", "crit", "b64", "jwk", "jku", "x5c"])
            .prop_map(str::to_owned),
        1 => "[a-z_]{1,8}",
    ];
    let part = || prop::sample::select(vec![Part::Header, Part::Payload, Part::Signature]);
    let index = || 0_usize..2000;
    let character =
        || prop_oneof![9 => "[A-Za-z0-9_.-]", 1 => "."].prop_map(|text| text.chars().next().unwrap_or('.'));
    prop_oneof![
        3 => (claim.clone(), json_value()).prop_map(|(name, value)| Mutation::SetClaim(name, value)),
        1 => claim.clone().prop_map(Mutation::RemoveClaim),
        2 => (member.clone(), json_value()).prop_map(|(name, value)| Mutation::SetHeader(name, value)),
        1 => member.prop_map(Mutation::RemoveHeader),
        1 => (claim, json_value()).prop_map(|(name, value)| Mutation::RepeatClaim(name, value)),
        2 => (part(), index(), 1_u8..).prop_map(|(part, at, bits)| Mutation::FlipByte(part, at, bits)),
        1 => (part(), index(), any::<u8>()).prop_map(|(part, at, byte)| Mutation::InsertByte(part, at, byte)),
        1 => (part(), index()).prop_map(|(part, at)| Mutation::RemoveByte(part, at)),
        1 => (part(), index()).prop_map(|(part, at)| Mutation::CutPart(part, at)),
        2 => (index(), character()).prop_map(|(at, new)| Mutation::ReplaceCharacter(at, new)),
        1 => (index(), character()).prop_map(|(at, new)| Mutation::InsertCharacter(at, new)),
        1 => index().prop_map(Mutation::RemoveCharacter),
        1 => part().prop_map(Mutation::Respell),
        1 => (part(), part()).prop_map(|(one, other)| Mutation::SwapParts(one, other)),
        1 => Just(Mutation::Unsecure),
    ]
}
