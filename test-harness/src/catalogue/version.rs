//! Step 9: the version of the token (`ver`).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Setting::VersionTwo,
    Severity::{Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(9),
    name: "version",
    codes: &["auth_token_ver_not_supported"],
    reference: "Entra: access token claims reference",
    about: "The `ver` claim: tokens of a version that the API does not accept.",
    harm: "Issuer, audience and client are in other claims and formats than the API expects.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "one", "A v1.0 token, as Entra issues it", |w| {
        w.token().version(entra_mock_idp::TokenVersion::V1)
    })
    .by(TokenHolder)
    .on(VersionTwo)
    .see(&["Entra: access tokens, token formats"]),
    refuse(Medium, "says-one", "`ver` is \"1.0\" in an otherwise correct v2.0 token", |w| {
        w.token().claim("ver", "1.0")
    })
    .by(TokenHolder)
    .on(VersionTwo)
    .see(&["Entra: access tokens, token formats"]),
    refuse(Low, "padded", "`ver` is \"2.0\" after a space", |w| w.token().claim("ver", " 2.0")),
    refuse(Low, "two-zeros", "`ver` is \"2.00\"", |w| w.token().claim("ver", "2.00")),
    refuse(Low, "three", "`ver` is \"3.0\"", |w| w.token().claim("ver", "3.0")),
    refuse(Low, "one-point-one", "`ver` is \"1.1\"", |w| w.token().claim("ver", "1.1")),
    refuse(Low, "two", "`ver` is \"2\", without a minor version", |w| w.token().claim("ver", "2")),
    refuse(Low, "trailing-nul", "`ver` is \"2.0\" followed by a NUL", |w| w.token().claim("ver", "2.0\0")),
];
