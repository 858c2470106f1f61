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
        ] {
            assert!(check_scheme(url).is_err(), "{url}");
        }
    }
}
