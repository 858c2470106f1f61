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
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Discovery(404, String::new()))
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
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Discovery(500, "oops".to_owned()))
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
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Discovery(
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
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Discovery(200, "{}".to_owned()))
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
        forge: |scene| {
            Attempt::token(scene.token().sign())
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
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Discovery(
                200,
                scene.discovery_document("https://evil.example/v2.0"),
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
        forge: |scene| Attempt::token(scene.token().sign()).with_provider(Provider::Keys(404, String::new())),
    },
    Case {
        id: "provider::keys-500",
        summary: "An error instead of the key set.",
        expect: Expect::Refuse("auth_jwks_error"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_provider(Provider::Keys(500, "oops".to_owned()))
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
        forge: |scene| {
            Attempt::token(scene.token().sign())
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
        forge: |scene| {
            Attempt::token(scene.token().sign())
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
        forge: |scene| {
            Attempt::token(scene.token().sign())
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
];
