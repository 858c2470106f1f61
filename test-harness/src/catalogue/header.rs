//! The JOSE header (RFC 7515 §4), step 2.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "header::not-json",
        summary: "Text that is no JSON.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |scene| Attempt::token(scene.token().raw_header("hello").sign()),
    },
    Case {
        id: "header::array",
        summary: "An array.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |scene| Attempt::token(scene.token().raw_header("[]").sign()),
    },
    Case {
        id: "header::null",
        summary: "The value null.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |scene| Attempt::token(scene.token().raw_header("null").sign()),
    },
    Case {
        id: "header::trailing-text",
        summary: "An object and more behind it.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4"],
        forge: |scene| Attempt::token(scene.token().raw_header(scene.header_json() + "{}").sign()),
    },
    Case {
        id: "header::byte-order-mark",
        summary: "A byte order mark in front.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.1"],
        forge: |scene| {
            Attempt::token(scene.token().raw_header("\u{feff}".to_owned() + &scene.header_json()).sign())
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
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .raw_header(
                        [scene.header_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\xfe\"}"]
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
        forge: |scene| {
            Attempt::token(scene.token().raw_header(scene.header_json_with("\"alg\":\"none\"")).sign())
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
        forge: |scene| {
            Attempt::token(scene.token().raw_header(scene.header_json_with("\"kid\":\"another\"")).sign())
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
        forge: |scene| {
            Attempt::token(scene.token().raw_header(scene.header_json_with("\"x\":1,\"x\":2")).sign())
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
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .raw_header(scene.header_json_with(&format!(
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
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §10"],
        forge: |scene| Attempt::token(scene.token().header("x", "x".repeat(5000)).sign()),
    },
    Case {
        id: "header::crit-unknown",
        summary: "An extension that must be understood, and is not.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11", "CVE-2026-32597"],
        forge: |scene| {
            Attempt::token(
                scene
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
        forge: |scene| Attempt::token(scene.token().header("crit", serde_json::json!([])).sign()),
    },
    Case {
        id: "header::crit-null",
        summary: "No list of extensions.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.11"],
        forge: |scene| Attempt::token(scene.token().header("crit", serde_json::Value::Null).sign()),
    },
    Case {
        id: "header::b64-false",
        summary: "An unencoded payload without saying that it must be understood.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7797 §6"],
        forge: |scene| Attempt::token(scene.token().header("b64", false).sign()),
    },
    Case {
        id: "header::zip",
        summary: "Compression, which signed tokens do not have.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7516 §4.1.3"],
        forge: |scene| Attempt::token(scene.token().header("zip", "DEF").sign()),
    },
    Case {
        id: "header::alg-missing",
        summary: "No algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().without_header("alg").sign()),
    },
    Case {
        id: "header::alg-null",
        summary: "The value null for an algorithm.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().header("alg", serde_json::Value::Null).sign()),
    },
    Case {
        id: "header::alg-array",
        summary: "An array of algorithms.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().header("alg", serde_json::json!(["RS256"])).sign()),
    },
    Case {
        id: "header::kid-number",
        summary: "A number for a key name.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", 1).sign()),
    },
    Case {
        id: "header::kid-array",
        summary: "An array of key names.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", serde_json::json!([scene.kid()])).sign()),
    },
    Case {
        id: "header::typ-number",
        summary: "A number for a type.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.9"],
        forge: |scene| Attempt::token(scene.token().header("typ", 1).sign()),
    },
    Case {
        id: "header::typ-null",
        summary: "The value null for a type.",
        expect: Expect::Refuse("auth_token_header_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.9"],
        forge: |scene| Attempt::token(scene.token().header("typ", ()).sign()),
    },
];
