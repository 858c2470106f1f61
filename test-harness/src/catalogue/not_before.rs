//! Step 14: the start of validity (`nbf`).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{Attacker::TokenHolder, Severity::High};

pub(super) const GROUP: Group = Group {
    step: Some(14),
    name: "not_before",
    codes: &["auth_token_immature"],
    reference: "RFC 7519 §4.1.5",
    about: "The `nbf` claim: when the token becomes valid.",
    harm: "A token that was issued for later works now.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "tomorrow", "`nbf` is tomorrow", |w| {
        w.token().claim("nbf", w.time() + 86_400).claim("exp", w.time() + 90_000)
    })
    .by(TokenHolder),
    refuse(High, "beyond-the-leeway", "`nbf` is in 301 seconds, just beyond the largest usual leeway", |w| {
        w.token().claim("nbf", w.time() + 301)
    })
    .by(TokenHolder),
    refuse(High, "next-year", "`nbf` is in a year, and the token is valid for a minute then", |w| {
        w.token().claim("nbf", w.time() + 31_536_000).claim("exp", w.time() + 31_536_060)
    })
    .by(TokenHolder),
];
