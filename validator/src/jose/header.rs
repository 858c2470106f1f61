//! The JOSE header ([RFC 7515 §4](https://www.rfc-editor.org/rfc/rfc7515#section-4)).

use std::borrow::Cow;

use crate::Rejection;

use super::json::{Object, Value};

/// The longest header that is read, in bytes. Entra's own are about 150 bytes long.
const MAX_HEADER_BYTES: usize = 4 * 1024;
/// The largest number of JSON values in a header: then reading one costs less than twice a good token's validation, in
/// whatever shape they are. Entra's own headers have 5 or 6.
const MAX_HEADER_VALUES: usize = 20;

/// The header's members that the validation reads. `jwk`, `jku`, `x5u` and `x5c` are never read: a token cannot
/// name its own key ([RFC 8725 §3.10](https://www.rfc-editor.org/rfc/rfc8725#section-3.10)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) alg: Cow<'a, str>,
    pub(crate) typ: Option<Cow<'a, str>>,
    pub(crate) kid: Option<Cow<'a, str>>,
    pub(crate) has_cty: bool,
}

impl<'a> Header<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Rejection> {
        let invalid = |reason: &str| Rejection::HeaderInvalid { reason: reason.to_owned() };
        if bytes.len() > MAX_HEADER_BYTES {
            return Err(invalid("longer than 4 KiB"));
        }
        let members = Object::parse(bytes, MAX_HEADER_VALUES).map_err(|reason| invalid(&reason))?;
        // No extension is understood here, so any `crit` must be refused (RFC 7515 §4.1.11). `b64` (RFC 7797) and `zip`
        // (RFC 7516) change what the bytes mean, and no Entra token has them.
        if let Some(name) = ["crit", "b64", "zip", "enc"].into_iter().find(|name| members.get(name).is_some())
        {
            return Err(invalid(&format!("member `{name}` is not supported")));
        }
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(invalid(&format!("member `{name}` is not a string"))),
        };
        Ok(Self {
            alg: text("alg")?.ok_or_else(|| invalid("member `alg` is missing"))?,
            typ: text("typ")?,
            kid: text("kid")?,
            has_cty: members.get("cty").is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_the_longest_size_is_read_and_one_byte_more_is_not() {
        let header = |length: usize| {
            let frame = r#"{"alg":"RS256","x":""}"#.len();
            format!(r#"{{"alg":"RS256","x":"{}"}}"#, "a".repeat(length - frame))
        };
        assert!(Header::parse(header(MAX_HEADER_BYTES).as_bytes()).is_ok());
        assert!(Header::parse(header(MAX_HEADER_BYTES + 1).as_bytes()).is_err());
    }
}
