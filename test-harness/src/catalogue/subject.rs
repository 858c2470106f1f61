//! Whom it speaks for, step 18.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "subject::not-allowed",
        summary: "A subject that is not on the allow-list.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject,
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"],
        forge: |world| Attempt::token(world.token().claim("sub", "another").claim("oid", "another").sign()),
    },
    Case {
        id: "subject::allowed-by-sub",
        summary: "An allowed subject.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedSubject,
        references: &["flask-entra-auth: ENTRA_AUTH_ALLOWED_SUBJECTS"],
        forge: |world| Attempt::token(world.token().claim("sub", world.allowed_subject()).sign()),
    },
    Case {
        id: "subject::allowed-by-oid",
        summary: "An allowed object id.",
        expect: Expect::Accept,
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Info,
        setting: Setting::AllowedSubject,
        references: &["Entra: access token claims reference"],
        forge: |world| Attempt::token(world.token().claim("oid", world.allowed_subject()).sign()),
    },
    Case {
        id: "subject::prefix",
        summary: "The beginning of an allowed subject.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject,
        references: &["RFC 7519 §4.1.2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("sub", world.allowed_subject()[..world.allowed_subject().len() - 1].to_owned())
                    .sign(),
            )
        },
    },
    Case {
        id: "subject::trailing-nul",
        summary: "An allowed subject with a NUL and more behind it.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::AllowedSubject,
        references: &["RFC 7519 §4.1.2"],
        forge: |world| {
            Attempt::token(world.token().claim("sub", format!("{}\0x", world.allowed_subject())).sign())
        },
    },
    Case {
        id: "subject::in-another-claim",
        summary: "An allowed subject's name in `preferred_username`, which users choose.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::High,
        setting: Setting::AllowedSubject,
        references: &["Entra: claims validation"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("sub", "another")
                    .claim("oid", "another")
                    .claim("preferred_username", world.allowed_subject())
                    .sign(),
            )
        },
    },
    Case {
        id: "subject::upper-case",
        summary: "An allowed subject in upper case.",
        expect: Expect::Refuse("auth_token_subject_not_trusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::AllowedSubject,
        references: &["RFC 7519 §4.1.2"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("oid", "another")
                    .claim("sub", world.allowed_subject().to_uppercase())
                    .sign(),
            )
        },
    },
];
