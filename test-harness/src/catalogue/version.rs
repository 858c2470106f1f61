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
    about: "`ver`: tokens of the version that the API does not take.",
    harm: "Issuer, audience and client stand in other claims and forms than the API reads.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "one", "A token of version 1.0, as Entra issues it.", |w| {
        w.token().version(entra_mock_idp::TokenVersion::V1)
    })
    .by(TokenHolder)
    .on(VersionTwo)
    .see(&["Entra: access tokens, token formats"]),
    refuse(Medium, "says-one", "Version 1.0, and everything else of 2.0.", |w| w.token().claim("ver", "1.0"))
        .by(TokenHolder)
        .on(VersionTwo)
        .see(&["Entra: access tokens, token formats"]),
    refuse(Low, "padded", "`ver` is \" 2.0\".", |w| w.token().claim("ver", " 2.0")),
    refuse(Low, "two-zeros", "`ver` is \"2.00\".", |w| w.token().claim("ver", "2.00")),
    refuse(Low, "three", "`ver` is \"3.0\".", |w| w.token().claim("ver", "3.0")),
    refuse(Low, "one-point-one", "`ver` is \"1.1\".", |w| w.token().claim("ver", "1.1")),
    refuse(Low, "two", "`ver` is \"2\", without a point.", |w| w.token().claim("ver", "2")),
    refuse(Low, "trailing-nul", "`ver` is \"2.0\" and a NUL.", |w| w.token().claim("ver", "2.0\0")),
];
