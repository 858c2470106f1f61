//! Any bytes as `Authorization` headers.

use entra_validator::bearer_token;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

/// Any bytes as `Authorization` headers, one per line.
///
/// # Panics
///
/// If what is accepted as a token is not a `b64token` ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)),
/// or is not at the end of a single header after `Bearer`; or if such a token is refused.
pub fn authorization(input: &[u8]) {
    let mut headers = HeaderMap::new();
    for value in input.split(|&byte| byte == b'\n') {
        let Ok(value) = HeaderValue::from_bytes(value) else { return };
        headers.append(AUTHORIZATION, value);
    }
    let taken = bearer_token(&headers).ok();
    let expected = std::str::from_utf8(input).ok().and_then(by_the_grammar);
    assert_eq!(taken, expected, "{:?}", String::from_utf8_lossy(input));
}

/// The grammar again, in another way: `"Bearer" 1*SP b64token`, with white space around it.
fn by_the_grammar(header: &str) -> Option<&str> {
    let header = header.trim_matches([' ', '\t']);
    let (scheme, rest) = (header.get(..6)?, &header[6..]);
    let token = rest.trim_start_matches(' ');
    let body = token.trim_end_matches('=');
    let is_b64token = !body.is_empty()
        && body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/'));
    (scheme.eq_ignore_ascii_case("bearer") && rest.len() > token.len() && is_b64token).then_some(token)
}
