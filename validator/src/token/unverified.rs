//! What a token says of itself before anything is verified: only to decide which authority is asked about it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

/// Nothing is trusted because of it: the authority that is asked reads the token again, and strictly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Unverified {
    pub(crate) iss: String,
    /// The policy of a B2C token; also sent as `acr`, in which other providers say how the user signed in.
    pub(crate) tfp: Option<String>,
    pub(crate) acr: Option<String>,
}

impl Unverified {
    /// `None` if the token has no `iss` that can be read: such a token is nobody's.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let payload = token.split('.').nth(1)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_and_the_policy_are_read_and_nothing_else_is_needed() {
        let read = |payload: &str| Unverified::read(&format!("?.{}", URL_SAFE_NO_PAD.encode(payload)));
        let said = |tfp: Option<&str>, acr: Option<&str>| {
            Some(Unverified { iss: "a".into(), tfp: tfp.map(Into::into), acr: acr.map(Into::into) })
        };
        assert_eq!(read(r#"{"x":[{}],"iss":"a","exp":"?"}"#), said(None, None));
        assert_eq!(read(r#"{"iss":"a","tfp":"p","acr":"1"}"#), said(Some("p"), Some("1")));
        for unreadable in ["", "{}", "[]", r#"{"iss":1}"#, r#"{"iss":"a","iss":"b"}"#, r#"{"iss":"a""#] {
            assert_eq!(read(unreadable), None, "{unreadable}");
        }
        assert_eq!(Unverified::read("no parts"), None);
        assert_eq!(Unverified::read("a.=.b"), None);
    }
}
