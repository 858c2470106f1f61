//! Step 3: the algorithm (RFC 8725 §3.1).

use entra_mock_idp::Signature;
use serde_json::json;

use super::{
    Group,
    row::{Row, refuse, refuse_request, refuse_text},
};
use crate::{
    Attacker::{Anyone, AnyoneOncePublished},
    Attempt,
    Severity::{Critical, High, Low, Medium},
    rsa_block,
};

pub(super) const GROUP: Group = Group {
    step: Some(3),
    name: "algorithm",
    codes: &["auth_token_algorithm_not_allowed"],
    reference: "RFC 8725 §3.1",
    about: "`alg`: none at all, symmetric ones with the public key for a secret, others than RS256.",
    harm: "Whoever can read the public key, which is everyone, writes tokens with any claims for any \
        user.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "none", "An unsecured token.", |w| w.token().signature(Signature::None).header("alg", "none")).by(Anyone).see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-capitalised", "An unsecured token, spelt otherwise.", |w| w.token().signature(Signature::None).header("alg", "None")).by(Anyone).see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-upper-case", "An unsecured token, spelt otherwise.", |w| w.token().signature(Signature::None).header("alg", "NONE")).by(Anyone).see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-mixed-case", "An unsecured token, spelt otherwise.", |w| w.token().signature(Signature::None).header("alg", "nOnE")).by(Anyone).see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(High, "none-with-signature", "It says that it is unsecured, but carries the honest signature.", |w| w.token().header("alg", "none")).by(Anyone),
    refuse(High, "empty", "An empty name.", |w| w.token().header("alg", "").raw_signature("")).by(Anyone).see(&["RFC 7515 §4.1.1"]),
    refuse(Medium, "lower-case", "The right name in lower case.", |w| w.token().header("alg", "rs256")).by(Anyone).see(&["RFC 7515 §4.1.1"]),
    refuse(High, "unknown", "A name that nobody knows, with an empty signature.", |w| w.token().header("alg", "XX999").raw_signature("")).by(Anyone),
    refuse_text(Critical, "hs256-spki-pem", "A symmetric signature made with the public key in PEM, which everyone has.", |w| w.forge().hs256(w.public_key().spki_pem())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-pkcs1-pem", "A symmetric signature made with the public key in PKCS #1 PEM, which everyone has.", |w| w.forge().hs256(w.public_key().pkcs1_pem())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-spki-der", "A symmetric signature made with the public key in DER, which everyone has.", |w| w.forge().hs256(w.public_key().spki_der())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-modulus", "A symmetric signature made with the modulus, which everyone has.", |w| w.forge().hs256(w.public_key().modulus())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-modulus-text", "A symmetric signature made with the modulus as the key set spells it, which everyone has.", |w| w.forge().hs256(w.public_key().modulus_base64url())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-certificate", "A symmetric signature made with the certificate, which everyone has.", |w| w.forge().hs256(w.public_key().certificate())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-jwk", "A symmetric signature made with the key as the key set has it, which everyone has.", |w| w.forge().hs256(w.public_key().jwk())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-empty", "A symmetric signature made with nothing, which everyone has.", |w| w.forge().hs256("")).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-client-id", "A symmetric signature made with the API's client id, which everyone has.", |w| w.forge().hs256(w.audience())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Low, "rs512", "An honest signature of another algorithm.", |w| w.forge().with_block("RS512", rsa_block::rs512)),
    refuse_text(Low, "ps256", "The other padding of RSA.", |w| w.forge().with_block("PS256", rsa_block::ps256)),
    refuse(Critical, "es256-zeros", "An elliptic signature of zeros.", |w| w.token().header("alg", "ES256").raw_signature([0; 64])).by(Anyone).see(&["CVE-2022-21449"]),
    refuse(Medium, "encryption-algorithm", "An algorithm for encryption.", |w| w.token().header("alg", "RSA-OAEP")).by(Anyone),
    refuse(High, "none-padded", "An unsecured token, with a space behind the name.", |w| w.token().signature(Signature::None).header("alg", "none ")).by(Anyone),
    refuse(High, "none-after-a-space", "An unsecured token, with a space before the name.", |w| w.token().signature(Signature::None).header("alg", " none")).by(Anyone),
    refuse(High, "none-and-nul", "An unsecured token, with a NUL behind the name.", |w| w.token().signature(Signature::None).header("alg", "none\0")).by(Anyone),
    refuse(Medium, "rs256-and-nul", "The right name with a NUL behind it.", |w| w.token().header("alg", "RS256\0")).see(&["RFC 7515 §4.1.1"]),
    refuse(Low, "wide-letters", "The right name in letters that look alike and fold to the right ones.", |w| w.token().header("alg", "\u{ff32}\u{ff33}256")).see(&["RFC 7515 §4.1.1"]),
    refuse_text(Critical, "hs256-spki-pem-without-newline", "A symmetric signature made with the public key in PEM without its last line break.", |w| w.forge().hs256(w.public_key().spki_pem().trim_end())).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-spki-pem-crlf", "A symmetric signature made with the public key in PEM with the line breaks of Windows.", |w| w.forge().hs256(w.public_key().spki_pem().replace('\n', "\r\n"))).by(Anyone).see(&["RFC 8725 §2.1", "CVE-2016-10555"]),
    refuse_text(Critical, "hs256-spki-pem-after-a-space", "A symmetric signature made with the public key in PEM behind a space, which block lists miss.", |w| w.forge().hs256(format!(" {}", w.public_key().spki_pem()))).by(Anyone).see(&["CVE-2026-34950"]),
    refuse_text(Critical, "hs256-openssh", "A symmetric signature made with the public key as OpenSSH spells it.", |w| w.forge().hs256(w.public_key().openssh())).by(Anyone).see(&["CVE-2022-29217", "CVE-2024-33663"]),
    refuse_text(Critical, "hs256-certificate-text", "A symmetric signature made with the certificate as the key set spells it.", |w| w.forge().hs256(w.public_key().certificate_base64())).by(Anyone).see(&["RFC 8725 §2.1"]),
    refuse_text(Critical, "hs256-secret", "A symmetric signature made with the word `secret`.", |w| w.forge().hs256("secret")).by(Anyone).see(&["RFC 8725 §3.5"]),
    refuse_text(Critical, "hs256-tenant-id", "A symmetric signature made with the tenant's id, which everyone has.", |w| w.forge().hs256(w.tenant_id())).by(Anyone).see(&["RFC 8725 §3.5"]),
    refuse_text(Critical, "hs256-of-a-published-secret", "A symmetric key in the key set: to publish it is to give it away.", |w| w.forge().hs256_named("published-secret", [7; 32])).by(AnyoneOncePublished).see(&["RFC 8725 §2.1"]).publishing(|_| json!({"kty": "oct", "use": "sig", "kid": "published-secret", "alg": "HS256", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"})),
    refuse_text(Critical, "hs256-of-a-file", "A symmetric signature with an empty secret, under the name of an empty file.", |w| w.forge().hs256_named("../../../../../dev/null", "")).by(Anyone).see(&["RFC 8725 §3.10"]),
    refuse_text(Critical, "hs256-of-a-query", "A symmetric signature with a secret that the name's query returns.", |w| w.forge().hs256_named("x' UNION SELECT 'a';--", "a")).by(Anyone).see(&["RFC 8725 §3.10"]),
    refuse_text(Low, "rs384", "An honest signature of the same key with SHA-384.", |w| w.forge().with_block("RS384", rsa_block::rs384)),
    refuse_request(High, "es256-too-long", "An elliptic signature of ten kilobytes: a parser of fixed size overflows.", |w| { Attempt::token(w.token().header("alg", "ES256").raw_signature([0xff; 8000]).sign()) }).by(Anyone).see(&["RFC 7518 §3.4"]),
    refuse(Medium, "direct-encryption", "The algorithm of a shared symmetric key.", |w| w.token().header("alg", "dir")).by(Anyone),
    refuse(Medium, "key-wrapping", "An algorithm that wraps keys.", |w| w.token().header("alg", "A128KW")).by(Anyone),
    refuse(High, "unknown-before-the-key", "An unknown algorithm and an unknown key: refused before anybody is asked for keys.", |w| w.token().header("alg", "XX999").header("kid", "nobody-has-this")).by(Anyone),
    refuse(Low, "eddsa", "An algorithm of other keys.", |w| w.token().header("alg", "EdDSA").raw_signature([0; 64])).by(Anyone).see(&["RFC 8037 §3.1"]),
];
