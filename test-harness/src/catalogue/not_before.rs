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
    about: "`exp`, `nbf` and `iat`: when the token holds.",
    harm: "A token that leaked once works for ever.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "tomorrow", "Valid from tomorrow.", |w| {
        w.token().claim("nbf", w.now() + 86_400).claim("exp", w.now() + 90_000)
    })
    .by(TokenHolder),
    refuse(High, "beyond-the-leeway", "Valid from a little more than five minutes ahead.", |w| {
        w.token().claim("nbf", w.now() + 301)
    })
    .by(TokenHolder),
    refuse(High, "next-year", "Valid from next year, and so for a minute.", |w| {
        w.token().claim("nbf", w.now() + 31_536_000).claim("exp", w.now() + 31_536_060)
    })
    .by(TokenHolder),
];
