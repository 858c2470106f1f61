//! Step 18: the subject (`sub`, `oid`), where there is an allow-list.

use super::{
    Group,
    row::{Row, accept, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Setting::AllowedSubject,
    Severity::{High, Info, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(18),
    name: "subject",
    codes: &["auth_token_subject_not_trusted", "auth_token_check_failed"],
    reference: "RFC 7519 §4.1.2",
    about: "The `sub` and `oid` claims, at an API that allows only some subjects.",
    harm: "People who are not on the list are accepted.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "not-allowed", "The subject is not on the allow-list", |w| {
        w.token().claim("sub", "another").claim("oid", "another")
    })
    .by(TokenHolder)
    .on(AllowedSubject)
    .see(&["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"]),
    accept(Info, "allowed-by-sub", "`sub` is on the allow-list", |w| {
        w.token().claim("sub", w.allowed_subject())
    })
    .by(TokenHolder)
    .on(AllowedSubject)
    .see(&["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"]),
    accept(Info, "allowed-by-oid", "`oid` is on the allow-list", |w| {
        w.token().claim("oid", w.allowed_subject())
    })
    .by(TokenHolder)
    .on(AllowedSubject)
    .see(&["Entra: access token claims reference"]),
    refuse(Medium, "prefix", "`sub` is an allowed subject without its last character", |w| {
        w.token().claim("sub", w.allowed_subject()[..w.allowed_subject().len() - 1].to_owned())
    })
    .on(AllowedSubject),
    refuse(Medium, "trailing-nul", "`sub` is an allowed subject followed by a NUL and more", |w| {
        w.token().claim("sub", format!("{}\0x", w.allowed_subject()))
    })
    .on(AllowedSubject),
    refuse(
        High,
        "in-another-claim",
        "An allowed subject is in `preferred_username`, which users can change",
        |w| {
            w.token()
                .claim("sub", "another")
                .claim("oid", "another")
                .claim("preferred_username", w.allowed_subject())
        },
    )
    .by(TokenHolder)
    .on(AllowedSubject)
    .see(&["Entra: claims validation"]),
    refuse(Low, "upper-case", "`sub` is an allowed subject in upper case", |w| {
        w.token().claim("oid", "another").claim("sub", w.allowed_subject().to_uppercase())
    })
    .on(AllowedSubject),
];
