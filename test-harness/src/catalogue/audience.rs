//! The audience (`aud`), step 12.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "audience::another-api",
        summary: "A genuine token for another API.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", "api://someone-else").sign()),
    },
    Case {
        id: "audience::graph",
        summary: "A genuine token for Microsoft Graph.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", "https://graph.microsoft.com").sign()),
    },
    Case {
        id: "audience::graph-id",
        summary: "Microsoft Graph by its id.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", "00000003-0000-0000-c000-000000000000").sign())
        },
    },
    Case {
        id: "audience::client",
        summary: "The client's own id.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", world.client_id()).sign()),
    },
    Case {
        id: "audience::identifier-uri",
        summary: "Our identifier URI, which a v2.0 token never has.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::VersionTwo,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", "api://orders").sign()),
    },
    Case {
        id: "audience::empty",
        summary: "Empty.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", "").sign()),
    },
    Case {
        id: "audience::empty-array",
        summary: "An empty array: \"all of them match\".",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", json!([])).sign()),
    },
    Case {
        id: "audience::array-of-others",
        summary: "Others, in an array.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", json!(["api://a", "api://b"])).sign()),
    },
    Case {
        id: "audience::upper-case",
        summary: "Ours in upper case.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", world.audience().to_uppercase()).sign()),
    },
    Case {
        id: "audience::trailing-slash",
        summary: "Ours with a slash behind it.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", format!("{}/", world.audience())).sign()),
    },
    Case {
        id: "audience::prefix",
        summary: "Ours less its last character.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| {
            Attempt::token(
                world.token().claim("aud", world.audience()[..world.audience().len() - 1].to_owned()).sign(),
            )
        },
    },
    Case {
        id: "audience::ours-and-another",
        summary: "Ours and another in one array.",
        expect: Expect::Either {
            code: "auth_token_audience_invalid",
            why: "RFC 7519 §4.1.3 takes it; Entra never sends it",
        },
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| {
            Attempt::token(
                world.token().claim("aud", json!([world.audience(), "https://graph.microsoft.com"])).sign(),
            )
        },
    },
    Case {
        id: "audience::azure-management",
        summary: "A genuine token for the management of Azure.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| Attempt::token(world.token().claim("aud", "https://management.azure.com").sign()),
    },
    Case {
        id: "audience::azure-ad-graph",
        summary: "A genuine token for the old graph.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", "00000002-0000-0000-c000-000000000000").sign())
        },
    },
    Case {
        id: "audience::suffix",
        summary: "Our audience with more behind it.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2024-53861"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", format!("{}.evil.example", world.audience())).sign())
        },
    },
    Case {
        id: "audience::with-scope",
        summary: "Our audience and a scope in one.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.9"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", format!("{}/Orders.Read", world.audience())).sign())
        },
    },
    Case {
        id: "audience::space-separated",
        summary: "Our audience and another, separated by a space.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| {
            Attempt::token(world.token().claim("aud", format!("{} api://another", world.audience())).sign())
        },
    },
    Case {
        id: "audience::trailing-nul",
        summary: "Our audience and a NUL.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| Attempt::token(world.token().claim("aud", format!("{}\0", world.audience())).sign()),
    },
    Case {
        id: "audience::wildcard",
        summary: "A star.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| Attempt::token(world.token().claim("aud", "*").sign()),
    },
    Case {
        id: "audience::tenant",
        summary: "The tenant's id.",
        expect: Expect::Refuse("auth_token_audience_invalid"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.3"],
        forge: |world| Attempt::token(world.token().claim("aud", world.tenant_id()).sign()),
    },
];
