//! Whether it carries any permission, step 16.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "permission::none",
        summary: "Neither scopes nor roles: Entra issues that to any client of the tenant, for any API.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.Identity.Web: IDW10201"],
        forge: |world| Attempt::token(world.token().without("scp").without("roles").sign()),
    },
    Case {
        id: "permission::app-only-none",
        summary: "A daemon of the tenant that was never given a role.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: client credentials flow, tokens without roles"],
        forge: |world| Attempt::token(world.app_token().without("roles").sign()),
    },
    Case {
        id: "permission::empty-scope",
        summary: "An empty scope.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.Identity.Web: IDW10201"],
        forge: |world| Attempt::token(world.token().claim("scp", "").without("roles").sign()),
    },
    Case {
        id: "permission::slash-scope",
        summary: "The slash that stands for no scope.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: agent identities, token claims"],
        forge: |world| Attempt::token(world.token().claim("scp", "/").without("roles").sign()),
    },
    Case {
        id: "permission::empty-roles",
        summary: "An empty list of roles.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.Identity.Web: IDW10201"],
        forge: |world| Attempt::token(world.app_token().claim("roles", json!([])).sign()),
    },
    Case {
        id: "permission::scope-claim",
        summary: "`scope` instead of `scp`.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().without("scp").claim("scope", "Orders.Read").sign()),
    },
    Case {
        id: "permission::scps-claim",
        summary: "`scps`, which Entra never sends.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| {
            Attempt::token(world.token().without("scp").claim("scps", json!(["Orders.Read"])).sign())
        },
    },
    Case {
        id: "permission::scope-of-spaces",
        summary: "A scope of spaces.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.Identity.Web: IDW10201"],
        forge: |world| Attempt::token(world.token().claim("scp", "   ").without("roles").sign()),
    },
    Case {
        id: "permission::groups-alone",
        summary: "Groups, and neither scope nor role: membership is no permission for this API.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Microsoft.Identity.Web: IDW10201"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .without("scp")
                    .without("roles")
                    .claim("groups", json!(["eeeeeeee-0000-4000-8000-000000000001"]))
                    .sign(),
            )
        },
    },
    Case {
        id: "permission::directory-roles-alone",
        summary: "Roles in the directory (`wids`), and none for this API.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference, wids"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .without("scp")
                    .without("roles")
                    .claim("wids", json!(["62e90394-69f5-4237-9190-012177145e10"]))
                    .sign(),
            )
        },
    },
    Case {
        id: "permission::role-in-singular",
        summary: "`role` instead of `roles`.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |world| {
            Attempt::token(
                world.token().without("scp").without("roles").claim("role", json!(["Admin"])).sign(),
            )
        },
    },
    Case {
        id: "permission::capital-letters",
        summary: "`SCP` instead of `scp`.",
        expect: Expect::Refuse("auth_token_permissions_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7519 §10.1.1"],
        forge: |world| {
            Attempt::token(world.token().without("scp").without("roles").claim("SCP", "Orders.Read").sign())
        },
    },
];
