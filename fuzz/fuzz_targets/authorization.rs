//! Any bytes for an `Authorization` header. Oracle: no panic, and what is taken is a b64token.
#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    let mut headers = HeaderMap::new();
    headers.insert("authorization", value);
    if let Ok(token) = entra_validator::bearer_token(&headers) {
        assert!(!token.is_empty());
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)));
    }
});
