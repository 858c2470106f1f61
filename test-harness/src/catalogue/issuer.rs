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
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        "iss",
                        world.issuer().replace(world.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"),
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
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", format!("https://sts.windows.net/{}/", world.tenant_id())).sign(),
            )
        },
    },
    Case {
        id: "issuer::without-version",
        summary: "The issuer without `/v2.0`.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::VersionTwo,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(world.token().claim("iss", world.issuer().trim_end_matches("/v2.0")).sign())
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
        forge: |world| Attempt::token(world.token().claim("iss", format!("{}/", world.issuer())).sign()),
    },
    Case {
        id: "issuer::upper-case",
        summary: "The tenant in the issuer in upper case.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        "iss",
                        world.issuer().replace(world.tenant_id(), &world.tenant_id().to_uppercase()),
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
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", world.issuer()[..world.issuer().len() - 2].to_owned()).sign(),
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
        forge: |world| {
            Attempt::token(world.token().claim("iss", format!("{}.evil.example", world.issuer())).sign())
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
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", format!("https://evil.example/{}", world.issuer())).sign(),
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
        forge: |world| Attempt::token(world.token().claim("iss", "h").sign()),
    },
    Case {
        id: "issuer::template",
        summary: "The template as the metadata for many tenants has it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", world.issuer().replace(world.tenant_id(), "{tenantid}")).sign(),
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
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", world.issuer().replace(world.tenant_id(), "common")).sign(),
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
        forge: |world| Attempt::token(world.token().claim("iss", format!("{}#x", world.issuer())).sign()),
    },
    Case {
        id: "issuer::trailing-newline",
        summary: "A line break behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| Attempt::token(world.token().claim("iss", format!("{}\n", world.issuer())).sign()),
    },
    Case {
        id: "issuer::real-entra",
        summary: "The issuer of the real Entra ID.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", format!("https://login.microsoftonline.com/{}/v2.0", world.tenant_id()))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(world.key_set_with(world.other_jwk(json!({"issuer": world.issuer().replace(world.tenant_id(), "9188040d-6c67-4c5b-b112-36a304b66dad")}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.other_jwk(json!({"cloud_instance_name": "microsoftonline.us"}))),
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk_without("issuer")))
        },
    },
    Case {
        id: "issuer::another-scheme",
        summary: "Another scheme.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 9207 §2.4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", format!("ftp{}", &world.issuer()[world.issuer().find(':').unwrap_or(0)..]))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::user-information",
        summary: "A user name in front of the host.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(world.token().claim("iss", world.issuer().replace("://", "://a@")).sign())
        },
    },
    Case {
        id: "issuer::query",
        summary: "A query behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| Attempt::token(world.token().claim("iss", format!("{}?x", world.issuer())).sign()),
    },
    Case {
        id: "issuer::dot-segment",
        summary: "A dot segment in the path.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 3986 §5.2.4"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        "iss",
                        world.issuer().replace(world.tenant_id(), &format!("./{}", world.tenant_id())),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::percent-encoded",
        summary: "A character percent-encoded.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 3986 §6.2.2.2"],
        forge: |world| {
            Attempt::token(world.token().claim("iss", world.issuer().replacen('-', "%2D", 1)).sign())
        },
    },
    Case {
        id: "issuer::two-slashes",
        summary: "A slash too many.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        "iss",
                        world.issuer().replace(world.tenant_id(), &format!("/{}", world.tenant_id())),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::leading-space",
        summary: "A space in front of it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| Attempt::token(world.token().claim("iss", format!(" {}", world.issuer())).sign()),
    },
    Case {
        id: "issuer::trailing-nul",
        summary: "A NUL behind it.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| Attempt::token(world.token().claim("iss", format!("{}\0", world.issuer())).sign()),
    },
    Case {
        id: "issuer::look-alike",
        summary: "A letter that looks alike.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(world.token().claim("iss", world.issuer().replacen('p', "\u{440}", 1)).sign())
        },
    },
    Case {
        id: "issuer::organizations",
        summary: "`organizations` in the tenant's place.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world.token().claim("iss", world.issuer().replace(world.tenant_id(), "organizations")).sign(),
            )
        },
    },
    Case {
        id: "issuer::domain",
        summary: "The tenant's domain in its place.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §4.1.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", world.issuer().replace(world.tenant_id(), "contoso.example"))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::customers",
        summary: "The issuer of a tenant for customers.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra External ID: issuers"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", format!("https://{0}.ciamlogin.com/{0}/v2.0", world.tenant_id()))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::b2c",
        summary: "The issuer of Azure AD B2C.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Azure AD B2C: token overview"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", format!("https://contoso.b2clogin.com/{}/v2.0/", world.tenant_id()))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::us-government",
        summary: "The issuer of another cloud.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: national clouds"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", format!("https://login.microsoftonline.us/{}/v2.0", world.tenant_id()))
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::attackers-own",
        summary: "The issuer of an attacker's server, signed by the attacker.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.8"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .claim("iss", "http://127.0.0.1:9/evil/v2.0")
                    .sign(),
            )
        },
    },
    Case {
        id: "issuer::key-for-another-tenant",
        summary: "A genuine key that may sign for one other tenant only.",
        expect: Expect::Refuse("auth_token_issuer_untrusted"),
        mounted_by: Attacker::Provider,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["Storm-0558", "Entra: access tokens, signing key issuer"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(world.key_set_with(world.other_jwk(json!({"issuer": world.issuer().replace(world.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002")}))))
        },
    },
    Case {
        id: "issuer::key-for-every-tenant",
        summary: "A key that may sign for every tenant: the template filled with ours is our issuer.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access tokens, signing key issuer"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(
                    world.other_jwk(
                        json!({"issuer": world.issuer().replace(world.tenant_id(), "{tenantid}")}),
                    ),
                ),
            )
        },
    },
];
