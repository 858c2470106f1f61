//! Controls: tokens that must be let in. They are sent first; a target that refuses everything fails here.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "control::delegated",
        summary: "A user's token: alice by way of orders-spa, with scopes.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |scene| Attempt::token(scene.token().sign()),
    },
    Case {
        id: "control::app-only",
        summary: "A daemon's token: orders-daemon for itself, with an app role.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["Entra: OAuth 2.0 client credentials flow"],
        forge: |scene| Attempt::token(scene.app_token().sign()),
    },
    Case {
        id: "control::guest",
        summary: "A guest's token: carol, whose home is another tenant.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference, idp"],
        forge: |scene| Attempt::token(scene.token().user("carol").sign()),
    },
    Case {
        id: "control::group-overage",
        summary: "A user in more groups than fit: the token tells where to ask instead, and nobody asks.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: groups overage claim"],
        forge: |scene| Attempt::token(scene.token().user("dave").sign()),
    },
    Case {
        id: "control::unknown-claims",
        summary: "Claims that Entra may add tomorrow do not matter.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .claim("xms_future", serde_json::json!({"a": [1, 2.5, null, {"b": true}]}))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::scheme-lower-case",
        summary: "The scheme is compared without regard to case.",
        expect: Expect::Accept,
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 9110 §11.1"],
        forge: |scene| Attempt::header(format!("bearer {}", scene.token().sign())),
    },
    Case {
        id: "control::audience-in-an-array",
        summary: "One audience may stand in an array.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |scene| {
            Attempt::token(scene.token().claim("aud", serde_json::json!([scene.audience()])).sign())
        },
    },
    Case {
        id: "control::fractional-dates",
        summary: "Dates may have fractions.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |scene| {
            Attempt::token(scene.token().claim("exp", scene.at(600.5)).claim("nbf", scene.at(-0.5)).sign())
        },
    },
    Case {
        id: "control::header-without-typ",
        summary: "`typ` is optional.",
        expect: Expect::Either {
            code: "auth_token_type_not_allowed",
            why: "RFC 7519 §5.1 leaves it to the application",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §5.1"],
        forge: |scene| Attempt::token(scene.token().without_header("typ").sign()),
    },
    Case {
        id: "control::header-pretty-printed",
        summary: "White space in JSON has no meaning.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7515 §A.1"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .raw_header(format!(
                        "{{\r\n \"typ\": \"JWT\",\r\n \"alg\": \"RS256\", \"kid\": \"{}\" }}",
                        scene.kid()
                    ))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::case-variant-claims",
        summary: "Claim names are case-sensitive: `SUB` and `Exp` are other claims.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §10.1.1"],
        forge: |scene| Attempt::token(scene.token().claim("SUB", "admin").claim("Exp", 1).sign()),
    },
    Case {
        id: "control::clock-skew",
        summary: "Clocks differ a little: `nbf` 30 seconds ahead, `exp` 30 seconds past.",
        expect: Expect::Either { code: "auth_token_expired", why: "leeway is a matter of policy" },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |scene| {
            Attempt::token(scene.token().claim("nbf", scene.now() - 60).claim("exp", scene.now() - 30).sign())
        },
    },
];
