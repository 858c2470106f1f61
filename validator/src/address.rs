//! Addresses and GUIDs, as far as an authority needs them.

use crate::AuthorityError;

/// Metadata decides which keys are trusted, so it comes over TLS or from this very machine.
pub(crate) fn check_scheme(url: &str) -> Result<(), AuthorityError> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(AuthorityError(format!("{url:?} is not an https address")));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(AuthorityError(format!("{url:?}: user information has no place here")));
    }
    let host = match authority.split_once(']') {
        Some((ipv6, _)) => ipv6.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err(AuthorityError(format!("{url:?}: http is for loopback addresses only, use https"))),
        _ => Err(AuthorityError(format!("{url:?} is not an https address"))),
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for url in [
            "http://127.0.0.1:8400/x",
            "http://localhost:1/x",
            "http://[::1]:9/x",
            "https://example.com",
            "https://[::2]:1/",
        ] {
            assert_eq!(check_scheme(url), Ok(()), "{url}");
        }
        for url in [
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost:1@evil/",
            "http://localhost@evil/",
            "https://user@example.com/",
            "http://[::2]/",
            "ftp://localhost/",
            "https://",
            "https:///x",
            "/",
            "localhost",
        ] {
            assert!(check_scheme(url).is_err(), "{url}");
        }
    }

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
