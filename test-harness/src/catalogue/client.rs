//! Which client application it was issued to, step 17.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "client::not-allowed",
        summary: "A client that is not on the allow-list.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient("dddddddd-0000-4000-8000-00000000a110"),
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_APPS"],
        forge: |scene| Attempt::token(scene.token().sign()),
    },
    Case {
        id: "client::allowed",
        summary: "A client that is on the allow-list needs no permission besides.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedClient("dddddddd-0000-4000-8000-00000000a110"),
        references: &["Microsoft.Identity.Web: AllowWebApiToBeAuthorizedByACL"],
        forge: |scene| {
            Attempt::token(
                scene.token().claim("azp", "dddddddd-0000-4000-8000-00000000a110").without("scp").sign(),
            )
        },
    },
    Case {
        id: "client::allowed-in-upper-case",
        summary: "An allowed client in upper case.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient("dddddddd-0000-4000-8000-00000000a110"),
        references: &["RFC 7519 §4.1"],
        forge: |scene| {
            Attempt::token(scene.token().claim("azp", "DDDDDDDD-0000-4000-8000-00000000A110").sign())
        },
    },
    Case {
        id: "client::appid-in-version-two",
        summary: "The client in the claim of version 1.0.",
        expect: Expect::Refuse("auth_token_claim_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient("dddddddd-0000-4000-8000-00000000a110"),
        references: &["Entra: access token claims reference"],
        forge: |scene| {
            Attempt::token(
                scene.token().without("azp").claim("appid", "dddddddd-0000-4000-8000-00000000a110").sign(),
            )
        },
    },
    Case {
        id: "client::appid-besides",
        summary: "An allowed client in `appid`, another in `azp`.",
        expect: Expect::Refuse("auth_token_azp_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedClient("dddddddd-0000-4000-8000-00000000a110"),
        references: &["Entra: access token claims reference"],
        forge: |scene| {
            Attempt::token(scene.token().claim("appid", "dddddddd-0000-4000-8000-00000000a110").sign())
        },
    },
];
