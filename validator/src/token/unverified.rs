//! What a token says of itself before anything is verified: only to decide which authority is asked about it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

/// How much of a payload is looked at, in characters: 1.5 KiB of claims. Providers send `iss` among the first, and whoever
/// has no signature is to cost no more than a good token.
const PREFIX: usize = 2_048;

/// A claim at the top of the payload, if it is a string and not far from the beginning. Nothing is trusted because of it: the
/// authority that is asked reads the token again, and strictly.
pub(crate) fn unverified_claim(token: &str, name: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?.as_bytes();
    let start = URL_SAFE_NO_PAD.decode(&payload[..payload.len().min(PREFIX)]).ok()?;
    let mut claim = None;
    // Where the text is cut off, or the claim was found, the reader complains: what was found until there counts.
    let _ = serde_json::Deserializer::from_slice(&start).deserialize_map(Find { name, claim: &mut claim });
    claim
}

struct Find<'a> {
    name: &'a str,
    claim: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a claims set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if name == self.name {
                *self.claim = Some(members.next_value()?);
                break;
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iss(payload: &str) -> Option<String> {
        unverified_claim(&format!("?.{}.?", URL_SAFE_NO_PAD.encode(payload)), "iss")
    }

    #[test]
    fn the_claim_is_read_wherever_it_stands_and_whatever_follows() {
        for payload in
            [r#"{"iss":"a"}"#, r#"{"x":[{"iss":"b"}],"\u0069ss":"a","exp":"?"}"#, r#"{"iss":"a",?"#]
        {
            assert_eq!(iss(payload).as_deref(), Some("a"), "{payload}");
        }
        for payload in
            ["", "{}", "[]", r#"{"iss":1}"#, r#"{"iss":"a"#, r#"{"x":{"iss":"a"}}"#, r#"["iss","a"]"#]
        {
            assert_eq!(iss(payload), None, "{payload}");
        }
        assert_eq!(unverified_claim("no parts", "iss"), None);
        assert_eq!(unverified_claim("a.=.b", "iss"), None);
    }

    #[test]
    fn a_claim_beyond_the_beginning_is_not_looked_for() {
        let after = |length: usize| iss(&format!(r#"{{"x":"{}","iss":"a"}}"#, "x".repeat(length)));
        let longest = PREFIX / 4 * 3 - r#"{"x":"","iss":"a""#.len();
        assert_eq!(after(longest).as_deref(), Some("a"));
        assert_eq!(after(longest + 1), None);
    }
}
