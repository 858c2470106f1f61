//! The permissions that the route requires, after every step.

use serde_json::json;

use super::{
    Group,
    row::{Row, accept, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Setting::{RequiredRole, RequiredScope},
    Severity::{Critical, High, Info, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "scope",
    codes: &["auth_token_insufficient_scopes"],
    reference: "RFC 6749 §3.3",
    about: "The permissions that the route requires: scopes and app roles, compared whole and \
        case-sensitively, each in its own claim.",
    harm: "Whoever may read may write; a scope that any user can consent to grants what an app role \
        protects.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "other-scope", "`scp` holds another scope than the required one", |w| {
        w.token().claim("scp", "Another.Scope")
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Critical, "longer", "`scp` holds scopes that begin with the required one", |w| {
        w.token().claim("scp", format!("{0}.All {0}Write", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Critical, "longer-in-front", "`scp` holds a scope that ends with the required one", |w| {
        w.token().claim("scp", format!("x{}", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Medium, "lower-case", "`scp` holds the required scope in lower case", |w| {
        w.token().claim("scp", w.scope().to_lowercase())
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Low, "comma", "`scp` separates its scopes by commas", |w| {
        w.token().claim("scp", format!("{},Another.Scope", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Low, "tab", "`scp` separates its scopes by tabs", |w| {
        w.token().claim("scp", format!("{}\tAnother.Scope", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    accept(Info, "among-others", "`scp` holds the required scope among others, with extra spaces", |w| {
        w.token().claim("scp", format!("Another.Scope  {} ", w.scopes().join("  ")))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Critical, "role-for-scope", "`roles` holds the name of the required scope", |w| {
        w.token().claim("scp", "Another.Scope").claim("roles", json!([w.scope()]))
    })
    .by(TokenHolder)
    .on(RequiredScope)
    .see(&["Entra: scopes and app roles"]),
    refuse(
        High,
        "app-only-for-scope",
        "An app-only token whose `roles` hold the name of the required scope",
        |w| w.app_token().claim("roles", json!([w.scope()])),
    )
    .by(TokenHolder)
    .on(RequiredScope)
    .see(&["Entra: scopes and app roles"]),
    refuse(Critical, "scope-for-role", "`scp` holds the name of the required app role", |w| {
        w.token().claim("scp", w.role()).without_if_present("roles")
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: scopes and app roles"]),
    accept(Info, "role", "`roles` holds the required app role", |w| {
        w.token().claim("roles", json!(w.roles()))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: scopes and app roles"]),
    refuse(Medium, "in-another-claim", "The required scope is in `scope`, and another one in `scp`", |w| {
        w.token().claim("scp", "Another.Scope").claim("scope", w.scope())
    })
    .on(RequiredScope)
    .see(&["RFC 9068 §2.2.3"]),
    refuse(High, "in-a-list", "The required scope is in `scps`, and another one in `scp`", |w| {
        w.token().claim("scp", "Another.Scope").claim("scps", json!([w.scope()]))
    })
    .on(RequiredScope)
    .see(&["flask-entra-auth: scps"]),
    refuse(Medium, "with-resource", "`scp` holds the required scope with the API's URI in front", |w| {
        w.token().claim("scp", format!("api://orders/{}", w.scope()))
    })
    .on(RequiredScope)
    .see(&["Entra: scopes"]),
    refuse(Low, "no-break-space", "`scp` separates its scopes by no-break spaces", |w| {
        w.token().claim("scp", format!("{}\u{a0}Another.Scope", w.scope()))
    })
    .on(RequiredScope),
    refuse(Critical, "role-longer", "`roles` holds an app role that begins with the required one", |w| {
        w.app_token().claim("roles", json!([format!("{}.Everything", w.role())]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
    refuse(Medium, "role-lower-case", "`roles` holds the required app role in lower case", |w| {
        w.app_token().claim("roles", json!([w.role().to_lowercase()]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
    refuse(Medium, "group-for-role", "`groups` holds the name of the required app role", |w| {
        w.token().without_if_present("roles").claim("groups", json!([w.role()]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: groups claim"]),
    accept(Info, "user-role", "A user's token whose `roles` hold the required app role", |w| {
        w.token().claim("roles", [vec!["Another.Role"], w.roles()].concat())
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
];
