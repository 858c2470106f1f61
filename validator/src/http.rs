//! Requests and answers of anything that speaks the [`http`] crate.

use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::{HeaderError, Refusal};

/// Takes the bearer token out of a request: one `Authorization` header with the scheme `Bearer` (in any case), spaces,
/// and one `b64token` ([RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)). Tokens in the query or the
/// body are not looked for.
///
/// ```
/// use http::HeaderMap;
/// use entra_validator::{HeaderError, bearer_token};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(bearer_token(&headers), Err(HeaderError::Missing));
/// headers.insert("authorization", "Bearer abc.def.ghi".parse().unwrap());
/// assert_eq!(bearer_token(&headers), Ok("abc.def.ghi"));
/// ```
///
/// # Errors
///
/// [`HeaderError`]: none, several, another scheme, no token, or anything besides the token.
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, HeaderError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(HeaderError::Missing)?;
    if values.next().is_some() {
        // Two parties on the way may each pick another one.
        return Err(HeaderError::Malformed);
    }
    let text = value.to_str().map_err(|_| HeaderError::Malformed)?.trim_matches([' ', '\t']);
    let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
    if scheme.is_empty() || !scheme.bytes().all(is_token_char) {
        return Err(HeaderError::Malformed);
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(HeaderError::SchemeUnsupported);
    }
    let token = credentials.trim_start_matches(' ');
    if token.is_empty() {
        return Err(HeaderError::CredentialMissing);
    }
    let body = token.trim_end_matches('=');
    if body.is_empty() || !body.bytes().all(is_b64token_char) {
        return Err(HeaderError::Malformed);
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

impl Refusal {
    /// The whole answer: status, `WWW-Authenticate`, and the problem as `application/problem+json`.
    ///
    /// ```
    /// # use entra_validator::{HeaderError, Refusal};
    /// let response = Refusal::Header(HeaderError::Missing).response(None);
    /// assert_eq!(response.status(), 401);
    /// assert_eq!(response.headers()["www-authenticate"], "Bearer");
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
    #[must_use]
    pub fn response(&self, contact: Option<&str>) -> Response<String> {
        let body = serde_json::to_string(&self.problem(contact)).unwrap_or_default();
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut set = |name: HeaderName, value: HeaderValue| {
            response.headers_mut().insert(name, value);
        };
        set(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.challenge().map(HeaderValue::try_from) {
            Some(Ok(challenge)) => set(WWW_AUTHENTICATE, challenge),
            Some(Err(_)) => set(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            None => set(RETRY_AFTER, HeaderValue::from_static("5")),
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(values: &[&[u8]]) -> Result<String, HeaderError> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_taken_in_any_case_and_with_any_number_of_spaces() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c", "Bearer a.b.c  "] {
            assert_eq!(parsed(&[value.as_bytes()]).as_deref(), Ok("a.b.c"), "{value}");
        }
    }

    #[test]
    fn every_other_form_is_refused_for_its_own_reason() {
        use HeaderError::{CredentialMissing, Malformed, Missing, SchemeUnsupported};
        let cases: [(&[&[u8]], HeaderError); 21] = [
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
            (&[b"Bearer a", b"Bearer a"], Malformed),
            (&[b"Basic a", b"Bearer a"], Malformed),
        ];
        for (values, expected) in cases {
            assert_eq!(parsed(values), Err(expected), "{values:?}");
        }
    }
}
