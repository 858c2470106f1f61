//! Step 2: the JOSE header (RFC 7515 §4).

use serde_json::{Value, json};

use super::{
    Group,
    row::{Row, refuse, refuse_request},
};
use crate::{
    Attacker::Anyone,
    Attempt,
    Severity::{High, Low, Medium},
    jwe::deflated_zeros,
};

pub(super) const GROUP: Group = Group {
    step: Some(2),
    name: "header",
    codes: &["auth_token_header_invalid"],
    reference: "RFC 7515 §4",
    about: "The header as JSON: types, duplicates, extensions, size.",
    harm: "Two readers see two headers, an extension that changes the meaning is ignored, or a crash is \
        one request away.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "not-json", "Text that is no JSON.", |w| w.token().raw_header("hello")).by(Anyone),
    refuse(Medium, "array", "An array.", |w| w.token().raw_header("[]")).by(Anyone),
    refuse(Medium, "null", "The value null.", |w| w.token().raw_header("null")).by(Anyone),
    refuse(Medium, "trailing-text", "An object and more behind it.", |w| {
        w.token().raw_header(w.forge().header_json() + "{}")
    }),
    refuse(Low, "byte-order-mark", "A byte order mark in front.", |w| {
        w.token().raw_header("\u{feff}".to_owned() + &w.forge().header_json())
    })
    .see(&["RFC 8259 §8.1"]),
    refuse(Medium, "invalid-utf-8", "Bytes that are no UTF-8.", |w| {
        w.token().raw_header(
            [w.forge().header_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\xfe\"}"].concat(),
        )
    })
    .see(&["RFC 7515 §5.2"]),
    refuse(High, "duplicate-alg", "Two algorithms: one reader sees the first, another the last.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"alg\":\"none\""))
    }),
    refuse(Medium, "duplicate-kid", "Two key names.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"kid\":\"another\""))
    }),
    refuse(Low, "duplicate-unknown", "Two members of one unknown name.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":1,\"x\":2"))
    }),
    refuse(High, "deep", "A thousand arrays in each other, unsigned.", |w| {
        w.token()
            .raw_header(w.forge().header_json_with(&format!(
                "\"x\":{}{}",
                "[".repeat(1000),
                "]".repeat(1000)
            )))
            .raw_signature("x")
    })
    .by(Anyone)
    .see(&["CVE-2025-53864"]),
    refuse(Medium, "too-long", "5 kilobytes of header.", |w| w.token().header("x", "x".repeat(5000)))
        .either("how long is too long is a matter of limits")
        .see(&["RFC 7515 §10"]),
    refuse(High, "crit-unknown", "An extension that must be understood, and is not.", |w| {
        w.token().header("crit", json!(["https://example.com/must"])).header("https://example.com/must", true)
    })
    .see(&["RFC 7515 §4.1.11", "CVE-2026-32597"]),
    refuse(Low, "crit-empty", "An empty list of extensions.", |w| w.token().header("crit", json!([])))
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-null", "No list of extensions.", |w| w.token().header("crit", Value::Null))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "b64-false", "An unencoded payload without saying that it must be understood.", |w| {
        w.token().header("b64", false)
    })
    .see(&["RFC 7797 §6"]),
    refuse(Medium, "zip", "Compression, which signed tokens do not have.", |w| {
        w.token().header("zip", "DEF")
    })
    .either("RFC 7515 §4 has members ignored that nobody understands")
    .see(&["RFC 7516 §4.1.3"]),
    refuse(High, "alg-missing", "No algorithm.", |w| w.token().without_header("alg"))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-null", "The value null for an algorithm.", |w| w.token().header("alg", Value::Null))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-array", "An array of algorithms.", |w| w.token().header("alg", json!(["RS256"])))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "kid-number", "A number for a key name.", |w| w.token().header("kid", 1))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "kid-array", "An array of key names.", |w| w.token().header("kid", json!([w.kid()])))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "typ-number", "A number for a type.", |w| w.token().header("typ", 1))
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "typ-null", "The value null for a type.", |w| w.token().header("typ", ()))
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Medium, "string", "The header is a string.", |w| w.token().raw_header(r#""RS256""#)).by(Anyone),
    refuse(Medium, "number", "The header is a number.", |w| w.token().raw_header("1")).by(Anyone),
    refuse(Medium, "empty", "The header is empty.", |w| w.token().raw_header("")).by(Anyone),
    refuse(Medium, "utf-16", "The header in UTF-16.", |w| {
        w.token().raw_header(utf_16(&w.forge().header_json()))
    })
    .see(&["RFC 7515 §5.2"]),
    refuse(Low, "not-a-number", "The header holds NaN.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":NaN"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "lone-surrogate", "The header holds half a character.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":\"\\ud800\""))
    })
    .either("RFC 8259 §8.2 warns of it without forbidding it")
    .see(&["RFC 8259 §8.2"]),
    refuse_request(High, "deep-and-unsigned", "A thousand nested arrays that nobody signed.", |w| {
        Attempt::token(
            w.token()
                .raw_header(w.forge().header_json_with(&format!(
                    "\"x\":{}{}",
                    "[".repeat(1000),
                    "]".repeat(1000)
                )))
                .raw_signature([0; 256])
                .sign(),
        )
    })
    .by(Anyone)
    .see(&["CVE-2025-53864"]),
    refuse(Medium, "crit-name-absent", "A critical extension that is not there.", |w| {
        w.token().header("crit", json!(["zzz"]))
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Low, "crit-of-a-registered-name", "A critical extension that is none: `alg`.", |w| {
        w.token().header("crit", json!(["alg"]))
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-of-a-claim", "A critical extension that is present and is a claim: `exp`.", |w| {
        w.token().header("crit", json!(["exp"])).header("exp", w.now() + 3600)
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Low, "crit-twice", "The same critical extension twice.", |w| {
        w.token().header("crit", json!(["x", "x"])).header("x", 1)
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-string", "A critical extension that is text.", |w| w.token().header("crit", "b64"))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-number", "A critical extension that is a number.", |w| {
        w.token().header("crit", json!([1]))
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-object", "A critical extension that is an object.", |w| {
        w.token().header("crit", json!({}))
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "b64-with-crit", "A payload that is said to be unencoded, and is encoded.", |w| {
        w.token().header("b64", false).header("crit", json!(["b64"]))
    })
    .see(&["RFC 7797 §3"]),
    refuse(Low, "b64-true", "An extension that asks for what is usual.", |w| {
        w.token().header("b64", true).header("crit", json!(["b64"]))
    })
    .either("RFC 7515 §4 has members ignored that nobody understands")
    .see(&["RFC 7797 §7"]),
    refuse(Medium, "zip-for-real", "A payload that is really deflated.", |w| {
        w.token().header("zip", "DEF").raw_payload(deflated_zeros(100))
    })
    .see(&["RFC 7516 §4.1.3"]),
    refuse(Low, "enc", "A signed token that says how it is encrypted.", |w| {
        w.token().header("enc", "A256GCM")
    })
    .either("RFC 7515 §4 has members ignored that nobody understands")
    .see(&["RFC 7516 §4.1.2"]),
    refuse(High, "alg-number", "A number for an algorithm.", |w| w.token().header("alg", 256))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-object", "An object for an algorithm.", |w| {
        w.token().header("alg", json!({"RS256": 1}))
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-boolean", "A boolean for an algorithm.", |w| w.token().header("alg", true))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "kid-null", "The value null for a key name.", |w| w.token().header("kid", ()))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "kid-object", "An object for a key name.", |w| w.token().header("kid", json!({})))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "typ-array", "An array for a type.", |w| w.token().header("typ", json!(["JWT"])))
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "single-quotes", "Single quotes instead of double ones.", |w| {
        w.token().raw_header(w.forge().header_json().replace('"', "'"))
    })
    .by(Anyone)
    .see(&["RFC 8259 §7"]),
    refuse(Low, "comment", "A comment in the JSON.", |w| {
        w.token().raw_header(w.forge().header_json().replacen('{', "{/**/", 1))
    })
    .see(&["RFC 8259 §2"]),
    refuse(Low, "trailing-comma", "A comma before the closing brace.", |w| {
        w.token().raw_header(w.forge().header_json().replacen('}', ",}", 1))
    })
    .see(&["RFC 8259 §4"]),
    refuse(Medium, "duplicate-typ", "`typ` twice.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"typ\":\"logout+jwt\""))
    }),
    refuse(High, "duplicate-escaped", "`alg` twice, once spelt with an escape.", |w| {
        w.token().raw_header(w.forge().header_json_with("\"\\u0061lg\":\"none\""))
    })
    .see(&["RFC 8259 §8.3"]),
    refuse(High, "kid-of-five-kilobytes", "A key name of five kilobytes.", |w| {
        w.token().header("kid", "k".repeat(5000))
    })
    .by(Anyone)
    .see(&["CVE-2025-61920"]),
];

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
