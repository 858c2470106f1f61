//! The signature (RFC 7515 §5.2), step 7.

use entra_mock_idp::Signature;

use crate::{Attacker, Attempt, Case, Expect, Setting, Severity, rsa_block};

pub(super) const CASES: &[Case] = &[
    Case {
        id: "signature::empty",
        summary: "Three parts, the last of them empty.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["CVE-2020-28042"],
        forge: |world| Attempt::token(world.token().signature(Signature::Empty).sign()),
    },
    Case {
        id: "signature::tampered",
        summary: "One bit of the signature flipped.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| Attempt::token(world.token().signature(Signature::Tampered).sign()),
    },
    Case {
        id: "signature::wrong-key",
        summary: "Signed by another key under the right name.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| {
            Attempt::token(world.token().signed_by(world.attacker_key()).header("kid", world.kid()).sign())
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
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .signed_by(world.attacker_key())
                    .header("kid", world.kid())
                    .header("jwk", world.attacker_key().jwk())
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
        forge: |world| Attempt::token(world.token().raw_signature([1]).sign()),
    },
    Case {
        id: "signature::all-zero",
        summary: "As many zeros as the modulus is long.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §5.2.2"],
        forge: |world| Attempt::token(world.token().raw_signature([0; 256]).sign()),
    },
    Case {
        id: "signature::leading-zero",
        summary: "The honest signature with a zero in front.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |world| Attempt::token(world.forge().signature_with_leading_zero()),
    },
    Case {
        id: "signature::of-another-token",
        summary: "The signature of another honest token.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| Attempt::token(world.forge().spliced(&world.token().user("bob"))),
    },
    Case {
        id: "signature::payload-swapped",
        summary: "A raised scope under an honest signature.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::TokenHolder,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| {
            Attempt::token(
                world.forge().spliced(&world.token().claim("scp", "Orders.Read Orders.Write Orders.Admin")),
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
        forge: |world| {
            Attempt::token(world.token().signed_by(world.other_key()).header("kid", world.kid()).sign())
        },
    },
    Case {
        id: "signature::one-byte-less",
        summary: "The signature less its last byte.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |world| {
            Attempt::token(world.forge().with_signature_bytes(|bytes| bytes[..bytes.len() - 1].to_vec()))
        },
    },
    Case {
        id: "signature::half",
        summary: "Half of the signature.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2020-28042"],
        forge: |world| {
            Attempt::token(world.forge().with_signature_bytes(|bytes| bytes[..bytes.len() / 2].to_vec()))
        },
    },
    Case {
        id: "signature::twice",
        summary: "The signature twice.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |world| Attempt::token(world.forge().with_signature_bytes(|bytes| bytes.repeat(2))),
    },
    Case {
        id: "signature::trailing-zero",
        summary: "The signature and a zero byte.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |world| Attempt::token(world.forge().with_signature_bytes(|bytes| [bytes, &[0]].concat())),
    },
    Case {
        id: "signature::number-one",
        summary: "The number 1.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §5.2.2"],
        forge: |world| {
            Attempt::token(
                world.forge().with_signature_bytes(|bytes| [vec![0; bytes.len() - 1], vec![1]].concat()),
            )
        },
    },
    Case {
        id: "signature::modulus-less-one",
        summary: "The modulus less one.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8017 §5.2.2"],
        forge: |world| {
            Attempt::token(world.forge().with_signature_bytes(|_| {
                let mut modulus = world.public_key().modulus().to_vec();
                *modulus.last_mut().expect("a modulus has bytes") -= 1;
                modulus
            }))
        },
    },
    Case {
        id: "signature::beyond-the-modulus",
        summary: "The largest number of its length.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Low,
        setting: Setting::Plain,
        references: &["RFC 8017 §5.2.2"],
        forge: |world| Attempt::token(world.forge().with_signature_bytes(|bytes| vec![0xff; bytes.len()])),
    },
    Case {
        id: "signature::payload-bit",
        summary: "One bit of the payload flipped.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| Attempt::token(world.forge().with_a_payload_bit_flipped()),
    },
    Case {
        id: "signature::header-reordered",
        summary: "The header's members in another order, under the honest signature: the signature is over the text.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 7515 §5.2"],
        forge: |world| {
            Attempt::token(world.forge().with_header_text(|header| format!("{{\"x\":0,{}", &header[1..])))
        },
    },
    Case {
        id: "signature::of-sha-384",
        summary: "The name RS256, and a signature with SHA-384.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.2.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::rs384)),
    },
    Case {
        id: "signature::of-ps256",
        summary: "The name RS256, and a signature with the other padding.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §8.1.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::ps256)),
    },
    Case {
        id: "signature::block-without-null",
        summary: "A block whose hash has no parameters.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §9.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::without_null)),
    },
    Case {
        id: "signature::block-of-another-hash",
        summary: "A block that names another hash than it holds.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §9.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::wrong_hash_name)),
    },
    Case {
        id: "signature::block-with-short-padding",
        summary: "A block with eight bytes of padding and junk behind the hash.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2006-4339", "RFC 8017 §9.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::short_padding)),
    },
    Case {
        id: "signature::block-with-a-long-length",
        summary: "A block that spells a length in another way.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::KeyHolder,
        severity: Severity::Medium,
        setting: Setting::Plain,
        references: &["RFC 8017 §9.2"],
        forge: |world| Attempt::token(world.forge().with_block("RS256", rsa_block::long_length)),
    },
    Case {
        id: "signature::hmac-under-rs256",
        summary: "A symmetric signature under the right algorithm's name.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["RFC 8725 §2.1"],
        forge: |world| Attempt::token(world.forge().hmac_under_rs256()),
    },
    Case {
        id: "signature::tampered-without-scope",
        summary: "A broken signature and a scope that is not enough: who answers 403 has read claims that nobody signed.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::RequiredScope,
        references: &["RFC 6750 §3.1"],
        forge: |world| {
            Attempt::token(world.token().claim("scp", "Another.Scope").signature(Signature::Tampered).sign())
        },
    },
    Case {
        id: "signature::tampered-and-expired",
        summary: "A broken signature and an end long past: who says that it is expired has read claims that nobody signed.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::High,
        setting: Setting::Plain,
        references: &["CVE-2024-51744"],
        forge: |world| Attempt::token(world.token().expires_in(-7200).signature(Signature::Tampered).sign()),
    },
    Case {
        id: "signature::tampered-and-of-another-issuer",
        summary: "A broken signature and another issuer, where a careless API asks for keys.",
        expect: Expect::Refuse("auth_token_signature_untrusted"),
        mounted_by: Attacker::Anyone,
        severity: Severity::Critical,
        setting: Setting::Plain,
        references: &["RFC 8725 §3.10"],
        forge: |world| {
            Attempt::token(
                world
                    .token()
                    .claim("iss", "http://127.0.0.1:9/evil/v2.0")
                    .signature(Signature::Tampered)
                    .sign(),
            )
        },
    },
];
