//! Controls: tokens that must be let in. They are sent first; a target that refuses everything fails here.

use serde_json::json;

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
        forge: |world| Attempt::token(world.token().sign()),
    },
    Case {
        id: "control::app-only",
        summary: "A daemon's token: orders-daemon for itself, with an app role.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AppOnly,
        references: &["Entra: OAuth 2.0 client credentials flow"],
        forge: |world| Attempt::token(world.app_token().sign()),
    },
    Case {
        id: "control::guest",
        summary: "A guest's token: carol, whose home is another tenant.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference, idp"],
        forge: |world| Attempt::token(world.token().user("carol").sign()),
    },
    Case {
        id: "control::group-overage",
        summary: "A user in more groups than fit: the token tells where to ask instead, and nobody asks.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: groups overage claim"],
        forge: |world| Attempt::token(world.token().user("dave").sign()),
    },
    Case {
        id: "control::unknown-claims",
        summary: "Claims that Entra may add tomorrow do not matter.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token(
                world
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
        forge: |world| Attempt::header(format!("bearer {}", world.token().sign())),
    },
    Case {
        id: "control::audience-in-an-array",
        summary: "One audience may stand in an array.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", serde_json::json!([world.audience()])).sign())
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
        forge: |world| {
            Attempt::token(world.token().claim("exp", world.at(600.5)).claim("nbf", world.at(-0.5)).sign())
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
        forge: |world| Attempt::token(world.token().without_header("typ").sign()),
    },
    Case {
        id: "control::header-pretty-printed",
        summary: "White space in JSON has no meaning.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7515 §A.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_header(format!(
                        "{{\r\n \"typ\": \"JWT\",\r\n \"alg\": \"RS256\", \"kid\": \"{}\" }}",
                        world.kid()
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
        forge: |world| Attempt::token(world.token().claim("SUB", "admin").claim("Exp", 1).sign()),
    },
    Case {
        id: "control::clock-skew",
        summary: "Clocks differ a little: `nbf` 30 seconds ahead, `exp` 30 seconds past.",
        expect: Expect::Either { code: "auth_token_expired", why: "leeway is a matter of policy" },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.4"],
        forge: |world| {
            Attempt::token(world.token().claim("nbf", world.now() - 60).claim("exp", world.now() - 30).sign())
        },
    },
    Case {
        id: "control::scheme-upper-case",
        summary: "The scheme in upper case.",
        expect: Expect::Accept,
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 9110 §11.1"],
        forge: |world| Attempt::header(format!("BEARER {}", world.token().sign())),
    },
    Case {
        id: "control::scheme-mixed-case",
        summary: "The scheme in mixed case.",
        expect: Expect::Accept,
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 9110 §11.1"],
        forge: |world| Attempt::header(format!("BeArEr {}", world.token().sign())),
    },
    Case {
        id: "control::two-spaces",
        summary: "Two spaces between scheme and token.",
        expect: Expect::Either {
            code: "auth_header_malformed",
            why: "the grammar of RFC 9110 §11.4 allows several, and RFC 6750 §2.1 shows one",
        },
        mounted_by: Attacker::Anyone,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 9110 §11.4", "RFC 6750 §2.1"],
        forge: |world| Attempt::header(format!("Bearer  {}", world.token().sign())),
    },
    Case {
        id: "control::escaped-header-name",
        summary: "A name in the header spelt with an escape: the same JSON.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.3"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_header(world.forge().header_json().replace("\"alg\"", "\"\\u0061lg\""))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::thirty-deep",
        summary: "A claim nested thirty levels deep.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "how deep is too deep is a matter of limits",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 8259 §9"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .raw_payload(world.forge().payload_json_with(&format!(
                        "\"x\":{}{}",
                        "[".repeat(30),
                        "]".repeat(30)
                    )))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::nul-in-a-claim",
        summary: "A NUL inside a claim is data like any other, and cuts nothing off.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8259 §7"],
        forge: |world| Attempt::token(world.token().claim("name", "alice\0, admin").sign()),
    },
    Case {
        id: "control::eight-kilobytes",
        summary: "A large honest token: 200 groups.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: groups overage claim"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        "groups",
                        (0..200).map(|n| format!("eeeeeeee-0000-4000-8000-{n:012}")).collect::<Vec<_>>(),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "control::forty-claims",
        summary: "Forty optional claims that Entra may send.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4"],
        forge: |world| {
            Attempt::token((0..40).fold(world.token(), |token, n| token.claim(format!("xms_{n}"), n)).sign())
        },
    },
    Case {
        id: "control::exp-in-exponent-notation",
        summary: "A date in the notation of floats.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §2"],
        forge: |world| {
            Attempt::token(
                world.token().raw_payload(world.forge().payload_json_replacing("exp", "1e10")).sign(),
            )
        },
    },
    Case {
        id: "control::far-future",
        summary: "It ends in ten years.",
        expect: Expect::Either {
            code: "auth_token_expired",
            why: "a longest lifetime is a matter of policy; Entra gives at most 28 hours",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: token lifetimes"],
        forge: |world| Attempt::token(world.token().claim("exp", world.now() + 315_360_000).sign()),
    },
    Case {
        id: "control::issued-long-ago",
        summary: "Issued in 1970, still valid.",
        expect: Expect::Either { code: "auth_token_expired", why: "a longest age is a matter of policy" },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.6"],
        forge: |world| Attempt::token(world.token().claim("iat", 1).sign()),
    },
    Case {
        id: "control::actor-ignored",
        summary: "Claims that smuggle another actor into the token change nobody: they are not read.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2025-55241", "RFC 8693 §4.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("actortoken", "eyJhbGciOiJub25lIn0.e30.")
                    .claim("act", json!({"sub": "admin"}))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::overage-of-another-host",
        summary: "The token names an attacker's address for its groups: nobody asks there.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: groups overage claim"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("_claim_names", json!({"groups": "src1"}))
                    .claim("_claim_sources", json!({"src1": {"endpoint": "http://127.0.0.1:9/groups"}}))
                    .sign(),
            )
        },
    },
    Case {
        id: "control::embedded-key-of-the-signer",
        summary: "An honest token that brings its own key besides: it may be ignored, never used.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "RFC 8725 §3.10 forbids to trust it, not to receive it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("jwk", world.attacker_key().jwk()).sign()),
    },
    Case {
        id: "control::nonce-in-the-header",
        summary: "A `nonce` in the header, as Microsoft Graph's own tokens have it, honestly signed.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "only Graph can verify its own tokens; one that verifies is no harm",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["Entra: access tokens, token validation"],
        forge: |world| Attempt::token(world.token().header("nonce", "xGSdYMxZ8CN0e3hSzXzIl0").sign()),
    },
    Case {
        id: "control::x5t-besides-kid",
        summary: "The key named twice, as v1.0 tokens do.",
        expect: Expect::Accept,
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.7"],
        forge: |world| Attempt::token(world.token().header("x5t", world.kid()).sign()),
    },
];
