//! The payload as JSON (RFC 7519 §7.2), step 8.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(in crate::catalogue) const CASES: &[Case] = &[
    Case {
        id: "claims::not-json",
        summary: "A payload that is no JSON.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload("hello").sign()),
    },
    Case {
        id: "claims::empty-payload",
        summary: "An empty payload.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload("").sign()),
    },
    Case {
        id: "claims::array",
        summary: "An array.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload("[]").sign()),
    },
    Case {
        id: "claims::null",
        summary: "The value null, which crashes the careless.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload("null").sign()),
    },
    Case {
        id: "claims::empty-object",
        summary: "No claims at all.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 9068 §2.2"],
        forge: |world| Attempt::token(world.token().raw_payload("{}").sign()),
    },
    Case {
        id: "claims::trailing-text",
        summary: "Two objects.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload(world.forge().payload_json() + "{}").sign()),
    },
    Case {
        id: "claims::byte-order-mark",
        summary: "A byte order mark in front.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.1"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload("\u{feff}".to_owned() + &world.forge().payload_json()).sign(),
            )
        },
    },
    Case {
        id: "claims::invalid-utf-8",
        summary: "Bytes that are no UTF-8.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        [world.forge().payload_json().trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\"}"]
                            .concat(),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::utf-16",
        summary: "The right text in UTF-16.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        world
                            .forge()
                            .payload_json()
                            .encode_utf16()
                            .flat_map(u16::to_le_bytes)
                            .collect::<Vec<_>>(),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-sub",
        summary: "Two subjects.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"sub\":\"admin\"")).sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-scp",
        summary: "Two lists of scopes.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"scp\":\"Orders.Write\"")).sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-tid",
        summary: "Two tenants.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        world.forge().payload_json_with("\"tid\":\"bbbbbbbb-0000-4000-8000-000000000002\""),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-escaped",
        summary: "Two subjects, one of them spelt with an escape.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8259 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"s\\u0075b\":\"admin\"")).sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-nested",
        summary: "Two members of one name inside another claim.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"x\":{\"a\":1,\"a\":2}")).sign(),
            )
        },
    },
    Case {
        id: "claims::not-a-number",
        summary: "NaN.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(world.token().raw_payload(world.forge().payload_json_with("\"x\":NaN")).sign())
        },
    },
    Case {
        id: "claims::lone-surrogate",
        summary: "Half a character.",
        expect: Expect::Either { code: "auth_token_claims_invalid", why: "RFC 8259 §8.2 leaves it open" },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"x\":\"\\ud800\"")).sign(),
            )
        },
    },
    Case {
        id: "claims::deep",
        summary: "A thousand arrays in each other.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-53864"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_with(&format!(
                        "\"x\":{}{}",
                        "[".repeat(1000),
                        "]".repeat(1000)
                    )))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::string",
        summary: "The payload is a string.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload(r#""x""#).sign()),
    },
    Case {
        id: "claims::number",
        summary: "The payload is a number.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload("1").sign()),
    },
    Case {
        id: "claims::two-objects",
        summary: "Two objects.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| {
            Attempt::token(world.token().raw_payload(format!("{0}{0}", world.forge().payload_json())).sign())
        },
    },
    Case {
        id: "claims::open-brace",
        summary: "An object that does not end.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json().trim_end_matches('}')).sign(),
            )
        },
    },
    Case {
        id: "claims::single-quotes",
        summary: "Single quotes instead of double ones.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8259 §7"],
        forge: |world| {
            Attempt::token(world.token().raw_payload(world.forge().payload_json().replace('"', "'")).sign())
        },
    },
    Case {
        id: "claims::duplicate-aud",
        summary: "`aud` twice: another audience, then ours.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        world.forge().payload_json_with(&format!("\"aud\":\"{}\"", world.audience())),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-exp",
        summary: "`exp` twice: the second far away.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"exp\":9999999999")).sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-roles",
        summary: "`roles` twice.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        world.forge().payload_json_with("\"roles\":[\"Reader\"],\"roles\":[\"Admin\"]"),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::duplicate-unknown",
        summary: "A claim that nobody reads twice.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"x\":1,\"x\":2")).sign(),
            )
        },
    },
    Case {
        id: "claims::five-thousand-digits",
        summary: "An integer of five thousand digits in a claim that nobody reads.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "some readers keep it as text; none may take long",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["CVE-2020-10735"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_with(&format!("\"x\":{}", "9".repeat(5000))))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::infinity",
        summary: "The word Infinity for a number.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"x\":Infinity")).sign(),
            )
        },
    },
    Case {
        id: "claims::control-character",
        summary: "A line break inside a string.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §7"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_with("\"x\":\"a\nb\"")).sign(),
            )
        },
    },
    Case {
        id: "claims::trailing-nul",
        summary: "A NUL behind the object.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §7.2"],
        forge: |world| Attempt::token(world.token().raw_payload(world.forge().payload_json() + "\0").sign()),
    },
    Case {
        id: "claims::deep-objects",
        summary: "A thousand nested objects.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-53864"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_with(&format!(
                        "\"x\":{}1{}",
                        "{\"x\":".repeat(1000),
                        "}".repeat(1000)
                    )))
                    .sign(),
            )
        },
    },
];
