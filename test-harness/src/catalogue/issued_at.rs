//! Step 15: the time of issue (`iat`).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::Severity::Low;

pub(super) const GROUP: Group = Group {
    step: Some(15),
    name: "issued_at",
    codes: &["auth_token_issued_in_future"],
    reference: "RFC 7519 §4.1.6",
    about: "`exp`, `nbf` and `iat`: when the token holds.",
    harm: "A token that leaked once works for ever.",
    rows: &[ROWS],
};

const ROWS: &[Row] =
    &[refuse(Low, "tomorrow", "Issued tomorrow.", |w| w.token().claim("iat", w.now() + 86_400))
        .either("RFC 7519 §4.1.6 demands nothing of it")];
