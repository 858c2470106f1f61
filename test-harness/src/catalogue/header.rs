//! The JOSE header (RFC 7515 §4), step 2.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity, jwe::deflated_zeros};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "header::not-json",
        summary: "Text that is no JSON.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header("hello").sign()),
    },
    Case {
        id: "header::array",
        summary: "An array.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header("[]").sign()),
    },
    Case {
        id: "header::null",
        summary: "The value null.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header("null").sign()),
    },
    Case {
        id: "header::trailing-text",
        summary: "An object and more behind it.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header(world.forge().header_json() + "{}").sign()),
    },
    Case {
        id: "header::byte-order-mark",
        summary: "A byte order mark in front.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.1"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header("\u{feff}".to_owned() + &world.forge().header_json()).sign(),
            )
        },
    },
    Case {
        id: "header::invalid-utf-8",
        summary: "Bytes that are no UTF-8.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_header(
                        [
                            world.forge().header_json().trim_end_matches('}').as_bytes(),
                            b",\"x\":\"\xff\xfe\"}",
                        ]
                        .concat(),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "header::duplicate-alg",
        summary: "Two algorithms: one reader sees the first, another the last.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json_with("\"alg\":\"none\"")).sign(),
            )
        },
    },
    Case {
        id: "header::duplicate-kid",
        summary: "Two key names.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json_with("\"kid\":\"another\"")).sign(),
            )
        },
    },
    Case {
        id: "header::duplicate-unknown",
        summary: "Two members of one unknown name.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| {
            Attempt::token(world.token().raw_header(world.forge().header_json_with("\"x\":1,\"x\":2")).sign())
        },
    },
    Case {
        id: "header::deep",
        summary: "A thousand arrays in each other, unsigned.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-53864"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_header(world.forge().header_json_with(&format!(
                        "\"x\":{}{}",
                        "[".repeat(1000),
                        "]".repeat(1000)
                    )))
                    .raw_signature("x")
                    .sign(),
            )
        },
    },
    Case {
        id: "header::too-long",
        summary: "5 kilobytes of header.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "how long is too long is a matter of limits",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §10"],
        forge: |world| Attempt::token(world.token().header("x", "x".repeat(5000)).sign()),
    },
    Case {
        id: "header::crit-unknown",
        summary: "An extension that must be understood, and is not.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11", "CVE-2026-32597"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .header("crit", serde_json::json!(["https://example.com/must"]))
                    .header("https://example.com/must", true)
                    .sign(),
            )
        },
    },
    Case {
        id: "header::crit-empty",
        summary: "An empty list of extensions.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", serde_json::json!([])).sign()),
    },
    Case {
        id: "header::crit-null",
        summary: "No list of extensions.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", serde_json::Value::Null).sign()),
    },
    Case {
        id: "header::b64-false",
        summary: "An unencoded payload without saying that it must be understood.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7797 §6"],
        forge: |world| Attempt::token(world.token().header("b64", false).sign()),
    },
    Case {
        id: "header::zip",
        summary: "Compression, which signed tokens do not have.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "RFC 7515 §4 has members ignored that nobody understands",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7516 §4.1.3"],
        forge: |world| Attempt::token(world.token().header("zip", "DEF").sign()),
    },
    Case {
        id: "header::alg-missing",
        summary: "No algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().without_header("alg").sign()),
    },
    Case {
        id: "header::alg-null",
        summary: "The value null for an algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().header("alg", serde_json::Value::Null).sign()),
    },
    Case {
        id: "header::alg-array",
        summary: "An array of algorithms.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().header("alg", serde_json::json!(["RS256"])).sign()),
    },
    Case {
        id: "header::kid-number",
        summary: "A number for a key name.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", 1).sign()),
    },
    Case {
        id: "header::kid-array",
        summary: "An array of key names.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", serde_json::json!([world.kid()])).sign()),
    },
    Case {
        id: "header::typ-number",
        summary: "A number for a type.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.9"],
        forge: |world| Attempt::token(world.token().header("typ", 1).sign()),
    },
    Case {
        id: "header::typ-null",
        summary: "The value null for a type.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.9"],
        forge: |world| Attempt::token(world.token().header("typ", ()).sign()),
    },
    Case {
        id: "header::string",
        summary: "The header is a string.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header(r#""RS256""#).sign()),
    },
    Case {
        id: "header::number",
        summary: "The header is a number.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header("1").sign()),
    },
    Case {
        id: "header::empty",
        summary: "The header is empty.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| Attempt::token(world.token().raw_header("").sign()),
    },
    Case {
        id: "header::utf-16",
        summary: "The header in UTF-16.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| Attempt::token(world.token().raw_header(utf_16(&world.forge().header_json())).sign()),
    },
    Case {
        id: "header::not-a-number",
        summary: "The header holds NaN.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(world.token().raw_header(world.forge().header_json_with("\"x\":NaN")).sign())
        },
    },
    Case {
        id: "header::lone-surrogate",
        summary: "The header holds half a character.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "RFC 8259 §8.2 warns of it without forbidding it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json_with("\"x\":\"\\ud800\"")).sign(),
            )
        },
    },
    Case {
        id: "header::deep-and-unsigned",
        summary: "A thousand nested arrays that nobody signed.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-53864"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_header(world.forge().header_json_with(&format!(
                        "\"x\":{}{}",
                        "[".repeat(1000),
                        "]".repeat(1000)
                    )))
                    .raw_signature([0; 256])
                    .sign(),
            )
        },
    },
    Case {
        id: "header::crit-name-absent",
        summary: "A critical extension that is not there.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", json!(["zzz"])).sign()),
    },
    Case {
        id: "header::crit-of-a-registered-name",
        summary: "A critical extension that is none: `alg`.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", json!(["alg"])).sign()),
    },
    Case {
        id: "header::crit-of-a-claim",
        summary: "A critical extension that is present and is a claim: `exp`.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| {
            Attempt::token(
                world.token().header("crit", json!(["exp"])).header("exp", world.now() + 3600).sign(),
            )
        },
    },
    Case {
        id: "header::crit-twice",
        summary: "The same critical extension twice.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", json!(["x", "x"])).header("x", 1).sign()),
    },
    Case {
        id: "header::crit-string",
        summary: "A critical extension that is text.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", "b64").sign()),
    },
    Case {
        id: "header::crit-number",
        summary: "A critical extension that is a number.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", json!([1])).sign()),
    },
    Case {
        id: "header::crit-object",
        summary: "A critical extension that is an object.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |world| Attempt::token(world.token().header("crit", json!({})).sign()),
    },
    Case {
        id: "header::b64-with-crit",
        summary: "A payload that is said to be unencoded, and is encoded.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7797 §3"],
        forge: |world| {
            Attempt::token(world.token().header("b64", false).header("crit", json!(["b64"])).sign())
        },
    },
    Case {
        id: "header::b64-true",
        summary: "An extension that asks for what is usual.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "RFC 7515 §4 has members ignored that nobody understands",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7797 §7"],
        forge: |world| {
            Attempt::token(world.token().header("b64", true).header("crit", json!(["b64"])).sign())
        },
    },
    Case {
        id: "header::zip-for-real",
        summary: "A payload that is really deflated.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7516 §4.1.3"],
        forge: |world| {
            Attempt::token(world.token().header("zip", "DEF").raw_payload(deflated_zeros(100)).sign())
        },
    },
    Case {
        id: "header::enc",
        summary: "A signed token that says how it is encrypted.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "RFC 7515 §4 has members ignored that nobody understands",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7516 §4.1.2"],
        forge: |world| Attempt::token(world.token().header("enc", "A256GCM").sign()),
    },
    Case {
        id: "header::alg-number",
        summary: "A number for an algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().header("alg", 256).sign()),
    },
    Case {
        id: "header::alg-object",
        summary: "An object for an algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().header("alg", json!({"RS256": 1})).sign()),
    },
    Case {
        id: "header::alg-boolean",
        summary: "A boolean for an algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |world| Attempt::token(world.token().header("alg", true).sign()),
    },
    Case {
        id: "header::kid-null",
        summary: "The value null for a key name.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", ()).sign()),
    },
    Case {
        id: "header::kid-object",
        summary: "An object for a key name.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", json!({})).sign()),
    },
    Case {
        id: "header::typ-array",
        summary: "An array for a type.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.9"],
        forge: |world| Attempt::token(world.token().header("typ", json!(["JWT"])).sign()),
    },
    Case {
        id: "header::single-quotes",
        summary: "Single quotes instead of double ones.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §7"],
        forge: |world| {
            Attempt::token(world.token().raw_header(world.forge().header_json().replace('"', "'")).sign())
        },
    },
    Case {
        id: "header::comment",
        summary: "A comment in the JSON.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json().replacen('{', "{/**/", 1)).sign(),
            )
        },
    },
    Case {
        id: "header::trailing-comma",
        summary: "A comma before the closing brace.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json().replacen('}', ",}", 1)).sign(),
            )
        },
    },
    Case {
        id: "header::duplicate-typ",
        summary: "`typ` twice.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json_with("\"typ\":\"logout+jwt\"")).sign(),
            )
        },
    },
    Case {
        id: "header::duplicate-escaped",
        summary: "`alg` twice, once spelt with an escape.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.3"],
        forge: |world| {
            Attempt::token(
                world.token().raw_header(world.forge().header_json_with("\"\\u0061lg\":\"none\"")).sign(),
            )
        },
    },
    Case {
        id: "header::kid-of-five-kilobytes",
        summary: "A key name of five kilobytes.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-61920"],
        forge: |world| Attempt::token(world.token().header("kid", "k".repeat(5000)).sign()),
    },
];

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
