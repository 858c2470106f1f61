//! The issuer (`iss`), and what the key says of it, step 11.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "issuer::another-tenant",
        summary: "Another tenant's issuer, with our `tid`.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Entra: claims validation"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .claim(
                        "iss",
                        scene.issuer().replace(scene.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::version-one",
        summary: "The issuer of version 1.0.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("iss", format!("https://sts.windows.net/{}/", scene.tenant_id())).sign(),
            )
        },
    },
    Case {
        id: "issuer::without-version",
        summary: "The issuer without `/v2.0`.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(scene.token().claim("iss", scene.issuer().trim_end_matches("/v2.0")).sign())
        },
    },
    Case {
        id: "issuer::trailing-slash",
        summary: "The issuer with a slash behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().claim("iss", format!("{}/", scene.issuer())).sign()),
    },
    Case {
        id: "issuer::upper-case",
        summary: "The tenant in the issuer in upper case.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .claim(
                        "iss",
                        scene.issuer().replace(scene.tenant_id(), &scene.tenant_id().to_uppercase()),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::prefix",
        summary: "The issuer less its last two characters.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2024-53861"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("iss", scene.issuer()[..scene.issuer().len() - 2].to_owned()).sign(),
            )
        },
    },
    Case {
        id: "issuer::suffix",
        summary: "The issuer with another host behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(scene.token().claim("iss", format!("{}.evil.example", scene.issuer())).sign())
        },
    },
    Case {
        id: "issuer::substring",
        summary: "The issuer inside another address.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("iss", format!("https://evil.example/{}", scene.issuer())).sign(),
            )
        },
    },
    Case {
        id: "issuer::one-character",
        summary: "One character.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2024-53861"],
        forge: |scene| Attempt::token(scene.token().claim("iss", "h").sign()),
    },
    Case {
        id: "issuer::template",
        summary: "The template as the metadata for many tenants has it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("iss", scene.issuer().replace(scene.tenant_id(), "{tenantid}")).sign(),
            )
        },
    },
    Case {
        id: "issuer::common",
        summary: "`common` in the tenant's place.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("iss", scene.issuer().replace(scene.tenant_id(), "common")).sign(),
            )
        },
    },
    Case {
        id: "issuer::fragment",
        summary: "A fragment behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().claim("iss", format!("{}#x", scene.issuer())).sign()),
    },
    Case {
        id: "issuer::trailing-newline",
        summary: "A line break behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| Attempt::token(scene.token().claim("iss", format!("{}\n", scene.issuer())).sign()),
    },
    Case {
        id: "issuer::real-entra",
        summary: "The issuer of the real Entra ID.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .claim("iss", format!("https://login.microsoftonline.com/{}/v2.0", scene.tenant_id()))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::key-of-another-tenant",
        summary: "A genuine key that may sign for the tenant of personal accounts only.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Storm-0558", "Entra: access tokens, signing key issuer"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign()).with_key_set(scene.key_set_with(scene.other_jwk(json!({"issuer": scene.issuer().replace(scene.tenant_id(), "9188040d-6c67-4c5b-b112-36a304b66dad")}))))
        },
    },
    Case {
        id: "issuer::key-of-another-cloud",
        summary: "A genuine key of another cloud, in the public key set.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.IdentityModel: IDX40012"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign()).with_key_set(
                scene.key_set_with(scene.other_jwk(json!({"cloud_instance_name": "microsoftonline.us"}))),
            )
        },
    },
    Case {
        id: "issuer::key-without-issuer-for-any-tenant",
        summary: "A key that says nothing of its issuer, where every tenant is served.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::AnyOrganization,
        references: &["Entra: access tokens, signing key issuer"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"issuer": null}))))
        },
    },
];
