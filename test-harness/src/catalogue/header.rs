//! Step 2: the JOSE header (RFC 7515 §4).

use serde_json::{Value, json};

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::Anyone,
    Severity::{High, Low, Medium},
    jwe::deflated_zeros,
};

pub(super) const GROUP: Group = Group {
    step: Some(2),
    name: "header",
    codes: &["auth_token_header_invalid"],
    reference: "RFC 7515 §4",
    about: "The JOSE header as JSON: types, duplicate members, extensions, size.",
    harm: "Two parsers see two headers, an extension that changes the meaning is ignored, or one \
        request crashes the API.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "not-json", "The header is text that is not JSON", |w| w.token().raw_header("hello"))
        .by(Anyone),
    refuse(Medium, "array", "The header is a JSON array", |w| w.token().raw_header("[]")).by(Anyone),
    refuse(Medium, "null", "The header is the JSON value `null`", |w| w.token().raw_header("null"))
        .by(Anyone),
    refuse(Medium, "trailing-text", "The header is a JSON object followed by a second one", |w| {
        w.token().raw_header(w.forge().header_json() + "{}")
    }),
    refuse(Low, "byte-order-mark", "The header begins with a byte order mark", |w| {
        w.token().raw_header("\u{feff}".to_owned() + &w.forge().header_json())
    })
    .see(&["RFC 8259 §8.1"]),
    refuse(Medium, "invalid-utf-8", "The header contains bytes that are not UTF-8", |w| {
        w.token().raw_header(
            [w.forge().header_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\xfe\"}"].concat(),
        )
    })
    .see(&["RFC 7515 §5.2"]),
    refuse(High, "duplicate-alg", "The header has two `alg` members: `RS256`, then `none`", |w| {
        w.token().raw_header(w.forge().header_json_with("\"alg\":\"none\""))
    }),
    refuse(Medium, "duplicate-kid", "The header has two `kid` members", |w| {
        w.token().raw_header(w.forge().header_json_with("\"kid\":\"another\""))
    }),
    refuse(Low, "duplicate-unknown", "The header has two members of the same unknown name", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":1,\"x\":2"))
    }),
    refuse(High, "deep", "The header nests 1,000 arrays, and the signature is a single byte", |w| {
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
    refuse(Medium, "too-long", "The header is larger than 4 KiB", |w| {
        w.token().header("x", "x".repeat(5000))
    })
    .either("the size limit is a matter of policy")
    .see(&["RFC 7515 §10"]),
    refuse(High, "crit-unknown", "`crit` names an unknown extension that is present", |w| {
        w.token().header("crit", json!(["https://example.com/must"])).header("https://example.com/must", true)
    })
    .see(&["RFC 7515 §4.1.11", "CVE-2026-32597"]),
    refuse(Low, "crit-empty", "`crit` is an empty array", |w| w.token().header("crit", json!([])))
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-null", "`crit` is null", |w| w.token().header("crit", Value::Null))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "b64-false", "`b64` is false without being listed in `crit`", |w| {
        w.token().header("b64", false)
    })
    .see(&["RFC 7797 §6"]),
    refuse(Medium, "zip", "The header declares compression (`zip`), which a JWS does not have", |w| {
        w.token().header("zip", "DEF")
    })
    .either("RFC 7515 §4 says to ignore unknown members")
    .see(&["RFC 7516 §4.1.3"]),
    refuse(High, "alg-missing", "The header has no `alg`", |w| w.token().without_header("alg"))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-null", "`alg` is null", |w| w.token().header("alg", Value::Null))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-array", "`alg` is an array", |w| w.token().header("alg", json!(["RS256"])))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "kid-number", "`kid` is a number", |w| w.token().header("kid", 1))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "kid-array", "`kid` is an array with the right key id", |w| {
        w.token().header("kid", json!([w.kid()]))
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "typ-number", "`typ` is a number", |w| w.token().header("typ", 1)).see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "typ-null", "`typ` is null", |w| w.token().header("typ", ())).see(&["RFC 7515 §4.1.9"]),
    refuse(Medium, "string", "The header is a JSON string", |w| w.token().raw_header(r#""RS256""#))
        .by(Anyone),
    refuse(Medium, "number", "The header is a JSON number", |w| w.token().raw_header("1")).by(Anyone),
    refuse(Medium, "empty", "The header part is empty", |w| w.token().raw_header("")).by(Anyone),
    refuse(Medium, "utf-16", "The header is JSON in UTF-16", |w| {
        w.token().raw_header(utf_16(&w.forge().header_json()))
    })
    .see(&["RFC 7515 §5.2"]),
    refuse(Low, "not-a-number", "The header contains the number `NaN`, which JSON does not have", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":NaN"))
    })
    .see(&["RFC 8259 §6"]),
    refuse(Low, "lone-surrogate", "The header contains an escaped lone surrogate", |w| {
        w.token().raw_header(w.forge().header_json_with("\"x\":\"\\ud800\""))
    })
    .either("RFC 8259 §8.2 warns about lone surrogates and does not forbid them")
    .see(&["RFC 8259 §8.2"]),
    refuse(
        High,
        "deep-and-unsigned",
        "The header nests 1,000 arrays, and the signature is 256 zero bytes",
        |w| {
            w.token()
                .raw_header(w.forge().header_json_with(&format!(
                    "\"x\":{}{}",
                    "[".repeat(1000),
                    "]".repeat(1000)
                )))
                .raw_signature([0; 256])
        },
    )
    .by(Anyone)
    .see(&["CVE-2025-53864"]),
    refuse(Medium, "crit-name-absent", "`crit` names an extension that the header does not contain", |w| {
        w.token().header("crit", json!(["zzz"]))
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Low, "crit-of-a-registered-name", "`crit` lists `alg`, a registered header name", |w| {
        w.token().header("crit", json!(["alg"]))
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-of-a-claim", "`crit` lists `exp`, a claim that is copied into the header", |w| {
        w.token().header("crit", json!(["exp"])).header("exp", w.time() + 3600)
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Low, "crit-twice", "`crit` lists the same extension twice", |w| {
        w.token().header("crit", json!(["x", "x"])).header("x", 1)
    })
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-string", "`crit` is a string", |w| w.token().header("crit", "b64"))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-number", "`crit` is an array with a number", |w| {
        w.token().header("crit", json!([1]))
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "crit-object", "`crit` is an object", |w| w.token().header("crit", json!({})))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.11"]),
    refuse(Medium, "b64-with-crit", "`b64` is false and listed in `crit`, but the payload is encoded", |w| {
        w.token().header("b64", false).header("crit", json!(["b64"]))
    })
    .see(&["RFC 7797 §3"]),
    refuse(Low, "b64-true", "`b64` is true and listed in `crit`", |w| {
        w.token().header("b64", true).header("crit", json!(["b64"]))
    })
    .either("RFC 7797 §3 makes `true` the default, and a validator need not know the extension")
    .see(&["RFC 7797 §7"]),
    refuse(
        Medium,
        "zip-for-real",
        "The header declares compression, and the payload really is deflated",
        |w| w.token().header("zip", "DEF").raw_payload(deflated_zeros(100)),
    )
    .see(&["RFC 7516 §4.1.3"]),
    refuse(Low, "enc", "The header of a signed token has an `enc` member", |w| {
        w.token().header("enc", "A256GCM")
    })
    .either("RFC 7515 §4 says to ignore unknown members")
    .see(&["RFC 7516 §4.1.2"]),
    refuse(High, "alg-number", "`alg` is a number", |w| w.token().header("alg", 256))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-object", "`alg` is an object", |w| w.token().header("alg", json!({"RS256": 1})))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "alg-boolean", "`alg` is a boolean", |w| w.token().header("alg", true))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "kid-null", "`kid` is null", |w| w.token().header("kid", ()))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "kid-object", "`kid` is an object", |w| w.token().header("kid", json!({})))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "typ-array", "`typ` is an array", |w| w.token().header("typ", json!(["JWT"])))
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "single-quotes", "The header's JSON uses single quotes", |w| {
        w.token().raw_header(w.forge().header_json().replace('"', "'"))
    })
    .by(Anyone)
    .see(&["RFC 8259 §7"]),
    refuse(Low, "comment", "The header's JSON contains a comment", |w| {
        w.token().raw_header(w.forge().header_json().replacen('{', "{/**/", 1))
    })
    .see(&["RFC 8259 §2"]),
    refuse(Low, "trailing-comma", "The header's JSON has a trailing comma", |w| {
        w.token().raw_header(w.forge().header_json().replacen('}', ",}", 1))
    })
    .see(&["RFC 8259 §4"]),
    refuse(Medium, "duplicate-typ", "The header has two `typ` members", |w| {
        w.token().raw_header(w.forge().header_json_with("\"typ\":\"logout+jwt\""))
    }),
    refuse(
        High,
        "duplicate-escaped",
        "The header has two `alg` members, one of them spelled with an escape",
        |w| w.token().raw_header(w.forge().header_json_with("\"\\u0061lg\":\"none\"")),
    )
    .see(&["RFC 8259 §8.3"]),
    refuse(High, "kid-of-five-kilobytes", "`kid` is 5,000 characters long", |w| {
        w.token().header("kid", "k".repeat(5000))
    })
    .by(Anyone)
    .see(&["CVE-2025-61920"]),
];

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
