//! The version of the token (`ver`), step 9.

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "version::one",
        summary: "A token of version 1.0, as Entra issues it.",
        expect: Expect::Refuse("auth_token_ver_not_supported"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access tokens, token formats"],
        forge: |scene| Attempt::token(scene.token().version(entra_mock_idp::TokenVersion::V1).sign()),
    },
    Case {
        id: "version::says-one",
        summary: "Version 1.0, and everything else of 2.0.",
        expect: Expect::Refuse("auth_token_ver_not_supported"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["Entra: access tokens, token formats"],
        forge: |scene| Attempt::token(scene.token().claim("ver", "1.0").sign()),
    },
    Case {
        id: "version::padded",
        summary: "`ver` is \" 2.0\".",
        expect: Expect::Refuse("auth_token_ver_not_supported"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |scene| Attempt::token(scene.token().claim("ver", " 2.0").sign()),
    },
    Case {
        id: "version::two-zeros",
        summary: "`ver` is \"2.00\".",
        expect: Expect::Refuse("auth_token_ver_not_supported"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |scene| Attempt::token(scene.token().claim("ver", "2.00").sign()),
    },
    Case {
        id: "version::three",
        summary: "`ver` is \"3.0\".",
        expect: Expect::Refuse("auth_token_ver_not_supported"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["Entra: access token claims reference"],
        forge: |scene| Attempt::token(scene.token().claim("ver", "3.0").sign()),
    },
];
