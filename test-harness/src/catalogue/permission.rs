//! Step 16: whether the token carries any permission.

use serde_json::json;

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Severity::{High, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(16),
    name: "permission",
    codes: &["auth_token_permissions_missing"],
    reference: "Microsoft.Identity.Web: IDW10201",
    about: "The `scp` and `roles` claims: whether the token grants anything at all.",
    harm: "Every application of the tenant is accepted: Entra issues each of them a token without \
        permissions for any API.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "none", "The token has neither `scp` nor `roles`", |w| {
        w.token().without("scp").without_if_present("roles")
    })
    .by(TokenHolder),
    refuse(High, "app-only-none", "An app-only token without `roles`", |w| {
        w.app_token().without_if_present("roles")
    })
    .by(TokenHolder)
    .see(&["Entra: client credentials flow, tokens without roles"]),
    refuse(High, "empty-scope", "`scp` is the empty string, and there are no `roles`", |w| {
        w.token().claim("scp", "").without_if_present("roles")
    })
    .by(TokenHolder),
    refuse(High, "slash-scope", "`scp` is `/`, Entra's sign for no scope, and there are no `roles`", |w| {
        w.token().claim("scp", "/").without_if_present("roles")
    })
    .by(TokenHolder)
    .see(&["Entra: agent identities, token claims"]),
    refuse(High, "empty-roles", "An app-only token whose `roles` is an empty array", |w| {
        w.app_token().claim("roles", json!([]))
    })
    .by(TokenHolder),
    refuse(Medium, "scope-claim", "The scopes are in `scope` instead of `scp`", |w| {
        w.token().without("scp").claim("scope", "Orders.Read")
    })
    .see(&["Entra: access token claims reference"]),
    refuse(High, "scps-claim", "The scopes are in `scps`, which Entra never sends", |w| {
        w.token().without("scp").claim("scps", json!(["Orders.Read"]))
    })
    .see(&["Entra: access token claims reference"]),
    refuse(High, "scope-of-spaces", "`scp` consists of spaces, and there are no `roles`", |w| {
        w.token().claim("scp", "   ").without_if_present("roles")
    }),
    refuse(High, "groups-alone", "The token has `groups`, but neither `scp` nor `roles`", |w| {
        w.token()
            .without("scp")
            .without_if_present("roles")
            .claim("groups", json!(["eeeeeeee-0000-4000-8000-000000000001"]))
    })
    .by(TokenHolder),
    refuse(
        High,
        "directory-roles-alone",
        "The token has directory roles (`wids`), but neither `scp` nor `roles`",
        |w| {
            w.token()
                .without("scp")
                .without_if_present("roles")
                .claim("wids", json!(["62e90394-69f5-4237-9190-012177145e10"]))
        },
    )
    .by(TokenHolder)
    .see(&["Entra: access token claims reference, wids"]),
    refuse(
        Medium,
        "app-roles-of-a-user",
        "`idtyp` is `user`, and the token has app roles but no scope",
        |w| w.app_token().claim("idtyp", "user"),
    )
    .by(TokenHolder)
    .either("a user may have app roles; an API for applications alone must not take the user for one")
    .see(&["Entra: optional claims, idtyp"]),
    refuse(Medium, "role-in-singular", "The roles are in `role` instead of `roles`", |w| {
        w.token().without("scp").without_if_present("roles").claim("role", json!(["Admin"]))
    })
    .see(&["Entra: access token claims reference"]),
    refuse(Medium, "capital-letters", "The scopes are in `SCP` instead of `scp`", |w| {
        w.token().without("scp").without_if_present("roles").claim("SCP", "Orders.Read")
    })
    .see(&["RFC 7519 §10.1.1"]),
];
