//! Step 13: the expiry (`exp`).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Severity::{Critical, High, Low},
};

pub(super) const GROUP: Group = Group {
    step: Some(13),
    name: "expiry",
    codes: &["auth_token_expired"],
    reference: "RFC 7519 §4.1.4",
    about: "The `exp` claim: when the token expires.",
    harm: "A token that leaked once works forever.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "an-hour-ago", "The token expired an hour ago", |w| {
        w.token().claim("exp", w.time() - 3600).claim("nbf", w.time() - 7200).claim("iat", w.time() - 7200)
    })
    .by(TokenHolder),
    refuse(
        Critical,
        "beyond-the-leeway",
        "The token expired 301 seconds ago, just beyond the largest usual leeway",
        |w| {
            w.token().claim("exp", w.time() - 301).claim("nbf", w.time() - 3600).claim("iat", w.time() - 3600)
        },
    )
    .by(TokenHolder),
    refuse(Low, "zero", "`exp` is 0", |w| w.token().claim("exp", 0).claim("nbf", 0)).see(&["RFC 7519 §2"]),
    refuse(Low, "negative", "`exp` is negative, before 1970", |w| {
        w.token().claim("exp", -1).claim("nbf", -2)
    })
    .see(&["RFC 7519 §2"]),
    refuse(Low, "minus-zero", "`exp` is minus zero", |w| {
        w.token().raw_payload(
            w.forge()
                .payload_json_replacing("exp", "-0")
                .replace(&format!("\"nbf\":{}", w.time() - 300), "\"nbf\":-1"),
        )
    })
    .see(&["RFC 7519 §2"]),
    refuse(Critical, "a-day-ago", "The token expired a day ago", |w| {
        w.token()
            .claim("exp", w.time() - 86_400)
            .claim("nbf", w.time() - 90_000)
            .claim("iat", w.time() - 90_000)
    })
    .by(TokenHolder),
    refuse(High, "before-nbf", "`exp` was in 1970, long before `nbf`: the token has expired", |w| {
        w.token().claim("exp", 1)
    })
    .see(&["flask-entra-auth: MockJwtClient, generate(exp=1)"]),
    refuse(High, "fraction", "The token expired an hour ago, and `exp` has a fraction", |w| {
        w.token().claim("exp", w.at(-3600.5)).claim("nbf", w.time() - 7200)
    })
    .see(&["RFC 7519 §2"]),
];
