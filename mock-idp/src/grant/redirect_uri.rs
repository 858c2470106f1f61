//! Registered redirect URIs.

use crate::directory::{App, RedirectUri};

/// The registered redirect URI that matches. An exact match goes before one that differs in its port: their platforms may
/// differ, too.
pub(super) fn registered<'a>(app: &'a App, wanted: &str) -> Option<&'a RedirectUri> {
    let exact = app.redirect_uris.iter().find(|known| known.uri == wanted);
    exact.or_else(|| app.redirect_uris.iter().find(|known| same_redirect(&known.uri, wanted)))
}

/// Byte for byte, but for the port of a loopback URL
/// ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url), RFC 8252 §7.3). That the case of the host
/// counts, too, and the slash after it, is a choice: Entra's documentation says that redirect URIs are case-sensitive.
fn same_redirect(registered: &str, wanted: &str) -> bool {
    registered == wanted || loopback(registered).is_some_and(|parts| loopback(wanted) == Some(parts))
}

/// The host of a loopback URL, and what follows the port. An `Url` is no help here: its parser mends what a client misspelt.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let host = ["http://localhost", "http://127.0.0.1"].into_iter().find(|host| uri.starts_with(host))?;
    let rest = &uri[host.len()..];
    let path = match rest.strip_prefix(':') {
        None => rest,
        Some(port) => {
            let path = port.trim_start_matches(|digit: char| digit.is_ascii_digit());
            port[..port.len() - path.len()].parse::<u16>().ok()?;
            path
        }
    };
    (path.is_empty() || path.starts_with(['/', '?', '#'])).then_some((host, path))
}

#[cfg(test)]
mod tests {
    use super::same_redirect;

    #[test]
    fn a_redirect_is_matched_byte_for_byte_but_for_the_port_on_loopback() {
        assert!(same_redirect("http://localhost", "http://localhost:52817"));
        assert!(same_redirect("http://localhost:3000/callback", "http://localhost:4000/callback"));
        for (registered, wanted) in [
            ("http://localhost/a", "http://localhost/b"),
            ("http://localhost/a", "http://localhost/A"),
            ("http://localhost", "https://localhost"),
            ("http://localhost", "http://localhost.evil.example"),
            ("http://localhost", "http://localhost@evil.example"),
            ("https://app.example/", "https://app.example:8443/"),
            ("https://app.example/", "https://app.example"),
            ("http://localhost", "http://localhost:"),
            ("http://localhost", "http://localhost/"),
            ("http://localhost", "http://localhost:99999"),
            ("http://localhost", "http://localhost:1@evil.example"),
            ("http://localhost", "http://127.0.0.1"),
        ] {
            assert!(!same_redirect(registered, wanted), "{registered} {wanted}");
        }
    }

    #[test]
    fn a_spelling_that_a_browser_would_mend_is_another_url() {
        let registered = "http://localhost:3000/callback";
        for wanted in [
            "HTTP://LOCALHOST:4000/callback",
            "http://localhost:4000\\callback",
            "http://localhost:4000/x/../callback",
            "http://localhost:4000/./callback",
            "http://localhost:4000/call\tback",
            "http://localhost:4000/callback\n",
            " http://localhost:4000/callback",
            "http:localhost:4000/callback",
            "http:///localhost:4000/callback",
            "http://localhos%74:4000/callback",
            "http://ⓛocalhost:4000/callback",
            "http://localhost:04000/callback/",
        ] {
            assert!(!same_redirect(registered, wanted), "{wanted:?}");
        }
    }
}
