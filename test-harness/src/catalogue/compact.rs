//! Step 1: the compact form of a token (RFC 7515 §7.1).

use entra_mock_idp::Signature;
use serde_json::json;

use super::{
    Group,
    row::{Row, refuse, refuse_text},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(1),
    name: "compact",
    codes: &["auth_token_invalid"],
    reference: "RFC 7515 §7.1",
    about: "The compact form: three parts and their base64url encoding, other serialisations, encrypted \
        tokens.",
    harm: "One token has many spellings, which block lists and caches miss; an encrypted token passes \
        as a signed one; a small request costs much memory or time.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse_text(Medium, "literal-undefined", "The token is the text `undefined`, a client's bug", |_| {
        "undefined".to_owned()
    })
    .by(Anyone),
    refuse_text(Low, "one-dot", "The token is a single dot", |_| ".".to_owned()).by(Anyone),
    refuse_text(Medium, "two-parts", "The token has two parts: the signature and its dot are cut off", |w| {
        let token = w.token().sign();
        token[..token.rfind('.').unwrap_or(0)].to_owned()
    })
    .by(Anyone),
    refuse_text(Medium, "four-parts", "The token has a fourth part", |w| w.token().sign() + ".AAAA")
        .by(Anyone),
    refuse_text(
        High,
        "payload-in-two",
        "A dot splits the payload in two, for parsers that split from the right",
        |w| {
            let mut token = w.token().sign();
            token.insert(token.find('.').unwrap_or(0) + 17, '.');
            token
        },
    )
    .by(Anyone),
    refuse_text(Medium, "encrypted", "The token has five parts: an encrypted token (JWE)", |_| {
        "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.AAAA.AAAA.AAAA".to_owned()
    })
    .by(Anyone)
    .see(&["RFC 7516 §3.1"]),
    refuse_text(High, "many-dots", "The token consists of 1,000 dots", |_| ".".repeat(1000))
        .by(Anyone)
        .see(&["CVE-2025-30204"]),
    refuse_text(Low, "padding", "The signature is followed by base64 padding", |w| w.token().sign() + "==")
        .by(Anyone)
        .see(&["RFC 7515 §2"]),
    refuse_text(Low, "standard-alphabet", "The signature uses the standard base64 alphabet", |w| {
        w.forge().signature_in_standard_alphabet()
    })
    .by(Anyone)
    .see(&["RFC 7515 §2"]),
    refuse_text(
        Medium,
        "left-over-bits",
        "The last character is swapped for one that decodes to the same bytes",
        |w| w.forge().token_with_left_over_bits(),
    )
    .by(Anyone)
    .see(&["RFC 4648 §3.5"]),
    refuse_text(Low, "impossible-length", "The signature has a length that no base64 encoding has", |w| {
        w.token().sign() + "AAA"
    })
    .by(Anyone)
    .see(&["RFC 4648 §4"]),
    refuse(High, "too-long", "A validly signed token is larger than 16 KiB", |w| {
        w.token().claim("padding", "x".repeat(16 * 1024))
    })
    .see(&["CVE-2025-61920"]),
    refuse_text(High, "junk-too-long", "The token is 60,000 characters of junk", |_| "A".repeat(60_000))
        .by(Anyone)
        .see(&["CVE-2025-61920"]),
    refuse_text(
        Critical,
        "json-serialisation-in-parts",
        "A compact token is wrapped in JSON so that splitting at dots yields three parts",
        |w| format!("{{\"protected\":\"{}\"}}", w.token().sign()),
    )
    .by(TokenHolder)
    .caught_as("auth_header_malformed")
    .see(&["CVE-2022-39227"]),
    refuse_text(Low, "two-dots", "The token is two dots: three empty parts", |_| "..".to_owned())
        .by(Anyone)
        .caught_as("auth_token_header_invalid"),
    refuse_text(Low, "three-dots", "The token is three dots: four empty parts", |_| "...".to_owned())
        .by(Anyone),
    refuse_text(Low, "header-alone", "The token is a header without payload and signature", |w| {
        w.token().sign().split('.').next().unwrap_or_default().to_owned()
    })
    .by(Anyone),
    refuse_text(Medium, "null", "The token is the text `null`, a client's bug", |_| "null".to_owned())
        .by(Anyone),
    refuse_text(High, "none-in-two-parts", "An unsecured token (`alg` none) lacks its final dot", |w| {
        let token = w.token().signature(Signature::None).sign();
        token.trim_end_matches('.').to_owned()
    })
    .by(Anyone)
    .see(&["CVE-2024-48916"]),
    refuse_text(
        Low,
        "padding-in-the-header",
        "The header part has base64 padding, and the signature covers it",
        |w| w.forge().padded_header(),
    )
    .caught_as("auth_header_malformed")
    .see(&["RFC 7515 §2"]),
    refuse_text(
        Critical,
        "encrypted-claims",
        "Forged claims are encrypted with the public key, not signed",
        |w| w.forge().encrypted(&json!({}), w.forge().payload_json().as_bytes()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.3", "CVE-2023-51774", "CVE-2026-29000"]),
    refuse_text(
        Critical,
        "encrypted-unsecured-token",
        "An encrypted token contains an unsecured one (`alg` none)",
        |w| {
            let inner = w.token().signature(Signature::None).sign();
            w.forge().encrypted(&json!({}), inner.as_bytes())
        },
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.3", "CVE-2022-39174"]),
    refuse_text(High, "encrypted-bomb", "A 10 KB encrypted token inflates to more than 1 MB", |w| {
        w.forge().inflating(4100)
    })
    .by(Anyone)
    .see(&["CVE-2024-21319", "CVE-2024-28176"]),
    refuse_text(High, "password-rounds", "An encrypted token demands two billion PBKDF2 iterations", |w| {
        w.forge().endless_password_rounds()
    })
    .by(Anyone)
    .see(&["CVE-2023-52428", "CVE-2023-49290"]),
    refuse_text(High, "many-parts", "The token has 5,000 short parts", |_| "a.".repeat(5000))
        .by(Anyone)
        .see(&["CVE-2025-30204", "CVE-2025-27144"]),
    refuse_text(Medium, "one-byte-less", "A good token lacks its first character", |w| {
        w.token().sign()[1..].to_owned()
    })
    .by(Anyone),
    refuse_text(
        Medium,
        "signature-of-one-character",
        "The signature is one character, which encodes no byte",
        |w| w.forge().with_signature(|_| "A".to_owned()),
    )
    .by(Anyone)
    .see(&["RFC 4648 §4"]),
    refuse_text(
        Low,
        "slash-in-the-payload",
        "The payload uses the standard base64 alphabet, and the signature covers it",
        |w| w.forge().payload_in_standard_alphabet(),
    )
    .see(&["RFC 7515 §2"]),
];
