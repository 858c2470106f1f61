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
    about: "`scp` and `roles`: whether the token permits anything at all.",
    harm: "Every application of the tenant comes in: Entra gives any of them a token without \
        permissions for any API.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(
        High,
        "none",
        "Neither scopes nor roles: Entra issues that to any client of the tenant, for any API.",
        |w| w.token().without("scp").without("roles"),
    )
    .by(TokenHolder),
    refuse(High, "app-only-none", "A daemon of the tenant that was never given a role.", |w| {
        w.app_token().without("roles")
    })
    .by(TokenHolder)
    .see(&["Entra: client credentials flow, tokens without roles"]),
    refuse(High, "empty-scope", "An empty scope.", |w| w.token().claim("scp", "").without("roles"))
        .by(TokenHolder),
    refuse(High, "slash-scope", "The slash that stands for no scope.", |w| {
        w.token().claim("scp", "/").without("roles")
    })
    .by(TokenHolder)
    .see(&["Entra: agent identities, token claims"]),
    refuse(High, "empty-roles", "An empty list of roles.", |w| w.app_token().claim("roles", json!([])))
        .by(TokenHolder),
    refuse(Medium, "scope-claim", "`scope` instead of `scp`.", |w| {
        w.token().without("scp").claim("scope", "Orders.Read")
    })
    .see(&["Entra: access token claims reference"]),
    refuse(High, "scps-claim", "`scps`, which Entra never sends.", |w| {
        w.token().without("scp").claim("scps", json!(["Orders.Read"]))
    })
    .see(&["Entra: access token claims reference"]),
    refuse(High, "scope-of-spaces", "A scope of spaces.", |w| w.token().claim("scp", "   ").without("roles")),
    refuse(
        High,
        "groups-alone",
        "Groups, and neither scope nor role: membership is no permission for this API.",
        |w| {
            w.token()
                .without("scp")
                .without("roles")
                .claim("groups", json!(["eeeeeeee-0000-4000-8000-000000000001"]))
        },
    )
    .by(TokenHolder),
    refuse(High, "directory-roles-alone", "Roles in the directory (`wids`), and none for this API.", |w| {
        w.token()
            .without("scp")
            .without("roles")
            .claim("wids", json!(["62e90394-69f5-4237-9190-012177145e10"]))
    })
    .by(TokenHolder)
    .see(&["Entra: access token claims reference, wids"]),
    refuse(Medium, "role-in-singular", "`role` instead of `roles`.", |w| {
        w.token().without("scp").without("roles").claim("role", json!(["Admin"]))
    })
    .see(&["Entra: access token claims reference"]),
    refuse(Medium, "capital-letters", "`SCP` instead of `scp`.", |w| {
        w.token().without("scp").without("roles").claim("SCP", "Orders.Read")
    })
    .see(&["RFC 7519 §10.1.1"]),
];
