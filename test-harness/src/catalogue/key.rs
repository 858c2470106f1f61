//! The signing key (RFC 7517, RFC 8725 §3.10), steps 5 and 6.

use serde_json::json;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "key::kid-missing",
        summary: "The header names no key.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().without_header("kid").sign()),
    },
    Case {
        id: "key::kid-empty",
        summary: "The header names a key without a name.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", "").sign()),
    },
    Case {
        id: "key::x5t-only",
        summary: "The key is named by its certificate's thumbprint alone.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.7"],
        forge: |scene| Attempt::token(scene.token().without_header("kid").header("x5t", scene.kid()).sign()),
    },
    Case {
        id: "key::kid-unknown",
        summary: "A key that nobody publishes.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-48524"],
        forge: |scene| Attempt::token(scene.token().header("kid", "2c4ff3b7-unknown").sign()),
    },
    Case {
        id: "key::kid-upper-case",
        summary: "The right key in upper case.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", scene.kid().to_uppercase()).sign()),
    },
    Case {
        id: "key::kid-leading-space",
        summary: "The right key with a space in front.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", format!(" {}", scene.kid())).sign()),
    },
    Case {
        id: "key::kid-trailing-nul",
        summary: "The right key with a NUL behind it.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |scene| Attempt::token(scene.token().header("kid", format!("{}\0", scene.kid())).sign()),
    },
    Case {
        id: "key::kid-path",
        summary: "A path for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |scene| Attempt::token(scene.token().header("kid", "../../../../dev/null").sign()),
    },
    Case {
        id: "key::kid-sql",
        summary: "A query for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |scene| Attempt::token(scene.token().header("kid", "x' UNION SELECT 'a';--").sign()),
    },
    Case {
        id: "key::kid-url",
        summary: "A query string for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |scene| Attempt::token(scene.token().header("kid", format!("{}&x=1#", scene.kid())).sign()),
    },
    Case {
        id: "key::kid-log",
        summary: "Line breaks and terminal codes for a key name: the log must stay one line.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["CWE-117"],
        forge: |scene| {
            Attempt::token(scene.token().header("kid", "a\r\nFORGED LOG LINE\u{1b}[2J\u{202e}").sign())
        },
    },
    Case {
        id: "key::embedded",
        summary: "The token brings its own key.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2018-0114"],
        forge: |scene| {
            Attempt::token(
                scene
                    .token()
                    .signed_by(scene.attacker_key())
                    .header("jwk", scene.attacker_key().jwk())
                    .sign(),
            )
        },
    },
    Case {
        id: "key::key-url",
        summary: "The token tells where to fetch its key.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |scene| {
            Attempt::token(
                scene.token().signed_by(scene.attacker_key()).header("jku", "http://127.0.0.1:9/keys").sign(),
            )
        },
    },
    Case {
        id: "key::certificate-url",
        summary: "The token tells where to fetch its certificate.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |scene| {
            Attempt::token(
                scene.token().signed_by(scene.attacker_key()).header("x5u", "http://127.0.0.1:9/cert").sign(),
            )
        },
    },
    Case {
        id: "key::for-encryption",
        summary: "A key that is published for encryption.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.2"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"use": "enc"}))))
        },
    },
    Case {
        id: "key::operations",
        summary: "A key that is published for encrypting only.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.3"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"key_ops": ["encrypt"]}))))
        },
    },
    Case {
        id: "key::for-another-algorithm",
        summary: "A key that is published for another padding.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.1"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"alg": "PS256"}))))
        },
    },
    Case {
        id: "key::for-a-symmetric-algorithm",
        summary: "An RSA key that is published for HS256.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-22817"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"alg": "HS256"}))))
        },
    },
    Case {
        id: "key::elliptic",
        summary: "A key of another type under the name.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["CVE-2021-46743"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign()).with_key_set(
                scene.key_set_with(
                    scene.other_jwk(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"})),
                ),
            )
        },
    },
    Case {
        id: "key::without-modulus",
        summary: "A key whose modulus is not text.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7518 §6.3"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"n": null}))))
        },
    },
    Case {
        id: "key::modulus-in-standard-base64",
        summary: "A modulus that is not base64url.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7518 §2"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"n": "+/+/"}))))
        },
    },
    Case {
        id: "key::small",
        summary: "A modulus of 512 bits.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7518 §3.3"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign()).with_key_set(
                scene.key_set_with(scene.other_jwk(json!({"n": format!("{}{}", "q".repeat(84), "AQ")}))),
            )
        },
    },
    Case {
        id: "key::exponent-one",
        summary: "A key with the exponent 1: the signature is the padded hash, and anyone can write it.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::AnyoneOncePublished,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8017 §3.1"],
        forge: |scene| {
            let key = scene.exponent_one();
            Attempt::token(key.token).with_key_set(scene.key_set_with(key.jwk))
        },
    },
    Case {
        id: "key::exponent-three",
        summary: "A key with the exponent 3.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["NIST SP 800-56B"],
        forge: |scene| {
            Attempt::token(scene.token().signed_by(scene.other_key()).sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"e": "Aw"}))))
        },
    },
    Case {
        id: "key::one-bad-key-among-good",
        summary: "One key that nobody can use must not spoil the set.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |scene| {
            Attempt::token(scene.token().sign())
                .with_key_set(scene.key_set_with(json!({"kty": "FUTURE", "kid": "f"})))
        },
    },
    Case {
        id: "key::same-kid-other-use",
        summary: "Two keys share a name; one is for encryption.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.5"],
        forge: |scene| {
            Attempt::token(scene.token().sign()).with_key_set(scene.key_set_with(
                json!({"kty": "RSA", "kid": scene.kid(), "use": "enc", "n": "AQAB", "e": "AQAB"}),
            ))
        },
    },
    Case {
        id: "key::same-kid-other-key",
        summary: "Two keys share a name, and both would do.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.5"],
        forge: |scene| {
            Attempt::token(scene.token().sign())
                .with_key_set(scene.key_set_with(scene.other_jwk(json!({"kid": scene.kid()}))))
        },
    },
];
