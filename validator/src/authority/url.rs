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

/// Where a URL leads: its scheme, host and port
/// ([RFC 6454 §4](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    tls: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// Of an http or https URL. `None` for anything that another parser could read as another origin: there is nothing to
    /// normalise in what is left but upper case.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (tls, default_port) = match scheme {
            "https" => (true, 443),
            "http" => (false, 80),
            _ => return None,
        };
        if !url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return None;
        }
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => {
                (host, port.bytes().all(|byte| byte.is_ascii_digit()).then_some(port)?.parse().ok()?)
            }
            None => (authority, default_port),
        };
        is_host(host).then(|| Self { tls, host: host.to_ascii_lowercase(), port })
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.tls
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

/// A name or an IP address in its usual form: no shorthand such as `127.1`, no percent-encoding.
fn is_host(host: &str) -> bool {
    if let Some(ipv6) = host.strip_prefix('[') {
        return ipv6.strip_suffix(']').is_some_and(|ipv6| ipv6.parse::<std::net::Ipv6Addr>().is_ok());
    }
    let name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    let last = host.rsplit('.').find(|label| !label.is_empty()).unwrap_or_default();
    let number = last.starts_with(|first: char| first.is_ascii_digit());
    name && !last.is_empty() && (!number || host.parse::<std::net::Ipv4Addr>().is_ok())
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

    #[test]
    fn an_origin_has_one_spelling() {
        let origin = |url| Origin::of(url).unwrap();
        assert_eq!(origin("https://Login.Example/x"), origin("https://login.example:443?y"));
        assert_eq!(origin("http://[::1]/x"), origin("http://[::1]:80#y"));
        assert!(origin("http://127.0.0.1:8400").is_loopback() && origin("http://[::1]").is_loopback());
        assert!(!origin("https://login.example").is_loopback());
        for (a, b) in [
            ("https://a.example/", "http://a.example/"),
            ("https://a.example/", "https://a.example:444/"),
            ("https://a.example/", "https://a.example.evil/"),
            ("https://a.example/", "https://a.example./"),
        ] {
            assert_ne!(origin(a), origin(b), "{a} {b}");
        }
    }

    #[test]
    fn a_url_that_parsers_read_differently_has_no_origin() {
        for url in [
            "https://a.example\\@evil/",
            "https://a@evil/",
            "https://a.example:443@evil/",
            "https://a.exa\tmple/",
            "https://a.example/\t",
            "https://a.example/\\x",
            " https://a.example/",
            "https://a.example:+443/",
            "https://a.example:/",
            "https://a.example:65536/",
            "https://%61.example/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://[::1/",
            "https://::1/",
            "https://ä.example/",
            "https:///x",
            "https://./",
            "https:a.example",
            "HTTPS://a.example/",
            "file:///etc/passwd",
            "keys",
        ] {
            assert_eq!(Origin::of(url), None, "{url}");
        }
    }

    proptest::proptest! {
        /// The client asks where the `url` crate says.
        #[test]
        fn an_origin_is_where_the_client_asks(
            url in r"https?://[a-c0-9.\[:\]@%\\/x-]{1,12}(:[0-9]{1,6})?[/?#]?[a@:/\\]{0,4}",
        ) {
            if let (Some(origin), Ok(parsed)) = (Origin::of(&url), ::url::Url::parse(&url)) {
                let port = parsed.port_or_known_default().unwrap();
                assert_eq!((origin.tls, origin.port), (parsed.scheme() == "https", port));
                assert_eq!(origin.host, parsed.host_str().unwrap());
            }
        }
    }
}
