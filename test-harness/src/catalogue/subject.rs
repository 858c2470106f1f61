//! Whom it speaks for, step 18.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "subject::not-allowed",
        summary: "A subject that is not on the allow-list.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject("an-allowed-subject"),
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"],
        forge: |scene| Attempt::token(scene.token().sign()),
    },
    Case {
        id: "subject::allowed-by-sub",
        summary: "An allowed subject.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedSubject("an-allowed-subject"),
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"],
        forge: |scene| Attempt::token(scene.token().claim("sub", "an-allowed-subject").sign()),
    },
    Case {
        id: "subject::allowed-by-oid",
        summary: "An allowed object id.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedSubject("an-allowed-subject"),
        references: &["Entra: access token claims reference"],
        forge: |scene| Attempt::token(scene.token().claim("oid", "an-allowed-subject").sign()),
    },
    Case {
        id: "subject::prefix",
        summary: "The beginning of an allowed subject.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject("an-allowed-subject"),
        references: &["RFC 7519 §4.1.2"],
        forge: |scene| Attempt::token(scene.token().claim("sub", "an-allowed").sign()),
    },
    Case {
        id: "subject::trailing-nul",
        summary: "An allowed subject with a NUL and more behind it.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject("an-allowed-subject"),
        references: &["RFC 7519 §4.1.2"],
        forge: |scene| Attempt::token(scene.token().claim("sub", "an-allowed-subject\0x").sign()),
    },
];
