//! Step 7: the signature (RFC 7515 §5.2).

use entra_mock_idp::Signature;

use super::{
    Group,
    row::{Row, refuse, refuse_request, refuse_text},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Attempt,
    Setting::RequiredScope,
    Severity::{Critical, High, Low, Medium},
    rsa_block,
};

pub(super) const GROUP: Group = Group {
    step: Some(7),
    name: "signature",
    codes: &["auth_token_signature_untrusted"],
    reference: "RFC 7515 §5.2",
    about: "The signature: missing, cut, of another key or token, or built by hand.",
    harm: "Any claims for any user: nothing that the token says was said by Entra.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "empty", "Three parts, the last of them empty.", |w| w.token().signature(Signature::Empty)).by(Anyone).see(&["CVE-2020-28042"]),
    refuse(High, "tampered", "One bit of the signature flipped.", |w| w.token().signature(Signature::Tampered)).by(Anyone),
    refuse(Critical, "wrong-key", "Signed by another key under the right name.", |w| w.token().signed_by(w.attacker_key()).header("kid", w.kid())).by(Anyone),
    refuse(Critical, "embedded-key-under-a-known-name", "The token brings its own key, under the name of a published one.", |w| w.token().signed_by(w.attacker_key()).header("kid", w.kid()).header("jwk", w.attacker_key().jwk())).by(Anyone).see(&["CVE-2018-0114", "CVE-2025-24976"]),
    refuse(High, "one-byte", "One byte.", |w| w.token().raw_signature([1])).by(Anyone).see(&["RFC 8017 §8.2.2"]),
    refuse(High, "all-zero", "As many zeros as the modulus is long.", |w| w.token().raw_signature([0; 256])).by(Anyone).see(&["RFC 8017 §5.2.2"]),
    refuse_text(Low, "leading-zero", "The honest signature with a zero in front.", |w| w.forge().signature_with_leading_zero()).by(Anyone).see(&["RFC 8017 §8.2.2"]),
    refuse_text(Critical, "of-another-token", "The signature of another honest token.", |w| w.forge().spliced(&w.token().user("bob"))).by(TokenHolder),
    refuse_text(Critical, "payload-swapped", "A raised scope under an honest signature.", |w| w.forge().spliced(&w.token().claim("scp", "Orders.Read Orders.Write Orders.Admin"))).by(TokenHolder),
    refuse(Medium, "published-key-of-another-name", "Signed by a published key, under the name of another.", |w| w.token().signed_by(w.other_key()).header("kid", w.kid())),
    refuse_text(High, "one-byte-less", "The signature less its last byte.", |w| w.forge().with_signature_bytes(|bytes| bytes[..bytes.len() - 1].to_vec())).by(Anyone).see(&["RFC 8017 §8.2.2"]),
    refuse_text(High, "half", "Half of the signature.", |w| w.forge().with_signature_bytes(|bytes| bytes[..bytes.len() / 2].to_vec())).by(Anyone).see(&["CVE-2020-28042"]),
    refuse_text(Low, "twice", "The signature twice.", |w| w.forge().with_signature_bytes(|bytes| bytes.repeat(2))).by(Anyone).see(&["RFC 8017 §8.2.2"]),
    refuse_text(Low, "trailing-zero", "The signature and a zero byte.", |w| w.forge().with_signature_bytes(|bytes| [bytes, &[0]].concat())).by(Anyone).see(&["RFC 8017 §8.2.2"]),
    refuse_request(High, "number-one", "The number 1.", |w| { Attempt::token(w.forge().with_signature_bytes(|bytes| [vec![0; bytes.len() - 1], vec![1]].concat())) }).by(Anyone).see(&["RFC 8017 §5.2.2"]),
    refuse_request(High, "modulus-less-one", "The modulus less one.", |w| { Attempt::token(w.forge().with_signature_bytes(|_| { let mut modulus = w.public_key().modulus().to_vec(); *modulus.last_mut().expect("a modulus has bytes") -= 1; modulus })) }).by(Anyone).see(&["RFC 8017 §5.2.2"]),
    refuse_text(Low, "beyond-the-modulus", "The largest number of its length.", |w| w.forge().with_signature_bytes(|bytes| vec![0xff; bytes.len()])).by(Anyone).see(&["RFC 8017 §5.2.2"]),
    refuse_text(High, "payload-bit", "One bit of the payload flipped.", |w| w.forge().with_a_payload_bit_flipped()).by(Anyone),
    refuse_text(High, "header-reordered", "The header's members in another order, under the honest signature: the signature is over the text.", |w| w.forge().with_header_text(|header| format!("{{\"x\":0,{}", &header[1..]))).by(Anyone),
    refuse_text(Medium, "of-sha-384", "The name RS256, and a signature with SHA-384.", |w| w.forge().with_block("RS256", rsa_block::rs384)).see(&["RFC 8017 §8.2.2"]),
    refuse_text(Medium, "of-ps256", "The name RS256, and a signature with the other padding.", |w| w.forge().with_block("RS256", rsa_block::ps256)).see(&["RFC 8017 §8.1.2"]),
    refuse_text(Medium, "block-without-null", "A block whose hash has no parameters.", |w| w.forge().with_block("RS256", rsa_block::without_null)).see(&["RFC 8017 §9.2"]),
    refuse_text(Medium, "block-of-another-hash", "A block that names another hash than it holds.", |w| w.forge().with_block("RS256", rsa_block::wrong_hash_name)).see(&["RFC 8017 §9.2"]),
    refuse_text(High, "block-with-short-padding", "A block with eight bytes of padding and junk behind the hash.", |w| w.forge().with_block("RS256", rsa_block::short_padding)).see(&["CVE-2006-4339", "RFC 8017 §9.2"]),
    refuse_text(Medium, "block-with-a-long-length", "A block that spells a length in another way.", |w| w.forge().with_block("RS256", rsa_block::long_length)).see(&["RFC 8017 §9.2"]),
    refuse_text(High, "hmac-under-rs256", "A symmetric signature under the right algorithm's name.", |w| w.forge().hmac_under_rs256()).by(Anyone).see(&["RFC 8725 §2.1"]),
    refuse(High, "tampered-without-scope", "A broken signature and a scope that is not enough: who answers 403 has read claims that nobody signed.", |w| w.token().claim("scp", "Another.Scope").signature(Signature::Tampered)).by(Anyone).on(RequiredScope).see(&["RFC 6750 §3.1"]),
    refuse(High, "tampered-and-expired", "A broken signature and an end long past: who says that it is expired has read claims that nobody signed.", |w| w.token().expires_in(-7200).signature(Signature::Tampered)).by(Anyone).see(&["CVE-2024-51744"]),
    refuse(Critical, "tampered-and-of-another-issuer", "A broken signature and another issuer, where a careless API asks for keys.", |w| w.token().claim("iss", "http://127.0.0.1:9/evil/v2.0").signature(Signature::Tampered)).by(Anyone).see(&["RFC 8725 §3.10"]),
];
