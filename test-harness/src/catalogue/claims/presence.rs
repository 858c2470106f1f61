//! What the claims say together: which are there, and that they do not contradict each other, step 8.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(in crate::catalogue) const CASES: &[Case] = &[
    Case {
        id: "claims::iss-missing",
        summary: "No `iss`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("iss").sign()),
    },
    Case {
        id: "claims::sub-missing",
        summary: "No `sub`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("sub").sign()),
    },
    Case {
        id: "claims::aud-missing",
        summary: "No `aud`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("aud").sign()),
    },
    Case {
        id: "claims::exp-missing",
        summary: "No `exp`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("exp").sign()),
    },
    Case {
        id: "claims::nbf-missing",
        summary: "No `nbf`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("nbf").sign()),
    },
    Case {
        id: "claims::ver-missing",
        summary: "No `ver`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("ver").sign()),
    },
    Case {
        id: "claims::tid-missing",
        summary: "No `tid`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("tid").sign()),
    },
    Case {
        id: "claims::azp-missing",
        summary: "No `azp`.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::VersionTwo,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("azp").sign()),
    },
    Case {
        id: "claims::id-token",
        summary: "An ID token of the API itself: same issuer, same audience, same key.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.12"],
        forge: |world| Attempt::token(world.token().client("orders-api").id_token().sign()),
    },
    Case {
        id: "claims::id-token-with-roles",
        summary: "An ID token that carries app roles, which some take for permissions.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.12"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .client("orders-api")
                    .id_token()
                    .claim("roles", json!(["Orders.Read.All"]))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::nbf-after-exp",
        summary: "It becomes valid after it has ended.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.5"],
        forge: |world| {
            Attempt::token(world.token().claim("nbf", world.now() + 50).claim("exp", world.now() + 20).sign())
        },
    },
    Case {
        id: "claims::tid-in-two-spellings",
        summary: "`tid` and `TID`.",
        expect: Expect::Either {
            code: "auth_token_claims_invalid",
            why: "names are case-sensitive (RFC 7519 §10.1.1), and Microsoft's own library refuses it all the same",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Microsoft.IdentityModel: IDX40011"],
        forge: |world| {
            Attempt::token(world.token().claim("TID", "bbbbbbbb-0000-4000-8000-000000000002").sign())
        },
    },
    Case {
        id: "claims::app-only-with-scopes",
        summary: "It says app-only, but carries a user's scopes.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: optional claims, idtyp"],
        forge: |world| Attempt::token(world.token().claim("idtyp", "app").sign()),
    },
    Case {
        id: "claims::key-bound",
        summary: "A token that is bound to a key, sent as a bearer token.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7800 §3.1", "RFC 9449 §7"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("cnf", json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::key-bound-to-a-certificate",
        summary: "A token that is bound to a client's certificate, sent as if it were not.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8705 §3"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("cnf", json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}))
                    .sign(),
            )
        },
    },
    Case {
        id: "claims::tid-in-capitals-alone",
        summary: "The tenant in a claim spelt `TID`, and none in `tid`.",
        expect: Expect::Refuse("auth_token_claims_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Microsoft.IdentityModel: IDX40011"],
        forge: |world| Attempt::token(world.token().without("tid").claim("TID", world.tenant_id()).sign()),
    },
    Case {
        id: "claims::id-token-with-scope",
        summary: "An ID token that somebody gave a scope.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.12"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .client("orders-api")
                    .id_token()
                    .claim("aud", world.audience())
                    .claim("scp", "Orders.Read")
                    .without("azp")
                    .without("appid")
                    .sign(),
            )
        },
    },
];
