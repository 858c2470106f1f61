//! What the route asks for: authorisation, after every step.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "scope::other-scope",
        summary: "Another scope.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| Attempt::token(world.token().claim("scp", "Another.Scope").sign()),
    },
    Case {
        id: "scope::longer",
        summary: "A scope that begins with the one asked for.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", format!("{0}.All {0}Write", world.scope())).sign())
        },
    },
    Case {
        id: "scope::longer-in-front",
        summary: "A scope that ends with the one asked for.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| Attempt::token(world.token().claim("scp", format!("x{}", world.scope())).sign()),
    },
    Case {
        id: "scope::lower-case",
        summary: "The scope in lower case.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| Attempt::token(world.token().claim("scp", world.scope().to_lowercase()).sign()),
    },
    Case {
        id: "scope::comma",
        summary: "Scopes separated by commas.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Low,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", format!("{},Another.Scope", world.scope())).sign())
        },
    },
    Case {
        id: "scope::tab",
        summary: "Scopes separated by a tab.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Low,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", format!("{}\tAnother.Scope", world.scope())).sign())
        },
    },
    Case {
        id: "scope::among-others",
        summary: "The scope among others, with more spaces than needed.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| {
            Attempt::token(
                world.token().claim("scp", format!("Another.Scope  {} ", world.scopes().join("  "))).sign(),
            )
        },
    },
    Case {
        id: "scope::role-for-scope",
        summary: "An app role of the scope's name: two name spaces.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::RequiredScope,
        references: &["Entra: scopes and app roles"],
        forge: |world| {
            Attempt::token(
                world.token().claim("scp", "Another.Scope").claim("roles", json!([world.scope()])).sign(),
            )
        },
    },
    Case {
        id: "scope::app-only-for-scope",
        summary: "A daemon with the role, where a user's scope is asked for.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::RequiredScope,
        references: &["Entra: scopes and app roles"],
        forge: |world| Attempt::token(world.app_token().claim("roles", json!([world.scope()])).sign()),
    },
    Case {
        id: "scope::scope-for-role",
        summary: "A scope of the app role's name.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::RequiredRole,
        references: &["Entra: scopes and app roles"],
        forge: |world| Attempt::token(world.token().claim("scp", world.role()).without("roles").sign()),
    },
    Case {
        id: "scope::role",
        summary: "The app role.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::RequiredRole,
        references: &["Entra: scopes and app roles"],
        forge: |world| Attempt::token(world.token().claim("roles", json!(world.roles())).sign()),
    },
    Case {
        id: "scope::in-another-claim",
        summary: "The scope in `scope`, another one in `scp`.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::RequiredScope,
        references: &["RFC 9068 §2.2.3"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", "Another.Scope").claim("scope", world.scope()).sign())
        },
    },
    Case {
        id: "scope::in-a-list",
        summary: "The scope in the list `scps`, another one in `scp`.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::RequiredScope,
        references: &["flask-entra-auth: scps"],
        forge: |world| {
            Attempt::token(
                world.token().claim("scp", "Another.Scope").claim("scps", json!([world.scope()])).sign(),
            )
        },
    },
    Case {
        id: "scope::with-resource",
        summary: "The scope behind its API's address, as a client asks for it.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::RequiredScope,
        references: &["Entra: scopes"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", format!("api://orders/{}", world.scope())).sign())
        },
    },
    Case {
        id: "scope::no-break-space",
        summary: "Scopes separated by a no-break space.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::RequiredScope,
        references: &["RFC 6749 §3.3"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", format!("{}\u{a0}Another.Scope", world.scope())).sign())
        },
    },
    Case {
        id: "scope::role-longer",
        summary: "An app role that begins with the one asked for.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::RequiredRole,
        references: &["Entra: app roles"],
        forge: |world| {
            Attempt::token(
                world.app_token().claim("roles", json!([format!("{}.Everything", world.role())])).sign(),
            )
        },
    },
    Case {
        id: "scope::role-lower-case",
        summary: "The app role in lower case.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::RequiredRole,
        references: &["Entra: app roles"],
        forge: |world| {
            Attempt::token(world.app_token().claim("roles", json!([world.role().to_lowercase()])).sign())
        },
    },
    Case {
        id: "scope::group-for-role",
        summary: "A group of the app role's name.",
        expect: Expect::Refuse("auth_token_insufficient_scopes"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::RequiredRole,
        references: &["Entra: groups claim"],
        forge: |world| {
            Attempt::token(world.token().without("roles").claim("groups", json!([world.role()])).sign())
        },
    },
    Case {
        id: "scope::user-role",
        summary: "The app role, held by a user.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::RequiredRole,
        references: &["Entra: app roles"],
        forge: |world| {
            Attempt::token(
                world.token().claim("roles", [vec!["Another.Role"], world.roles()].concat()).sign(),
            )
        },
    },
];
