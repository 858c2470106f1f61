//! Registered redirect URIs.

use url::Url;

use crate::directory::{App, RedirectUri};

/// The registered redirect URI that matches. An exact match goes before one that differs in its port: their platforms may
/// differ, too.
pub(super) fn registered<'a>(app: &'a App, wanted: &str) -> Option<&'a RedirectUri> {
    let exact = app.redirect_uris.iter().find(|known| known.uri == wanted);
    exact.or_else(|| app.redirect_uris.iter().find(|known| same_redirect(&known.uri, wanted)))
}

/// Byte for byte, but for the port of a loopback URL
/// ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url), RFC 8252 §7.3).
fn same_redirect(registered: &str, wanted: &str) -> bool {
    if registered == wanted {
        return true;
    }
    let (Ok(mut registered), Ok(mut wanted)) = (Url::parse(registered), Url::parse(wanted)) else {
        return false;
    };
    let loopback =
        registered.scheme() == "http" && matches!(registered.host_str(), Some("localhost" | "127.0.0.1"));
    loopback && registered.set_port(None).is_ok() && wanted.set_port(None).is_ok() && registered == wanted
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
        ] {
            assert!(!same_redirect(registered, wanted), "{registered} {wanted}");
        }
    }
}
