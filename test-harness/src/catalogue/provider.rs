//! What the identity provider answers: without keys nobody is judged.

use crate::{Attacker, Attempt, Case, Expect, Provider, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "provider::discovery-404",
        summary: "No discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(404, String::new()))
        },
    },
    Case {
        id: "provider::discovery-500",
        summary: "An error instead of the discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(500, "oops".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-html",
        summary: "A page for people instead of the discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                "<html>sign in to the hotel's network</html>".to_owned(),
            ))
        },
    },
    Case {
        id: "provider::discovery-empty-object",
        summary: "A discovery document without anything in it.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(200, "{}".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-truncated",
        summary: "Half a discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Discovery(200, "{\"issuer\": \"https://".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-of-another-issuer",
        summary: "The discovery document of another issuer.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4.3"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document("https://evil.example/v2.0"),
            ))
        },
    },
    Case {
        id: "provider::keys-404",
        summary: "No key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| Attempt::token(world.token().sign()).with_provider(Provider::Keys(404, String::new())),
    },
    Case {
        id: "provider::keys-500",
        summary: "An error instead of the key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Keys(500, "oops".to_owned()))
        },
    },
    Case {
        id: "provider::keys-html",
        summary: "A page for people instead of the key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, "<html></html>".to_owned()))
        },
    },
    Case {
        id: "provider::keys-empty",
        summary: "A key set without keys.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, "{\"keys\": []}".to_owned()))
        },
    },
    Case {
        id: "provider::keys-object",
        summary: "Keys in an object.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, "{\"keys\": {}}".to_owned()))
        },
    },
    Case {
        id: "provider::junk-while-down",
        summary: "A token that no key could save is refused for itself, whatever the provider does.",
        expect: Expect::Refuse("auth_token_invalid"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 6750 §3.1"],
        forge: |_| Attempt::token("junk").with_provider(Provider::Discovery(500, String::new())),
    },
    Case {
        id: "provider::discovery-401",
        summary: "The discovery document is not for everyone.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(401, "{}".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-204",
        summary: "No content.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(204, String::new()))
        },
    },
    Case {
        id: "provider::discovery-503",
        summary: "The provider asks for patience.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(503, String::new()))
        },
    },
    Case {
        id: "provider::discovery-array",
        summary: "An array instead of the discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8414 §3.2"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(200, "[]".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-null",
        summary: "The value null instead of the discovery document.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8414 §3.2"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(200, "null".to_owned()))
        },
    },
    Case {
        id: "provider::discovery-byte-order-mark",
        summary: "A byte order mark in front of the discovery document.",
        expect: Expect::Either {
            code: "auth_oidc_error",
            why: "RFC 8259 §8.1 forbids to write it and allows to skip it",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8259 §8.1"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("\u{feff}{}", world.discovery_document(&world.issuer())),
            ))
        },
    },
    Case {
        id: "provider::discovery-duplicate-issuer",
        summary: "Two issuers in the discovery document.",
        expect: Expect::Either { code: "auth_oidc_error", why: "RFC 8259 §4 leaves duplicates open" },
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8414 §2"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document(&world.issuer()).replacen(
                    '{',
                    "{\"issuer\":\"https://evil.example\",",
                    1,
                ),
            ))
        },
    },
    Case {
        id: "provider::discovery-without-issuer",
        summary: "A discovery document without an issuer.",
        expect: Expect::Either {
            code: "auth_oidc_error",
            why: "whoever knows the issuer ahead need not read it there",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8414 §2"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Discovery(200, format!("{{\"jwks_uri\":\"{}\"}}", world.jwks_uri())))
        },
    },
    Case {
        id: "provider::discovery-without-keys",
        summary: "A discovery document that does not tell where the keys are.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8414 §2"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Discovery(200, format!("{{\"issuer\":\"{}\"}}", world.issuer())))
        },
    },
    Case {
        id: "provider::discovery-keys-null",
        summary: "A discovery document in which the keys' place is null.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8414 §2"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("{{\"issuer\":\"{}\",\"jwks_uri\":null}}", world.issuer()),
            ))
        },
    },
    Case {
        id: "provider::discovery-keys-number",
        summary: "A discovery document in which the keys' place is a number.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8414 §2"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("{{\"issuer\":\"{}\",\"jwks_uri\":1}}", world.issuer()),
            ))
        },
    },
    Case {
        id: "provider::discovery-keys-in-a-file",
        summary: "A discovery document that points at a file for keys.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2026-48522"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"file:///etc/passwd\"}}", world.issuer()),
            ))
        },
    },
    Case {
        id: "provider::discovery-keys-in-itself",
        summary: "A discovery document that holds its keys in its own address.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2026-48522"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"data:application/json,{{}}\"}}", world.issuer()),
            ))
        },
    },
    Case {
        id: "provider::discovery-keys-elsewhere",
        summary: "A discovery document that points at another host for keys.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4.3"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"http://127.0.0.1:9/keys\"}}", world.issuer()),
            ))
        },
    },
    Case {
        id: "provider::discovery-of-another-tenant",
        summary: "The discovery document of another tenant.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4.3"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document(
                    &world.issuer().replace(world.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"),
                ),
            ))
        },
    },
    Case {
        id: "provider::discovery-template",
        summary: "The discovery document for many tenants, where one is served.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Entra: OpenID Connect metadata"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document(&world.issuer().replace(world.tenant_id(), "{tenantid}")),
            ))
        },
    },
    Case {
        id: "provider::discovery-issuer-with-slash",
        summary: "The issuer with a slash behind it.",
        expect: Expect::Refuse("auth_oidc_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["OpenID Connect Discovery §4.3"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document(&format!("{}/", world.issuer())),
            ))
        },
    },
    Case {
        id: "provider::discovery-too-large",
        summary: "A discovery document of three hundred kilobytes.",
        expect: Expect::Either {
            code: "auth_oidc_error",
            why: "how large is too large is a matter of limits",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CWE-770"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Discovery(
                200,
                world.discovery_document(&world.issuer()).replacen(
                    '{',
                    &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)),
                    1,
                ),
            ))
        },
    },
    Case {
        id: "provider::keys-401",
        summary: "The keys are not for everyone.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| Attempt::token(world.token().sign()).with_provider(Provider::Keys(401, String::new())),
    },
    Case {
        id: "provider::keys-204",
        summary: "No content for keys.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| Attempt::token(world.token().sign()).with_provider(Provider::Keys(204, String::new())),
    },
    Case {
        id: "provider::keys-array",
        summary: "An array instead of the key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, world.key_set()["keys"].to_string()))
        },
    },
    Case {
        id: "provider::keys-null",
        summary: "The keys are null.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, "{\"keys\": null}".to_owned()))
        },
    },
    Case {
        id: "provider::keys-missing",
        summary: "A key set without `keys`.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Keys(200, "{}".to_owned()))
        },
    },
    Case {
        id: "provider::keys-truncated",
        summary: "Half a key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_provider(Provider::Keys(200, world.key_set().to_string()[..800].to_owned()))
        },
    },
    Case {
        id: "provider::keys-ten-thousand",
        summary: "Ten thousand keys and ours.",
        expect: Expect::Either {
            code: "auth_jwks_error",
            why: "how many are too many is a matter of limits; none may take long",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["CWE-770"],
        forge: |world| {
            let others = "{\"kty\":\"RSA\"},".repeat(10_000);
            let keys = world.key_set().to_string().replacen('[', &format!("[{others}"), 1);
            Attempt::token(world.token().sign()).with_provider(Provider::Keys(200, keys))
        },
    },
    Case {
        id: "provider::keys-too-large",
        summary: "A key set of three hundred kilobytes.",
        expect: Expect::Either {
            code: "auth_jwks_error",
            why: "how large is too large is a matter of limits",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CWE-770"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_provider(Provider::Keys(
                200,
                world.key_set().to_string().replacen(
                    '{',
                    &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)),
                    1,
                ),
            ))
        },
    },
    Case {
        id: "provider::unknown-algorithm-while-down",
        summary: "An algorithm that no key could save is refused for itself, whatever the provider does.",
        expect: Expect::Refuse("auth_token_algorithm_not_allowed"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 6750 §3.1"],
        forge: |world| {
            Attempt::token(world.token().header("alg", "none").sign())
                .with_provider(Provider::Discovery(500, String::new()))
        },
    },
];
