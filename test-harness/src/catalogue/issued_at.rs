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
    about: "The `iat` claim: when the token was issued.",
    harm: "Tokens with impossible dates go unnoticed, and age checks can be evaded.",
    rows: &[ROWS],
};

const ROWS: &[Row] =
    &[refuse(Low, "tomorrow", "`iat` is tomorrow", |w| w.token().claim("iat", w.time() + 86_400))
        .either("RFC 7519 §4.1.6 requires no check of `iat`")];
