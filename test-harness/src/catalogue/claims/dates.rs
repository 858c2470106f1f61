//! The types and ranges of dates (RFC 7519 §2), step 8.

use serde_json::{Value, json};

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(in crate::catalogue) const CASES: &[Case] = &[
    Case {
        id: "claims::exp-null",
        summary: "`exp` is null.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("exp", Value::Null).sign()),
    },
    Case {
        id: "claims::exp-boolean",
        summary: "`exp` is a boolean.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("exp", json!(true)).sign()),
    },
    Case {
        id: "claims::exp-string",
        summary: "`exp` is a string.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("exp", json!("9999999999")).sign()),
    },
    Case {
        id: "claims::exp-array-of-numbers",
        summary: "`exp` is an array of numbers.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("exp", json!([1])).sign()),
    },
    Case {
        id: "claims::nbf-null",
        summary: "`nbf` is null.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("nbf", Value::Null).sign()),
    },
    Case {
        id: "claims::nbf-string",
        summary: "`nbf` is a string.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("nbf", json!("0")).sign()),
    },
    Case {
        id: "claims::nbf-boolean",
        summary: "`nbf` is a boolean.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("nbf", json!(true)).sign()),
    },
    Case {
        id: "claims::iat-string",
        summary: "`iat` is a string.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1"],
        forge: |world| Attempt::token(world.token().claim("iat", json!("now")).sign()),
    },
    Case {
        id: "claims::exp-infinite",
        summary: "A date beyond every number: some readers take it for infinity.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("exp", "1e400")).sign(),
            )
        },
    },
    Case {
        id: "claims::exp-400-digits",
        summary: "A date of 400 digits.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_replacing("exp", &"9".repeat(400)))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::exp-milliseconds",
        summary: "A date in milliseconds.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "a validator without a longest lifetime takes it for the far future",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| Attempt::token(world.token().claim("exp", (world.now() + 600) * 1000).sign()),
    },
    Case {
        id: "claims::exp-object",
        summary: "`exp` is an object.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| Attempt::token(world.token().claim("exp", json!({})).sign()),
    },
    Case {
        id: "claims::exp-empty",
        summary: "`exp` is empty text.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| Attempt::token(world.token().claim("exp", "").sign()),
    },
    Case {
        id: "claims::exp-date",
        summary: "`exp` is a date for people.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| Attempt::token(world.token().claim("exp", "2036-01-01T00:00:00Z").sign()),
    },
    Case {
        id: "claims::exp-largest-unsigned",
        summary: "`exp` is the largest number of 64 bits.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "a validator without a longest lifetime takes it for the far future; none may end over it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_replacing("exp", "18446744073709551615"))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::exp-largest-signed",
        summary: "`exp` is the largest signed number of 64 bits.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "a validator without a longest lifetime takes it for the far future; none may end over it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_replacing("exp", "9223372036854775807"))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::exp-beyond-64-bits",
        summary: "`exp` is the first number beyond 64 bits.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "a validator without a longest lifetime takes it for the far future; none may end over it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_replacing("exp", "18446744073709551616"))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::exp-octal",
        summary: "`exp` with a zero in front.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("exp", "09999999999")).sign(),
            )
        },
    },
    Case {
        id: "claims::exp-hexadecimal",
        summary: "`exp` in hexadecimal.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("exp", "0xfffffffff")).sign(),
            )
        },
    },
    Case {
        id: "claims::exp-with-plus",
        summary: "`exp` with a plus sign.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("exp", "+9999999999")).sign(),
            )
        },
    },
    Case {
        id: "claims::exp-with-underscores",
        summary: "`exp` with underscores between digits.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §6"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_replacing("exp", "9_999_999_999"))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::nbf-array",
        summary: "`nbf` is an array.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-25537"],
        forge: |world| Attempt::token(world.token().claim("nbf", json!([1])).sign()),
    },
    Case {
        id: "claims::nbf-far-future-as-text",
        summary: "`nbf` is a far date in text: who cannot read it must not skip it.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-25537"],
        forge: |world| Attempt::token(world.token().claim("nbf", "9999999999").sign()),
    },
    Case {
        id: "claims::nbf-infinite",
        summary: "`nbf` is beyond every number.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("nbf", "1e400")).sign(),
            )
        },
    },
    Case {
        id: "claims::iat-array",
        summary: "`iat` is an array.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.6"],
        forge: |world| Attempt::token(world.token().claim("iat", json!([])).sign()),
    },
    Case {
        id: "claims::iat-infinite",
        summary: "`iat` is beyond every number.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("iat", "1e999")).sign(),
            )
        },
    },
];
