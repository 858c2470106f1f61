//! Which URLs an authority may have.

use super::AuthorityError;

/// Metadata decides which keys are trusted, so it comes over TLS or from this very machine.
pub(crate) fn check_scheme(url: &str) -> Result<(), AuthorityError> {
    // None of these may be in a URL (RFC 3986 §2), and some would end a quoted string in a challenge.
    if url.bytes().any(|byte| !byte.is_ascii_graphic() || b"\"\\<>^`{|}".contains(&byte)) {
        return Err(AuthorityError(format!("{url:?} has a character that no URL has: percent-encode it")));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(AuthorityError(format!("{url:?} is not an https URL")));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(AuthorityError(format!("{url:?}: user information is not allowed")));
    }
    let host = match authority.split_once(']') {
        Some((ipv6, _)) => ipv6.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err(AuthorityError(format!("{url:?}: http is for loopback only, use https"))),
        _ => Err(AuthorityError(format!("{url:?} is not an https URL"))),
    }
}

/// A host name's label, `contoso` for instance.
pub(super) fn check_label(name: &str) -> Result<(), AuthorityError> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(AuthorityError(format!("{name:?} is not a tenant's name, like contoso")));
    }
    Ok(())
}

/// A host name, `login.contoso.com` for instance.
pub(super) fn check_host(host: &str) -> Result<(), AuthorityError> {
    if host.split('.').all(|label| check_label(label).is_ok()) {
        return Ok(());
    }
    Err(AuthorityError(format!("{host:?} is not a host name, like login.contoso.com")))
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
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
            "https://x/a\", error=\"none/",
            "https://x/a\\b",
            "https://x/a b",
            "https://x/\u{e9}",
        ] {
            assert!(check_scheme(url).is_err(), "{url}");
        }
    }
}
