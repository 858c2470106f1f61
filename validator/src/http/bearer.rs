//! The bearer token of a request.

use crate::CredentialsError;

/// Takes the bearer token out of a request: one `Authorization` header with the scheme `Bearer` (in any case), spaces,
/// and one `b64token` ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)). Tokens in the query or the
/// body are ignored.
///
/// ```
/// use http::HeaderMap;
/// use entra_validator::{CredentialsError, bearer_token};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(bearer_token(&headers), Err(CredentialsError::Missing));
/// headers.insert("authorization", "Bearer abc.def.ghi".parse().unwrap());
/// assert_eq!(bearer_token(&headers), Ok("abc.def.ghi"));
/// ```
///
/// # Errors
///
/// [`CredentialsError`]: no header, several, another scheme, no token, or anything more than the token.
#[cfg(feature = "http")]
pub fn bearer_token(headers: &http::HeaderMap) -> Result<&str, CredentialsError> {
    bearer_token_from(headers.get_all(http::header::AUTHORIZATION).iter().map(http::HeaderValue::as_bytes))
}

/// As [`bearer_token`], from the values of all `Authorization` headers of the request: for a framework with other types.
///
/// ```
/// let token = entra_validator::bearer_token_from([b"Bearer abc.def.ghi".as_slice()]);
/// assert_eq!(token, Ok("abc.def.ghi"));
/// ```
///
/// # Errors
///
/// [`CredentialsError`], as [`bearer_token`].
pub fn bearer_token_from<'a>(
    values: impl IntoIterator<Item = &'a [u8]>,
) -> Result<&'a str, CredentialsError> {
    let mut values = values.into_iter();
    let value = values.next().ok_or(CredentialsError::Missing)?;
    if values.next().is_some() {
        // A proxy and the API may each pick a different one.
        return Err(CredentialsError::Malformed);
    }
    let text = str::from_utf8(value).map_err(|_| CredentialsError::Malformed)?.trim_matches([' ', '\t']);
    let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
    if scheme.is_empty() || !scheme.bytes().all(is_token_char) {
        return Err(CredentialsError::Malformed);
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(CredentialsError::SchemeUnsupported);
    }
    let token = credentials.trim_start_matches(' ');
    if token.is_empty() {
        return Err(CredentialsError::CredentialMissing);
    }
    let body = token.trim_end_matches('=');
    if body.is_empty() || !body.bytes().all(is_b64token_char) {
        return Err(CredentialsError::Malformed);
    }
    Ok(token)
}

/// `tchar` (RFC 9110 §5.6.2), what a scheme is made of.
fn is_token_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a `b64token` (RFC 6750 §2.1) is made of, but for the `=` at its end.
fn is_b64token_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(values: &[&[u8]]) -> Result<String, CredentialsError> {
        bearer_token_from(values.iter().copied()).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_accepted_in_any_case_and_with_any_number_of_spaces() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c", "Bearer a.b.c  "] {
            assert_eq!(parsed(&[value.as_bytes()]).as_deref(), Ok("a.b.c"), "{value}");
        }
    }

    #[test]
    fn every_other_form_is_refused_for_its_own_reason() {
        use CredentialsError::{CredentialMissing, Malformed, Missing, SchemeUnsupported};
        let cases: [(&[&[u8]], CredentialsError); 22] = [
            (&[], Missing),
            (&[b""], Malformed),
            (&[b"   "], Malformed),
            (&[b"Bearer"], CredentialMissing),
            (&[b"Bearer "], CredentialMissing),
            (&[b"Basic dXNlcjpwYXNz"], SchemeUnsupported),
            (&[b"DPoP a.b.c"], SchemeUnsupported),
            (&[b"a.b.c"], SchemeUnsupported),
            (&[b"BearerT"], SchemeUnsupported),
            (&[b"Bearer:T"], Malformed),
            (&[b"Bearer\ta.b.c"], Malformed),
            (&[b"Bearer\xa0a.b.c"], Malformed),
            (&[b"Bearer \"a.b.c\""], Malformed),
            (&[b"Bearer token=\"a\""], Malformed),
            (&[b"Bearer =="], Malformed),
            (&[b"Bearer a b"], Malformed),
            (&[b"Bearer Bearer a"], Malformed),
            (&[b"Bearer a, Bearer b"], Malformed),
            (&[b"Bearer a\xc3\xa9"], Malformed),
            (&[b"Bearer a\xff"], Malformed),
            (&[b"Bearer a", b"Bearer a"], Malformed),
            (&[b"Basic a", b"Bearer a"], Malformed),
        ];
        for (values, expected) in cases {
            assert_eq!(parsed(values), Err(expected), "{values:?}");
        }
    }
}
