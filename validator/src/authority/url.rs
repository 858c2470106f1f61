//! Which URLs an authority may have.

use super::AuthorityError;

/// Metadata decides which keys are trusted, so it comes over TLS or from this very machine.
pub(crate) fn check_scheme(url: &str) -> Result<(), AuthorityError> {
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
        ] {
            assert!(check_scheme(url).is_err(), "{url}");
        }
    }
}
