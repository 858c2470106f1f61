//! Which claims are there, and that they do not contradict each other.

use serde_json::json;

use crate::catalogue::row::{Row, refuse};
use crate::{
    Attacker::TokenHolder,
    Setting::VersionTwo,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const ROWS: &[Row] = &[
    refuse(High, "iss-missing", "The token has no `iss`", |w| w.token().without("iss"))
        .code("auth_token_claim_missing"),
    refuse(Medium, "sub-missing", "The token has no `sub`", |w| w.token().without("sub"))
        .code("auth_token_claim_missing"),
    refuse(High, "aud-missing", "The token has no `aud`", |w| w.token().without("aud"))
        .code("auth_token_claim_missing"),
    refuse(High, "exp-missing", "The token has no `exp`", |w| w.token().without("exp"))
        .code("auth_token_claim_missing"),
    refuse(Medium, "nbf-missing", "The token has no `nbf`", |w| w.token().without("nbf"))
        .code("auth_token_claim_missing"),
    refuse(Medium, "ver-missing", "The token has no `ver`", |w| w.token().without("ver"))
        .code("auth_token_claim_missing"),
    refuse(High, "tid-missing", "The token has no `tid`", |w| w.token().without("tid"))
        .code("auth_token_claim_missing"),
    refuse(Medium, "azp-missing", "The token has no `azp`", |w| w.token().without("azp"))
        .code("auth_token_claim_missing")
        .on(VersionTwo),
    refuse(Critical, "id-token", "An ID token for the API itself: same issuer, audience and key", |w| {
        w.token().client("orders-api").id_token()
    })
    .by(TokenHolder)
    .code("auth_token_claim_missing")
    .see(&["RFC 8725 §3.12"]),
    refuse(Critical, "id-token-with-roles", "An ID token with app roles, which look like permissions", |w| {
        w.token().client("orders-api").id_token().claim("roles", json!(["Orders.Read.All"]))
    })
    .by(TokenHolder)
    .code("auth_token_claim_missing")
    .see(&["RFC 8725 §3.12"]),
    refuse(Low, "nbf-after-exp", "`nbf` is later than `exp`", |w| {
        w.token().claim("nbf", w.time() + 50).claim("exp", w.time() + 20)
    })
    .caught_as("auth_token_immature")
    .see(&["RFC 7519 §4.1.5"]),
    refuse(Medium, "tid-in-two-spellings", "The token has `tid` and, with another tenant, `TID`", |w| {
        w.token().claim("TID", "bbbbbbbb-0000-4000-8000-000000000002")
    })
    .either("claim names are case-sensitive (RFC 7519 §10.1.1), but Microsoft's own library refuses it")
    .see(&["Microsoft.IdentityModel: IDX40011"]),
    refuse(Medium, "app-only-with-scopes", "`idtyp` is `app`, but the token has a user's scopes", |w| {
        w.token().claim("idtyp", "app")
    })
    .see(&["Entra: optional claims, idtyp"]),
    refuse(High, "key-bound", "The token is bound to a DPoP key (`cnf`) and sent as a bearer token", |w| {
        w.token().claim("cnf", json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}))
    })
    .by(TokenHolder)
    .see(&["RFC 7800 §3.1", "RFC 9449 §7"]),
    refuse(
        High,
        "key-bound-to-a-certificate",
        "The token is bound to a client certificate (`cnf`) and sent without it",
        |w| w.token().claim("cnf", json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"})),
    )
    .by(TokenHolder)
    .see(&["RFC 8705 §3"]),
    refuse(Medium, "tid-in-capitals-alone", "The tenant is in `TID`, and the token has no `tid`", |w| {
        w.token().without("tid").claim("TID", w.tenant_id())
    })
    .see(&["Microsoft.IdentityModel: IDX40011"]),
    refuse(High, "id-token-with-scope", "An ID token with an added scope", |w| {
        w.token()
            .client("orders-api")
            .id_token()
            .claim("aud", w.audience())
            .claim("scp", "Orders.Read")
            .without_if_present("azp")
            .without_if_present("appid")
    })
    .code("auth_token_claim_missing")
    .see(&["RFC 8725 §3.12"]),
];
