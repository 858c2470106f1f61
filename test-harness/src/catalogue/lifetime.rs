//! When the token is valid (`exp`, `nbf`, `iat`), steps 13 to 15.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "lifetime::expired-an-hour-ago",
        summary: "Expired an hour ago.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("exp", world.now() - 3600)
                    .claim("nbf", world.now() - 7200)
                    .claim("iat", world.now() - 7200)
                    .sign(),
            )
        },
    },
    Case {
        id: "lifetime::expired-beyond-the-leeway",
        summary: "Expired a little more than five minutes ago, the most leeway that anybody gives.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("exp", world.now() - 301)
                    .claim("nbf", world.now() - 3600)
                    .claim("iat", world.now() - 3600)
                    .sign(),
            )
        },
    },
    Case {
        id: "lifetime::exp-zero",
        summary: "`exp` is 0.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| Attempt::token(world.token().claim("exp", 0).claim("nbf", 0).sign()),
    },
    Case {
        id: "lifetime::exp-negative",
        summary: "`exp` is before 1970.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| Attempt::token(world.token().claim("exp", -1).claim("nbf", -2).sign()),
    },
    Case {
        id: "lifetime::valid-from-tomorrow",
        summary: "Valid from tomorrow.",
        expect: Expect::Refuse("auth_token_immature"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.5"],
        forge: |world| {
            Attempt::token(
                world.token().claim("nbf", world.now() + 86_400).claim("exp", world.now() + 90_000).sign(),
            )
        },
    },
    Case {
        id: "lifetime::valid-beyond-the-leeway",
        summary: "Valid from a little more than five minutes ahead.",
        expect: Expect::Refuse("auth_token_immature"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.5"],
        forge: |world| Attempt::token(world.token().claim("nbf", world.now() + 301).sign()),
    },
    Case {
        id: "lifetime::issued-tomorrow",
        summary: "Issued tomorrow.",
        expect: Expect::Either {
            code: "auth_token_issued_in_future",
            why: "RFC 7519 §4.1.6 demands nothing of it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.6"],
        forge: |world| Attempt::token(world.token().claim("iat", world.now() + 86_400).sign()),
    },
    Case {
        id: "lifetime::exp-minus-zero",
        summary: "`exp` is minus zero.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(
                        world
                            .forge()
                            .payload_json_replacing("exp", "-0")
                            .replace(&format!("\"nbf\":{}", world.now() - 300), "\"nbf\":-1"),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "lifetime::expired-a-day-ago",
        summary: "Expired yesterday.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("exp", world.now() - 86_400)
                    .claim("nbf", world.now() - 90_000)
                    .claim("iat", world.now() - 90_000)
                    .sign(),
            )
        },
    },
    Case {
        id: "lifetime::expired-fraction",
        summary: "Expired an hour and a fraction ago, in a float.",
        expect: Expect::Refuse("auth_token_expired"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world.token().claim("exp", world.at(-3600.5)).claim("nbf", world.now() - 7200).sign(),
            )
        },
    },
    Case {
        id: "lifetime::valid-from-next-year",
        summary: "Valid from next year, and so for a minute.",
        expect: Expect::Refuse("auth_token_immature"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.5"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("nbf", world.now() + 31_536_000)
                    .claim("exp", world.now() + 31_536_060)
                    .sign(),
            )
        },
    },
];
