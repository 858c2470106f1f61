//! The signature (RFC 7515 §5.2), step 7.

use entra_mock_idp::Signature;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "signature::empty",
        summary: "Three parts, the last of them empty.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2020-28042"],
        forge: |scene| Attempt::token(scene.token().signature(Signature::Empty).sign()),
    },
    Case {
        id: "signature::tampered",
        summary: "One bit of the signature flipped.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |scene| Attempt::token(scene.token().signature(Signature::Tampered).sign()),
    },
    Case {
        id: "signature::wrong-key",
        summary: "Signed by another key under the right name.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.attacker_key()).header("kid", scene.kid()).sign())
        },
    },
    Case {
        id: "signature::embedded-key-under-a-known-name",
        summary: "The token brings its own key, under the name of a published one.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2018-0114", "CVE-2025-24976"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .signed_by(scene.attacker_key())
                    .header("kid", scene.kid())
                    .header("jwk", scene.attacker_key().jwk())
                    .sign(),
            )
        },
    },
    Case {
        id: "signature::one-byte",
        summary: "One byte.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |scene| Attempt::token(scene.token().raw_signature([1]).sign()),
    },
    Case {
        id: "signature::all-zero",
        summary: "As many zeros as the modulus is long.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §5.2.2"],
        forge: |scene| Attempt::token(scene.token().raw_signature([0; 256]).sign()),
    },
    Case {
        id: "signature::leading-zero",
        summary: "The honest signature with a zero in front.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |scene| Attempt::token(scene.signature_with_leading_zero()),
    },
    Case {
        id: "signature::of-another-token",
        summary: "The signature of another honest token.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |scene| Attempt::token(scene.spliced(&scene.token().user("bob"))),
    },
    Case {
        id: "signature::payload-swapped",
        summary: "A raised scope under an honest signature.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |scene| {
            Attempt::token(
                scene.spliced(&scene.token().claim("scp", "Orders.Read Orders.Write Orders.Admin")),
            )
        },
    },
    Case {
        id: "signature::published-key-of-another-name",
        summary: "Signed by a published key, under the name of another.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).header("kid", scene.kid()).sign())
        },
    },
];
