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
    about: "What the route asks for: scopes and app roles, whole, with their case, each in its own \
        claim.",
    harm: "Whoever may read may write; a user who consents to a scope gets what an administrator's role \
        protects.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "other-scope", "Another scope.", |w| w.token().claim("scp", "Another.Scope"))
        .by(TokenHolder)
        .on(RequiredScope),
    refuse(Critical, "longer", "A scope that begins with the one asked for.", |w| {
        w.token().claim("scp", format!("{0}.All {0}Write", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Critical, "longer-in-front", "A scope that ends with the one asked for.", |w| {
        w.token().claim("scp", format!("x{}", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Medium, "lower-case", "The scope in lower case.", |w| {
        w.token().claim("scp", w.scope().to_lowercase())
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Low, "comma", "Scopes separated by commas.", |w| {
        w.token().claim("scp", format!("{},Another.Scope", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Low, "tab", "Scopes separated by a tab.", |w| {
        w.token().claim("scp", format!("{}\tAnother.Scope", w.scope()))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    accept(Info, "among-others", "The scope among others, with more spaces than needed.", |w| {
        w.token().claim("scp", format!("Another.Scope  {} ", w.scopes().join("  ")))
    })
    .by(TokenHolder)
    .on(RequiredScope),
    refuse(Critical, "role-for-scope", "An app role of the scope's name: two name spaces.", |w| {
        w.token().claim("scp", "Another.Scope").claim("roles", json!([w.scope()]))
    })
    .by(TokenHolder)
    .on(RequiredScope)
    .see(&["Entra: scopes and app roles"]),
    refuse(High, "app-only-for-scope", "A daemon with the role, where a user's scope is asked for.", |w| {
        w.app_token().claim("roles", json!([w.scope()]))
    })
    .by(TokenHolder)
    .on(RequiredScope)
    .see(&["Entra: scopes and app roles"]),
    refuse(Critical, "scope-for-role", "A scope of the app role's name.", |w| {
        w.token().claim("scp", w.role()).without("roles")
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: scopes and app roles"]),
    accept(Info, "role", "The app role.", |w| w.token().claim("roles", json!(w.roles())))
        .by(TokenHolder)
        .on(RequiredRole)
        .see(&["Entra: scopes and app roles"]),
    refuse(Medium, "in-another-claim", "The scope in `scope`, another one in `scp`.", |w| {
        w.token().claim("scp", "Another.Scope").claim("scope", w.scope())
    })
    .on(RequiredScope)
    .see(&["RFC 9068 §2.2.3"]),
    refuse(High, "in-a-list", "The scope in the list `scps`, another one in `scp`.", |w| {
        w.token().claim("scp", "Another.Scope").claim("scps", json!([w.scope()]))
    })
    .on(RequiredScope)
    .see(&["flask-entra-auth: scps"]),
    refuse(Medium, "with-resource", "The scope behind its API's address, as a client asks for it.", |w| {
        w.token().claim("scp", format!("api://orders/{}", w.scope()))
    })
    .on(RequiredScope)
    .see(&["Entra: scopes"]),
    refuse(Low, "no-break-space", "Scopes separated by a no-break space.", |w| {
        w.token().claim("scp", format!("{}\u{a0}Another.Scope", w.scope()))
    })
    .on(RequiredScope),
    refuse(Critical, "role-longer", "An app role that begins with the one asked for.", |w| {
        w.app_token().claim("roles", json!([format!("{}.Everything", w.role())]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
    refuse(Medium, "role-lower-case", "The app role in lower case.", |w| {
        w.app_token().claim("roles", json!([w.role().to_lowercase()]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
    refuse(Medium, "group-for-role", "A group of the app role's name.", |w| {
        w.token().without("roles").claim("groups", json!([w.role()]))
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: groups claim"]),
    accept(Info, "user-role", "The app role, held by a user.", |w| {
        w.token().claim("roles", [vec!["Another.Role"], w.roles()].concat())
    })
    .by(TokenHolder)
    .on(RequiredRole)
    .see(&["Entra: app roles"]),
];
