//! GUIDs as tokens and settings spell them.

use super::AuthorityError;

/// A tenant's GUID in lower case.
pub(crate) fn guid(text: &str) -> Result<String, AuthorityError> {
    let lower = text.to_ascii_lowercase();
    if is_guid(&lower) {
        Ok(lower)
    } else {
        Err(AuthorityError(format!(
            "{text:?} is not a tenant's GUID, like 72f988bf-86f1-41af-91ab-2d7cd011db47"
        )))
    }
}

/// A GUID as Entra writes it: lower case, no braces.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// The tenant that an issuer names, in lower case.
pub(crate) fn tenant_in(issuer: &str) -> Option<String> {
    issuer.split('/').map(str::to_ascii_lowercase).find(|segment| is_guid(segment))
}

/// A setting as tokens spell it: a GUID, alone or as `api://{guid}`, in lower case; anything else as it is.
pub(crate) fn fold_guid(text: String) -> String {
    let lower = text.to_ascii_lowercase();
    if is_guid(lower.strip_prefix("api://").unwrap_or(&lower)) { lower } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_one_spelling_in_tokens_and_two_in_settings() {
        let spelt = "72F988BF-86F1-41AF-91AB-2D7CD011DB47";
        assert!(!is_guid(spelt));
        assert_eq!(guid(spelt).unwrap(), spelt.to_ascii_lowercase());
        for text in [
            "",
            "common",
            "{72f988bf-86f1-41af-91ab-2d7cd011db47}",
            "72f988bf86f141af91ab2d7cd011db47",
            "72f988bf-86f1-41af-91ab-2d7cd011db4g",
        ] {
            assert!(guid(text).is_err(), "{text}");
        }
    }
}
