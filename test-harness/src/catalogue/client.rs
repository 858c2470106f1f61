//! Which client application it was issued to, step 17.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "client::not-allowed",
        summary: "A client that is not on the allow-list.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient,
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_APPS"],
        forge: |world| {
            Attempt::token(
                world.token().claim(world.client_claim(), "dddddddd-0000-4000-8000-00000000ffff").sign(),
            )
        },
    },
    Case {
        id: "client::allowed",
        summary: "A client that is on the allow-list needs no permission besides.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedClient,
        references: &["Microsoft.Identity.Web: AllowWebApiToBeAuthorizedByACL"],
        forge: |world| {
            Attempt::token(
                world.token().claim(world.client_claim(), world.allowed_client()).without("scp").sign(),
            )
        },
    },
    Case {
        id: "client::allowed-in-upper-case",
        summary: "An allowed client in upper case.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient,
        references: &["RFC 7519 §4.1"],
        forge: |world| {
            Attempt::token(
                world.token().claim(world.client_claim(), world.allowed_client().to_uppercase()).sign(),
            )
        },
    },
    Case {
        id: "client::appid-in-version-two",
        summary: "The client in the claim of version 1.0.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient,
        references: &["Entra: access token claims reference"],
        forge: |world| {
            Attempt::token(world.token().without("azp").claim("appid", world.allowed_client()).sign())
        },
    },
    Case {
        id: "client::appid-besides",
        summary: "An allowed client in `appid`, another in `azp`.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient,
        references: &["Entra: access token claims reference"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("azp", "dddddddd-0000-4000-8000-00000000ffff")
                    .claim("appid", world.allowed_client())
                    .sign(),
            )
        },
    },
    Case {
        id: "client::prefix",
        summary: "An allowed client less its last character.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient,
        references: &["RFC 7519 §4.1"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim(
                        world.client_claim(),
                        world.allowed_client()[..world.allowed_client().len() - 1].to_owned(),
                    )
                    .sign(),
            )
        },
    },
    Case {
        id: "client::azure-cli",
        summary: "A token that anyone of the tenant gets with the Azure CLI.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::AllowedClient,
        references: &["Entra: first-party applications"],
        forge: |world| {
            Attempt::token(
                world.token().claim(world.client_claim(), "04b07795-8ddb-461a-bbee-02f9e1bf7b46").sign(),
            )
        },
    },
];
