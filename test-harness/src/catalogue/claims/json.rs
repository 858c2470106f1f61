//! The payload as JSON (RFC 7519 §7.2).

use crate::Severity::{High, Low, Medium};
use crate::catalogue::row::{Row, refuse};

pub(super) const ROWS: &[Row] = &[
    refuse(Medium, "not-json", "The payload is text that is not JSON", |w| w.token().raw_payload("hello"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "empty-payload", "The payload part is empty", |w| w.token().raw_payload(""))
        .see(&["RFC 7519 §7.2"]),
    refuse(High, "array", "The payload is a JSON array", |w| w.token().raw_payload("[]"))
        .see(&["RFC 7519 §7.2"]),
    refuse(High, "null", "The payload is the JSON value `null`", |w| w.token().raw_payload("null"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "empty-object", "The payload is an empty object", |w| w.token().raw_payload("{}"))
        .code("auth_token_claim_missing")
        .see(&["RFC 9068 §2.2"]),
    refuse(Medium, "trailing-text", "The payload is a JSON object followed by an empty one", |w| {
        w.token().raw_payload(w.forge().payload_json() + "{}")
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Low, "byte-order-mark", "The payload begins with a byte order mark", |w| {
        w.token().raw_payload("\u{feff}".to_owned() + &w.forge().payload_json())
    })
    .see(&["RFC 8259 §8.1"]),
    refuse(Medium, "invalid-utf-8", "The payload contains bytes that are not UTF-8", |w| {
        w.token().raw_payload(
            [w.forge().payload_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\"}"].concat(),
        )
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "utf-16", "The payload is JSON in UTF-16", |w| {
        w.token().raw_payload(
            w.forge().payload_json().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        )
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(High, "duplicate-sub", "The payload has two `sub` members", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"sub\":\"admin\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-scp", "The payload has two `scp` members", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"scp\":\"Orders.Write\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-tid", "The payload has two `tid` members", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"tid\":\"bbbbbbbb-0000-4000-8000-000000000002\""))
    })
    .see(&["RFC 7519 §4"]),
    refuse(
        Medium,
        "duplicate-escaped",
        "The payload has two `sub` members, one of them spelled with an escape",
        |w| w.token().raw_payload(w.forge().payload_json_with("\"s\\u0075b\":\"admin\"")),
    )
    .see(&["RFC 8259 §4"]),
    refuse(Low, "duplicate-nested", "An object inside a claim has two members of the same name", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":{\"a\":1,\"a\":2}"))
    })
    .see(&["RFC 8259 §4"]),
    refuse(Low, "not-a-number", "The payload contains the number `NaN`, which JSON does not have", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":NaN"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "lone-surrogate", "The payload contains an escaped lone surrogate", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":\"\\ud800\""))
    })
    .either("RFC 8259 §8.2 warns about lone surrogates and does not forbid them")
    .see(&["RFC 8259 §8.2"]),
    refuse(High, "deep", "The payload nests 1,000 arrays", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}{}",
            "[".repeat(1000),
            "]".repeat(1000)
        )))
    })
    .see(&["CVE-2025-53864"]),
    refuse(High, "string", "The payload is a JSON string", |w| w.token().raw_payload(r#""x""#))
        .see(&["RFC 7519 §7.2"]),
    refuse(High, "number", "The payload is a JSON number", |w| w.token().raw_payload("1"))
        .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "two-objects", "The payload is the same JSON object twice", |w| {
        w.token().raw_payload(format!("{0}{0}", w.forge().payload_json()))
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "open-brace", "The payload is a JSON object without its closing brace", |w| {
        w.token().raw_payload(w.forge().payload_json().trim_end_matches('}'))
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(Medium, "single-quotes", "The payload's JSON uses single quotes", |w| {
        w.token().raw_payload(w.forge().payload_json().replace('"', "'"))
    })
    .see(&["RFC 8259 §7"]),
    refuse(High, "duplicate-aud", "The payload has two `aud` members, both of them ours", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!("\"aud\":\"{}\"", w.audience())))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-exp", "The payload has two `exp` members, the second far in the future", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"exp\":9999999999"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(High, "duplicate-roles", "The payload has two `roles` members", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"roles\":[\"Reader\"],\"roles\":[\"Admin\"]"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(Low, "duplicate-unknown", "The payload has two members of the same unknown name", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":1,\"x\":2"))
    })
    .see(&["RFC 7519 §4"]),
    refuse(Medium, "five-thousand-digits", "An unknown claim is an integer of 5,000 digits", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!("\"x\":{}", "9".repeat(5000))))
    })
    .either("some parsers keep the digits as text; none may take long")
    .see(&["CVE-2020-10735"]),
    refuse(Low, "infinity", "The payload contains the number `Infinity`, which JSON does not have", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":Infinity"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "control-character", "A string in the payload contains an unescaped line break", |w| {
        w.token().raw_payload(w.forge().payload_json_with("\"x\":\"a\nb\""))
    })
    .see(&["RFC 8259 §7"]),
    refuse(Medium, "trailing-nul", "The payload is a JSON object followed by a NUL", |w| {
        w.token().raw_payload(w.forge().payload_json() + "\0")
    })
    .see(&["RFC 7519 §7.2"]),
    refuse(High, "deep-objects", "The payload nests 1,000 objects", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}1{}",
            "{\"x\":".repeat(1000),
            "}".repeat(1000)
        )))
    })
    .see(&["CVE-2025-53864"]),
];
