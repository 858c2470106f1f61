//! The payload as JSON (RFC 7519 §7.2).

use crate::Severity::{High, Low, Medium};
use crate::catalogue::row::{Row, refuse};

pub(super) const ROWS: &[Row] = &[
    refuse(Medium, "not-json", "A payload that is no JSON.", |w| w.token().raw_payload("hello"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "empty-payload", "An empty payload.", |w| w.token().raw_payload(""))
        .see(&["RFC 7519 §7.2"]),
    refuse(High, "array", "An array.", |w| w.token().raw_payload("[]")).see(&["RFC 7519 §7.2"]),
    refuse(High, "null", "The value null, which crashes the careless.", |w| w.token().raw_payload("null"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "empty-object", "No claims at all.", |w| w.token().raw_payload("{}"))
        .code("auth_token_claim_missing")
        .see(&["RFC 9068 §2.2"]),
    refuse(Medium, "trailing-text", "Two objects.", |w| {
        w.token().raw_payload(w.forge().payload_json() + "{}")
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Low, "byte-order-mark", "A byte order mark in front.", |w| {
        w.token().raw_payload("\u{feff}".to_owned() + &w.forge().payload_json())
    })
    .see(&["RFC 8259 §8.1"]),
    refuse(Medium, "invalid-utf-8", "Bytes that are no UTF-8.", |w| {
        w.token().raw_payload(
            [w.forge().payload_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\"}"].concat(),
        )
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "utf-16", "The right text in UTF-16.", |w| {
        w.token().raw_payload(
            w.forge().payload_json().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        )
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(High, "duplicate-sub", "Two subjects.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"sub\":\"admin\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-scp", "Two lists of scopes.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"scp\":\"Orders.Write\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-tid", "Two tenants.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"tid\":\"bbbbbbbb-0000-4000-8000-000000000002\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(Medium, "duplicate-escaped", "Two subjects, one of them spelt with an escape.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"s\\u0075b\":\"admin\""))
    })
    .see(&["RFC 8259 §4"]),
    refuse(Low, "duplicate-nested", "Two members of one name inside another claim.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":{\"a\":1,\"a\":2}"))
    })
    .see(&["RFC 8259 §4"]),
    refuse(Low, "not-a-number", "NaN.", |w| w.token().raw_payload(w.forge().payload_json_with("\"x\":NaN")))
        .see(&["RFC 8259 §6"]),
    refuse(Low, "lone-surrogate", "Half a character.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":\"\\ud800\""))
    })
    .either("RFC 8259 §8.2 leaves it open")
    .see(&["RFC 8259 §8.2"]),
    refuse(High, "deep", "A thousand arrays in each other.", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}{}",
            "[".repeat(1000),
            "]".repeat(1000)
        )))
    })
    .see(&["CVE-2025-53864"]),
    refuse(High, "string", "The payload is a string.", |w| w.token().raw_payload(r#""x""#))
        .see(&["RFC 7519 §7.2"]),
    refuse(High, "number", "The payload is a number.", |w| w.token().raw_payload("1"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "two-objects", "Two objects.", |w| {
        w.token().raw_payload(format!("{0}{0}", w.forge().payload_json()))
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "open-brace", "An object that does not end.", |w| {
        w.token().raw_payload(w.forge().payload_json().trim_end_matches('}'))
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "single-quotes", "Single quotes instead of double ones.", |w| {
        w.token().raw_payload(w.forge().payload_json().replace('"', "'"))
    })
    .see(&["RFC 8259 §7"]),
    refuse(High, "duplicate-aud", "`aud` twice: another audience, then ours.", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!("\"aud\":\"{}\"", w.audience())))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-exp", "`exp` twice: the second far away.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"exp\":9999999999"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-roles", "`roles` twice.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"roles\":[\"Reader\"],\"roles\":[\"Admin\"]"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(Low, "duplicate-unknown", "A claim that nobody reads twice.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":1,\"x\":2"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(
        Medium,
        "five-thousand-digits",
        "An integer of five thousand digits in a claim that nobody reads.",
        |w| w.token().raw_payload(w.forge().payload_json_with(&format!("\"x\":{}", "9".repeat(5000)))),
    )
    .either("some readers keep it as text; none may take long")
    .see(&["CVE-2020-10735"]),
    refuse(Low, "infinity", "The word Infinity for a number.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":Infinity"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "control-character", "A line break inside a string.", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":\"a\nb\""))
    })
    .see(&["RFC 8259 §7"]),
    refuse(Medium, "trailing-nul", "A NUL behind the object.", |w| {
        w.token().raw_payload(w.forge().payload_json() + "\0")
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(High, "deep-objects", "A thousand nested objects.", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}1{}",
            "{\"x\":".repeat(1000),
            "}".repeat(1000)
        )))
    })
    .see(&["CVE-2025-53864"]),
];
