//! Step 1: the compact form of a token (RFC 7515 §7.1).

use entra_mock_idp::Signature;
use serde_json::json;

use super::{
    Group,
    row::{Row, refuse, refuse_request, refuse_text},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Attempt,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(1),
    name: "compact",
    codes: &["auth_token_invalid"],
    reference: "RFC 7515 §7.1",
    about: "The three parts and how they are spelt; other serialisations; encrypted tokens.",
    harm: "One token has many spellings, and block lists and caches miss it; an encrypted token passes \
        for a signed one; a small request costs a lot of memory or time.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse_text(Medium, "literal-undefined", "What a client with a bug sends.", |_| "undefined".to_owned()).by(Anyone),
    refuse_text(Low, "one-dot", "One dot.", |_| ".".to_owned()).by(Anyone),
    refuse_text(Medium, "two-parts", "Header and payload, no signature, not even a dot.", |w| { let token = w.token().sign(); token[..token.rfind('.').unwrap_or(0)].to_owned() }).by(Anyone),
    refuse_text(Medium, "four-parts", "A fourth part.", |w| w.token().sign() + ".AAAA").by(Anyone),
    refuse_text(High, "payload-in-two", "A dot inside the payload, for readers that split from the right.", |w| { let mut token = w.token().sign(); token.insert(token.find('.').unwrap_or(0) + 17, '.'); token }).by(Anyone),
    refuse_text(Medium, "encrypted", "Five parts: an encrypted token.", |_| "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.AAAA.AAAA.AAAA".to_owned()).by(Anyone).see(&["RFC 7516 §3.1"]),
    refuse_text(High, "many-dots", "A thousand dots.", |_| ".".repeat(1000)).by(Anyone).see(&["CVE-2025-30204"]),
    refuse_text(Low, "padding", "Base64 padding behind the signature.", |w| w.token().sign() + "==").by(Anyone).see(&["RFC 7515 §2"]),
    refuse_text(Low, "standard-alphabet", "The signature in the standard alphabet.", |w| w.forge().signature_in_standard_alphabet()).by(Anyone).see(&["RFC 7515 §2"]),
    refuse_text(Medium, "left-over-bits", "The last character replaced by one that decodes to the same bytes: another string, the same token.", |w| w.forge().token_with_left_over_bits()).by(Anyone).see(&["RFC 4648 §3.5"]),
    refuse_text(Low, "impossible-length", "A signature whose length no bytes encode to.", |w| w.token().sign() + "AAA").by(Anyone).see(&["RFC 4648 §4"]),
    refuse(High, "too-long", "A good token, but larger than any honest one.", |w| w.token().claim("padding", "x".repeat(16 * 1024))).see(&["CVE-2025-61920"]),
    refuse_text(High, "junk-too-long", "60 kilobytes of junk.", |_| "A".repeat(60_000)).by(Anyone).see(&["CVE-2025-61920"]),
    refuse_text(Critical, "json-serialisation-in-parts", "The JSON serialisation, cut so that a splitter at dots finds three parts.", |w| format!("{{\"protected\":\"{}\"}}", w.token().sign())).by(TokenHolder).caught_as("auth_header_malformed").see(&["CVE-2022-39227"]),
    refuse_text(Low, "two-dots", "Two dots: three empty parts.", |_| "..".to_owned()).by(Anyone).caught_as("auth_token_header_invalid"),
    refuse_text(Low, "three-dots", "Three dots.", |_| "...".to_owned()).by(Anyone),
    refuse_text(Low, "header-alone", "The header and nothing else.", |w| w.token().sign().split('.').next().unwrap_or_default().to_owned()).by(Anyone),
    refuse_text(Medium, "null", "What a client without a token sends.", |_| "null".to_owned()).by(Anyone),
    refuse_request(High, "none-in-two-parts", "An unsecured token without its last dot.", |w| { Attempt::token({ let token = w.token().signature(Signature::None).sign(); token.trim_end_matches('.').to_owned() }) }).by(Anyone).see(&["CVE-2024-48916"]),
    refuse_text(Low, "padding-in-the-header", "A header with base64 padding, signed as such.", |w| w.forge().padded_header()).caught_as("auth_header_malformed").see(&["RFC 7515 §2"]),
    refuse_text(Critical, "encrypted-claims", "Forged claims, really encrypted to the published key: whoever decrypts, and takes that for a signature, lets anyone in.", |w| w.forge().encrypted(&json!({}), w.forge().payload_json().as_bytes())).by(Anyone).see(&["RFC 8725 §2.3", "CVE-2023-51774", "CVE-2026-29000"]),
    refuse_request(Critical, "encrypted-unsecured-token", "An unsecured token inside an encrypted one.", |w| { Attempt::token({ let inner = w.token().signature(Signature::None).sign(); w.forge().encrypted(&json!({}), inner.as_bytes()) }) }).by(Anyone).see(&["RFC 8725 §2.3", "CVE-2022-39174"]),
    refuse_text(High, "encrypted-bomb", "An encrypted token of ten kilobytes whose content inflates to more than a megabyte.", |w| w.forge().inflating(4100)).by(Anyone).see(&["CVE-2024-21319", "CVE-2024-28176"]),
    refuse_text(High, "password-rounds", "An encrypted token that asks for two thousand million rounds of hashing.", |w| w.forge().endless_password_rounds()).by(Anyone).see(&["CVE-2023-52428", "CVE-2023-49290"]),
    refuse_text(High, "many-parts", "Five thousand short parts.", |_| "a.".repeat(5000)).by(Anyone).see(&["CVE-2025-30204", "CVE-2025-27144"]),
    refuse_text(Medium, "one-byte-less", "A good token without its first character.", |w| w.token().sign()[1..].to_owned()).by(Anyone),
    refuse_text(Medium, "signature-of-one-character", "A signature of one character, which encodes no byte.", |w| w.forge().with_signature(|_| "A".to_owned())).by(Anyone).see(&["RFC 4648 §4"]),
    refuse_text(Low, "slash-in-the-payload", "The payload in the standard alphabet.", |w| w.forge().payload_in_standard_alphabet()).see(&["RFC 7515 §2"]),
];
