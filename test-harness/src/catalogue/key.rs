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
        forge: |world| Attempt::token(world.token().without_header("kid").sign()),
    },
    Case {
        id: "key::kid-empty",
        summary: "The header names a key without a name.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", "").sign()),
    },
    Case {
        id: "key::x5t-only",
        summary: "The key is named by its certificate's thumbprint alone.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.7"],
        forge: |world| Attempt::token(world.token().without_header("kid").header("x5t", world.kid()).sign()),
    },
    Case {
        id: "key::kid-unknown",
        summary: "A key that nobody publishes.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-48524"],
        forge: |world| Attempt::token(world.token().header("kid", "2c4ff3b7-unknown").sign()),
    },
    Case {
        id: "key::kid-upper-case",
        summary: "The right key in upper case.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", world.kid().to_uppercase()).sign()),
    },
    Case {
        id: "key::kid-leading-space",
        summary: "The right key with a space in front.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", format!(" {}", world.kid())).sign()),
    },
    Case {
        id: "key::kid-trailing-nul",
        summary: "The right key with a NUL behind it.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| Attempt::token(world.token().header("kid", format!("{}\0", world.kid())).sign()),
    },
    Case {
        id: "key::kid-path",
        summary: "A path for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", "../../../../dev/null").sign()),
    },
    Case {
        id: "key::kid-sql",
        summary: "A query for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", "x' UNION SELECT 'a';--").sign()),
    },
    Case {
        id: "key::kid-url",
        summary: "A query string for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", format!("{}&x=1#", world.kid())).sign()),
    },
    Case {
        id: "key::kid-log",
        summary: "Line breaks and terminal codes for a key name: the log must stay one line.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["CWE-117"],
        forge: |world| {
            Attempt::token(world.token().header("kid", "a\r\nFORGED LOG LINE\u{1b}[2J\u{202e}").sign())
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
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .header("jwk", world.attacker_key().jwk())
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
        forge: |world| {
            Attempt::token(
                world.token().signed_by(world.attacker_key()).header("jku", "http://127.0.0.1:9/keys").sign(),
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
        forge: |world| {
            Attempt::token(
                world.token().signed_by(world.attacker_key()).header("x5u", "http://127.0.0.1:9/cert").sign(),
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"use": "enc"}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"key_ops": ["encrypt"]}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"alg": "PS256"}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"alg": "HS256"}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(
                    world.other_jwk(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"})),
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"n": null}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"n": "+/+/"}))))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.other_jwk(json!({"n": format!("{}{}", "q".repeat(84), "AQ")}))),
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
        forge: |world| {
            let key = world.forge().exponent_one();
            Attempt::token(key.token).with_key_set(world.key_set_with(key.jwk))
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"e": "Aw"}))))
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
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_key_set(world.key_set_with(json!({"kty": "FUTURE", "kid": "f"})))
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
        forge: |world| {
            Attempt::token(world.token().sign()).with_key_set(world.key_set_with(
                json!({"kty": "RSA", "kid": world.kid(), "use": "enc", "n": "AQAB", "e": "AQAB"}),
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
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"kid": world.kid()}))))
        },
    },
    Case {
        id: "key::kid-of-an-object",
        summary: "A key name that every JavaScript object answers to.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", "__proto__").sign()),
    },
    Case {
        id: "key::kid-constructor",
        summary: "Another key name that every JavaScript object answers to.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", "constructor").sign()),
    },
    Case {
        id: "key::kid-file",
        summary: "A file for a key name.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", "file:///etc/passwd").sign()),
    },
    Case {
        id: "key::kid-fragment",
        summary: "The right key with a fragment behind it.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| Attempt::token(world.token().header("kid", format!("{}#", world.kid())).sign()),
    },
    Case {
        id: "key::kid-quotes",
        summary: "Quotes and commas for a key name: the challenge must stay one well-formed header.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 6750 §3"],
        forge: |world| Attempt::token(world.token().header("kid", "a\", error=\"none\", x=\"\\").sign()),
    },
    Case {
        id: "key::kid-prefix",
        summary: "The right key less its last character.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.4"],
        forge: |world| {
            Attempt::token(
                world.token().header("kid", world.kid()[..world.kid().len() - 1].to_owned()).sign(),
            )
        },
    },
    Case {
        id: "key::kid-of-two-kilobytes",
        summary: "A key name of two kilobytes.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2025-61920"],
        forge: |world| Attempt::token(world.token().header("kid", "k".repeat(2000)).sign()),
    },
    Case {
        id: "key::embedded-without-name",
        summary: "The token brings its own key and names none.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2018-0114"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .without_header("kid")
                    .header("jwk", world.attacker_key().jwk())
                    .sign(),
            )
        },
    },
    Case {
        id: "key::embedded-certificate",
        summary: "The token brings its own certificate.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.6"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .header("x5c", world.attacker_key().jwk()["x5c"].clone())
                    .sign(),
            )
        },
    },
    Case {
        id: "key::embedded-malformed",
        summary: "The token brings a key that is none.",
        expect: Expect::Either {
            code: "auth_token_header_invalid",
            why: "it is never read, so it need not be well formed",
        },
        mounted_by: Attacker::Anyone,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7515 §4.1.3"],
        forge: |world| Attempt::token(world.token().header("jwk", "zzz").sign()),
    },
    Case {
        id: "key::key-url-of-the-cloud",
        summary: "The token tells to fetch its key where clouds keep credentials.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .header("jku", "http://169.254.169.254/metadata/identity")
                    .sign(),
            )
        },
    },
    Case {
        id: "key::key-url-of-a-file",
        summary: "The token tells to read its key from a file.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2026-48522"],
        forge: |world| {
            Attempt::token(
                world.token().signed_by(world.attacker_key()).header("jku", "file:///etc/passwd").sign(),
            )
        },
    },
    Case {
        id: "key::small-for-real",
        summary: "An honest signature by a published key of 1024 bits.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7518 §3.3"],
        forge: |world| {
            let forgery = world.forge().small_key();
            Attempt::token(forgery.token).with_key_set(world.key_set_with(forgery.jwk))
        },
    },
    Case {
        id: "key::exponent-three-for-real",
        summary: "An honest signature by a published key with the exponent 3.",
        expect: Expect::Either {
            code: "auth_token_key_unsuitable",
            why: "RFC 8017 §3.1 allows it; larger exponents are advised",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["NIST SP 800-56B"],
        forge: |world| {
            let forgery = world.forge().exponent_three();
            Attempt::token(forgery.token).with_key_set(world.key_set_with(forgery.jwk))
        },
    },
    Case {
        id: "key::cube-root",
        summary: "A signature that nobody made, for a published key with the exponent 3: its cube begins like an honest block.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::AnyoneOncePublished,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2006-4339", "RFC 8017 §8.2.2"],
        forge: |world| {
            let forgery = world.forge().cube_root();
            Attempt::token(forgery.token).with_key_set(world.key_set_with(forgery.jwk))
        },
    },
    Case {
        id: "key::huge",
        summary: "A modulus of 65,536 bits, which takes seconds to reckon with.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2023-3446"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.other_jwk(json!({"n": format!("{}w", "_".repeat(10_922))}))),
            )
        },
    },
    Case {
        id: "key::huge-exponent",
        summary: "An exponent of 4,096 bits.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2023-3446"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.other_jwk(json!({"e": format!("{}w", "_".repeat(682))}))),
            )
        },
    },
    Case {
        id: "key::even-modulus",
        summary: "An even modulus.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §3.1"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.forge().other_jwk_with_modulus(|modulus| modulus[255] -= 1)),
            )
        },
    },
    Case {
        id: "key::modulus-zero",
        summary: "A modulus of zero.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §3.1"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"n": "AA"}))))
        },
    },
    Case {
        id: "key::modulus-empty",
        summary: "An empty modulus.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §3.1"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"n": ""}))))
        },
    },
    Case {
        id: "key::modulus-padded",
        summary: "A modulus with base64 padding.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7518 §2"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.forge().other_jwk_with_modulus_text(|n| format!("{n}=="))),
            )
        },
    },
    Case {
        id: "key::modulus-after-zero",
        summary: "A modulus with a zero byte in front.",
        expect: Expect::Either {
            code: "auth_token_key_unsuitable",
            why: "RFC 7518 §6.3.1.1 forbids it, and it names the same number",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7518 §6.3.1.1"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.forge().other_jwk_with_modulus(|modulus| modulus.insert(0, 0))),
            )
        },
    },
    Case {
        id: "key::without-exponent",
        summary: "A key without an exponent.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7518 §6.3"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"e": null}))))
        },
    },
    Case {
        id: "key::symmetric-under-the-name",
        summary: "A symmetric key under the name.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2021-46743"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world
                    .key_set_with(world.other_jwk(
                        json!({"kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"}),
                    )),
            )
        },
    },
    Case {
        id: "key::type-in-lower-case",
        summary: "A key whose type is `rsa`.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.1"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"kty": "rsa"}))))
        },
    },
    Case {
        id: "key::use-of-another-type",
        summary: "A key whose use is no text.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.2"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"use": ["sig"]}))))
        },
    },
    Case {
        id: "key::name-of-another-type",
        summary: "A key whose name is a number: no token can name it.",
        expect: Expect::Refuse("auth_token_key_unknown"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.5"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).header("kid", "1").sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"kid": 1}))))
        },
    },
    Case {
        id: "key::without-name",
        summary: "A key without a name beside the honest ones: no token can name it.",
        expect: Expect::Refuse("auth_token_kid_missing"),
        mounted_by: Attacker::Provider,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.5"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).without_header("kid").sign())
                .with_key_set(world.key_set_with(world.other_jwk_without("kid")))
        },
    },
    Case {
        id: "key::of-the-certificate",
        summary: "The key in a published certificate, which is not the published key.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.7"],
        forge: |world| {
            Attempt::token(
                world.token().signed_by(world.attacker_key()).header("kid", world.other_key().kid()).sign(),
            )
            .with_key_set(
                world.key_set_with(world.other_jwk(json!({"x5c": world.attacker_key().jwk()["x5c"]}))),
            )
        },
    },
    Case {
        id: "key::beside-another-certificate",
        summary: "The published key, beside a certificate that holds another.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.7"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set(
                world.key_set_with(world.other_jwk(json!({"x5c": world.attacker_key().jwk()["x5c"]}))),
            )
        },
    },
    Case {
        id: "key::without-use",
        summary: "A key that does not say what it is for.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.2"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk_without("use")))
        },
    },
    Case {
        id: "key::with-algorithm",
        summary: "A key that names its algorithm, the right one.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Info,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.4"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"alg": "RS256"}))))
        },
    },
    Case {
        id: "key::with-private-parts",
        summary: "A key that is published with its private exponent. Its public part is what counts.",
        expect: Expect::Either {
            code: "auth_token_key_unsuitable",
            why: "whoever sees it may warn, and everyone can sign with it",
        },
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §9.2"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign())
                .with_key_set(world.key_set_with(world.other_jwk(json!({"d": "AQAB"}))))
        },
    },
    Case {
        id: "key::kinds-of-tomorrow",
        summary: "Elliptic keys, an Edwards key, a symmetric one and a kind of tomorrow beside ours.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign()).with_key_set(world.forge().key_set_of_many_kinds())
        },
    },
    Case {
        id: "key::without-parts-beside-ours",
        summary: "An RSA key without its numbers beside ours.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| {
            Attempt::token(world.token().sign())
                .with_key_set(world.key_set_with(json!({"kty": "RSA", "kid": "empty", "use": "sig"})))
        },
    },
    Case {
        id: "key::null-beside-ours",
        summary: "A value that is no key beside ours.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7517 §5"],
        forge: |world| Attempt::token(world.token().sign()).with_key_set(world.key_set_with(json!(null))),
    },
    Case {
        id: "key::unknown-members",
        summary: "A key set and keys with members that nobody knows.",
        expect: Expect::Accept,
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).sign()).with_key_set({
                let mut set = world.key_set_with(world.other_jwk(json!({"xms_future": {"a": [1]}})));
                set["xms_future"] = json!(true);
                set
            })
        },
    },
    Case {
        id: "key::three-keys-of-one-name",
        summary: "Three keys share a name: what two make untrusted, a third does not mend.",
        expect: Expect::Refuse("auth_token_key_unsuitable"),
        mounted_by: Attacker::Provider,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 7517 §4.5"],
        forge: |world| {
            let mut set = world.key_set_with(world.other_jwk(json!({"kid": world.kid()})));
            let mut third = world.attacker_key().jwk();
            third["kid"] = world.kid().into();
            set["keys"].as_array_mut().expect("a key set is an array").push(third);
            Attempt::token(world.token().signed_by(world.attacker_key()).header("kid", world.kid()).sign())
                .with_key_set(set)
        },
    },
];
