//! Step 7: the signature (RFC 7515 §5.2).

use entra_mock_idp::Signature;

use super::{
    Group,
    row::{Row, refuse, refuse_text},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Setting::RequiredScope,
    Severity::{Critical, High, Low, Medium},
    rsa_block,
};

pub(super) const GROUP: Group = Group {
    step: Some(7),
    name: "signature",
    codes: &["auth_token_signature_untrusted"],
    reference: "RFC 7515 §5.2",
    about: "The signature: missing, truncated, of another key or token, or constructed by hand.",
    harm: "Tokens with any claims for any user are accepted: nothing in them was issued by Entra.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "empty", "The signature is empty", |w| w.token().signature(Signature::Empty))
        .by(Anyone)
        .see(&["CVE-2020-28042"]),
    refuse(High, "tampered", "One bit of the signature is flipped", |w| {
        w.token().signature(Signature::Tampered)
    })
    .by(Anyone),
    refuse(Critical, "wrong-key", "The token is signed by an attacker's key under our key's `kid`", |w| {
        w.token().signed_by(w.attacker_key()).header("kid", w.kid())
    })
    .by(Anyone),
    refuse(
        Critical,
        "embedded-key-under-a-known-name",
        "The header embeds the attacker's key as `jwk`, under our key's `kid`",
        |w| {
            w.token().signed_by(w.attacker_key()).header("kid", w.kid()).header("jwk", w.attacker_key().jwk())
        },
    )
    .by(Anyone)
    .see(&["CVE-2018-0114", "CVE-2025-24976"]),
    refuse(High, "one-byte", "The signature is a single byte", |w| w.token().raw_signature([1]))
        .by(Anyone)
        .see(&["RFC 8017 §8.2.2"]),
    refuse(High, "all-zero", "The signature is all zeros, of the modulus's length", |w| {
        w.token().raw_signature([0; 256])
    })
    .by(Anyone)
    .see(&["RFC 8017 §5.2.2"]),
    refuse_text(Low, "leading-zero", "The signature has an extra leading zero byte", |w| {
        w.forge().signature_with_leading_zero()
    })
    .by(Anyone)
    .see(&["RFC 8017 §8.2.2"]),
    refuse_text(Critical, "of-another-token", "The signature belongs to another user's token", |w| {
        w.forge().spliced(&w.token().user("bob"))
    })
    .by(TokenHolder),
    refuse_text(Critical, "payload-swapped", "The payload is replaced with one that has more scopes", |w| {
        w.forge().spliced(&w.token().claim("scp", "Orders.Read Orders.Write Orders.Admin"))
    })
    .by(TokenHolder),
    refuse(
        Medium,
        "published-key-of-another-name",
        "The token is signed by one published key and names another",
        |w| w.token().signed_by(w.other_key()).header("kid", w.kid()),
    ),
    refuse_text(High, "one-byte-less", "The signature lacks its last byte", |w| {
        w.forge().with_signature_bytes(|bytes| bytes[..bytes.len() - 1].to_vec())
    })
    .by(Anyone)
    .see(&["RFC 8017 §8.2.2"]),
    refuse_text(High, "half", "The signature lacks its second half", |w| {
        w.forge().with_signature_bytes(|bytes| bytes[..bytes.len() / 2].to_vec())
    })
    .by(Anyone)
    .see(&["CVE-2020-28042"]),
    refuse_text(Low, "twice", "The signature is repeated", |w| {
        w.forge().with_signature_bytes(|bytes| bytes.repeat(2))
    })
    .by(Anyone)
    .see(&["RFC 8017 §8.2.2"]),
    refuse_text(Low, "trailing-zero", "The signature has an extra trailing zero byte", |w| {
        w.forge().with_signature_bytes(|bytes| [bytes, &[0]].concat())
    })
    .by(Anyone)
    .see(&["RFC 8017 §8.2.2"]),
    refuse_text(High, "number-one", "The signature is the number 1", |w| {
        w.forge().with_signature_bytes(|bytes| [vec![0; bytes.len() - 1], vec![1]].concat())
    })
    .by(Anyone)
    .see(&["RFC 8017 §5.2.2"]),
    refuse_text(High, "modulus-less-one", "The signature is the modulus minus one", |w| {
        w.forge().with_signature_bytes(|_| {
            let mut modulus = w.public_key().modulus().to_vec();
            *modulus.last_mut().expect("a modulus has bytes") -= 1;
            modulus
        })
    })
    .by(Anyone)
    .see(&["RFC 8017 §5.2.2"]),
    refuse_text(Low, "beyond-the-modulus", "The signature is a number larger than the modulus", |w| {
        w.forge().with_signature_bytes(|bytes| vec![0xff; bytes.len()])
    })
    .by(Anyone)
    .see(&["RFC 8017 §5.2.2"]),
    refuse_text(High, "payload-bit", "One bit of the payload is flipped", |w| {
        w.forge().with_a_payload_bit_flipped()
    })
    .by(Anyone),
    refuse_text(
        High,
        "header-reordered",
        "The header has an extra member that the signature does not cover",
        |w| w.forge().with_header_text(|header| format!("{{\"x\":0,{}", &header[1..])),
    )
    .by(Anyone),
    refuse_text(Medium, "of-sha-384", "`alg` is RS256, but the signature is an RS384 one", |w| {
        w.forge().with_block("RS256", rsa_block::rs384)
    })
    .see(&["RFC 8017 §8.2.2"]),
    refuse_text(Medium, "of-ps256", "`alg` is RS256, but the signature is a PS256 one", |w| {
        w.forge().with_block("RS256", rsa_block::ps256)
    })
    .see(&["RFC 8017 §8.1.2"]),
    refuse_text(
        Medium,
        "block-without-null",
        "The signed block omits the NULL parameters of its hash",
        |w| w.forge().with_block("RS256", rsa_block::without_null),
    )
    .see(&["RFC 8017 §9.2"]),
    refuse_text(
        Medium,
        "block-of-another-hash",
        "The signed block names another hash algorithm than it uses",
        |w| w.forge().with_block("RS256", rsa_block::wrong_hash_name),
    )
    .see(&["RFC 8017 §9.2"]),
    refuse_text(
        High,
        "block-with-short-padding",
        "The signed block has short padding and junk after the hash",
        |w| w.forge().with_block("RS256", rsa_block::short_padding),
    )
    .see(&["CVE-2006-4339", "RFC 8017 §9.2"]),
    refuse_text(
        Medium,
        "block-with-a-long-length",
        "The signed block encodes a DER length in a non-minimal form",
        |w| w.forge().with_block("RS256", rsa_block::long_length),
    )
    .see(&["RFC 8017 §9.2"]),
    refuse_text(
        High,
        "hmac-under-rs256",
        "`alg` is RS256, but the signature is an HMAC with the public key",
        |w| w.forge().hmac_under_rs256(),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1"]),
    refuse(
        High,
        "tampered-without-scope",
        "A broken signature on a token that lacks the scope: 403 would reveal unverified claims",
        |w| w.token().claim("scp", "Another.Scope").signature(Signature::Tampered),
    )
    .by(Anyone)
    .on(RequiredScope)
    .see(&["RFC 6750 §3.1"]),
    refuse(
        High,
        "tampered-and-expired",
        "A broken signature on an expired token: the signature must be judged first",
        |w| w.token().expires_in(-7200).signature(Signature::Tampered),
    )
    .by(Anyone)
    .see(&["CVE-2024-51744"]),
    refuse(
        Critical,
        "tampered-and-of-another-issuer",
        "A broken signature on a token whose issuer is an attacker's server",
        |w| w.token().claim("iss", "http://127.0.0.1:9/evil/v2.0").signature(Signature::Tampered),
    )
    .by(Anyone)
    .see(&["RFC 8725 §3.10"]),
];
