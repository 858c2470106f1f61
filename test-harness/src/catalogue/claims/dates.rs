//! The types and ranges of dates (RFC 7519 §2).

use serde_json::{Value, json};

use crate::Severity::{High, Low, Medium};
use crate::catalogue::row::{Row, refuse};

pub(super) const ROWS: &[Row] = &[
    refuse(High, "exp-null", "`exp` is null", |w| w.token().claim("exp", Value::Null))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "exp-boolean", "`exp` is a boolean", |w| w.token().claim("exp", json!(true)))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "exp-string", "`exp` is a string of digits", |w| {
        w.token().claim("exp", json!("9999999999"))
    })
    .see(&["RFC 7519 §4.1"]),
    refuse(High, "exp-array-of-numbers", "`exp` is an array with a number", |w| {
        w.token().claim("exp", json!([1]))
    })
    .see(&["RFC 7519 §4.1"]),
    refuse(High, "nbf-null", "`nbf` is null", |w| w.token().claim("nbf", Value::Null))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "nbf-string", "`nbf` is the string \"0\"", |w| w.token().claim("nbf", json!("0")))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "nbf-boolean", "`nbf` is a boolean", |w| w.token().claim("nbf", json!(true)))
        .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "iat-string", "`iat` is a string", |w| w.token().claim("iat", json!("now")))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "exp-infinite", "`exp` is 1e400, which overflows to infinity", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "1e400"))
    })
    .see(&["RFC 7519 §2"]),
    refuse(High, "exp-400-digits", "`exp` is an integer of 400 digits", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", &"9".repeat(400)))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "exp-milliseconds", "`exp` is in milliseconds instead of seconds", |w| {
        w.token().claim("exp", (w.time() + 600) * 1000)
    })
    .either("without a maximum lifetime it is a date in the far future")
    .see(&["RFC 7519 §2"]),
    refuse(High, "exp-object", "`exp` is an object", |w| w.token().claim("exp", json!({})))
        .see(&["RFC 7519 §4.1.4"]),
    refuse(High, "exp-empty", "`exp` is the empty string", |w| w.token().claim("exp", ""))
        .see(&["RFC 7519 §4.1.4"]),
    refuse(High, "exp-date", "`exp` is an ISO 8601 date", |w| w.token().claim("exp", "2036-01-01T00:00:00Z"))
        .see(&["RFC 7519 §4.1.4"]),
    refuse(Medium, "exp-largest-unsigned", "`exp` is the largest unsigned 64-bit integer", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "18446744073709551615"))
    })
    .either("without a maximum lifetime it is a date in the far future; none may crash")
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "exp-largest-signed", "`exp` is the largest signed 64-bit integer", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "9223372036854775807"))
    })
    .either("without a maximum lifetime it is a date in the far future; none may crash")
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "exp-beyond-64-bits", "`exp` is one more than the largest unsigned 64-bit integer", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "18446744073709551616"))
    })
    .either("without a maximum lifetime it is a date in the far future; none may crash")
    .see(&["RFC 7519 §2"]),
    refuse(Low, "exp-octal", "`exp` has a leading zero", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "09999999999"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "exp-hexadecimal", "`exp` is in hexadecimal", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "0xfffffffff"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "exp-with-plus", "`exp` has a plus sign", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "+9999999999"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "exp-with-underscores", "`exp` has underscores between its digits", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "9_999_999_999"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(High, "nbf-array", "`nbf` is an array", |w| w.token().claim("nbf", json!([1])))
        .see(&["CVE-2026-25537"]),
    refuse(High, "nbf-far-future-as-text", "`nbf` is far in the future, written as a string", |w| {
        w.token().claim("nbf", "9999999999")
    })
    .see(&["CVE-2026-25537"]),
    refuse(High, "nbf-infinite", "`nbf` is 1e400, which overflows to infinity", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("nbf", "1e400"))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "iat-array", "`iat` is an array", |w| w.token().claim("iat", json!([])))
        .see(&["RFC 7519 §4.1.6"]),
    refuse(Medium, "iat-infinite", "`iat` is 1e999, which overflows to infinity", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("iat", "1e999"))
    })
    .see(&["RFC 7519 §2"]),
];
