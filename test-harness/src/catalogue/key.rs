//! Step 6: the key suits the signature (RFC 7517).

use serde_json::json;

use super::{
    Group,
    row::{Row, accept, refuse, refuse_text},
};
use crate::{
    Attacker::{AnyoneOncePublished, Provider},
    Severity::{Critical, High, Info, Low, Medium},
    World,
};

pub(super) const GROUP: Group = Group {
    step: Some(6),
    name: "key",
    codes: &["auth_token_key_unsuitable"],
    reference: "RFC 7517 §4",
    about: "Which key verifies: by `kid` alone, from the key set alone, and good enough.",
    harm: "The attacker brings the key, or the API verifies with one that proves nothing; one odd key \
        in the set locks everyone out.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "for-encryption", "A key that is published for encryption.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.2"]).publishing(|w| w.other_jwk(json!({"use": "enc"}))),
    refuse(Medium, "operations", "A key that is published for encrypting only.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.3"]).publishing(|w| w.other_jwk(json!({"key_ops": ["encrypt"]}))),
    refuse(Medium, "for-another-algorithm", "A key that is published for another padding.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 8725 §3.1"]).publishing(|w| w.other_jwk(json!({"alg": "PS256"}))),
    refuse(High, "for-a-symmetric-algorithm", "An RSA key that is published for HS256.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["CVE-2026-22817"]).publishing(|w| w.other_jwk(json!({"alg": "HS256"}))),
    refuse(Medium, "elliptic", "A key of another type under the name.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["CVE-2021-46743"]).publishing(|w| w.other_jwk(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}))),
    refuse(Medium, "without-modulus", "A key whose modulus is not text.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7518 §6.3"]).publishing(|w| w.other_jwk(json!({"n": null}))),
    refuse(Low, "modulus-in-standard-base64", "A modulus that is not base64url.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7518 §2"]).publishing(|w| w.other_jwk(json!({"n": "+/+/"}))),
    refuse(High, "small", "A modulus of 512 bits.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7518 §3.3"]).publishing(|w| w.other_jwk(json!({"n": format!("{}{}", "q".repeat(84), "AQ")}))),
    refuse_text(Critical, "exponent-one", "A key with the exponent 1: the signature is the padded hash, and anyone can write it.", |w| w.forge().exponent_one().token).by(AnyoneOncePublished).see(&["RFC 8017 §3.1"]).publishing(|w| w.forge().exponent_one().jwk),
    refuse(Low, "exponent-three", "A key with the exponent 3.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["NIST SP 800-56B"]).publishing(|w| w.other_jwk(json!({"e": "Aw"}))),
    accept(High, "one-bad-key-among-good", "One key that nobody can use must not spoil the set.", World::token).by(Provider).see(&["RFC 7517 §5"]).publishing(|_| json!({"kty": "FUTURE", "kid": "f"})),
    accept(Medium, "same-kid-other-use", "Two keys share a name; one is for encryption.", World::token).by(Provider).see(&["RFC 7517 §4.5"]).publishing(|w| json!({"kty": "RSA", "kid": w.kid(), "use": "enc", "n": "AQAB", "e": "AQAB"})),
    refuse(Medium, "same-kid-other-key", "Two keys share a name, and both would do.", World::token).by(Provider).see(&["RFC 7517 §4.5"]).publishing(|w| w.other_jwk(json!({"kid": w.kid()}))),
    refuse_text(High, "small-for-real", "An honest signature by a published key of 1024 bits.", |w| w.forge().small_key().token).by(Provider).see(&["RFC 7518 §3.3"]).publishing(|w| w.forge().small_key().jwk),
    refuse_text(Low, "exponent-three-for-real", "An honest signature by a published key with the exponent 3.", |w| w.forge().exponent_three().token).by(Provider).either("RFC 8017 §3.1 allows it; larger exponents are advised").see(&["NIST SP 800-56B"]).publishing(|w| w.forge().exponent_three().jwk),
    refuse_text(Critical, "cube-root", "A signature that nobody made, for a published key with the exponent 3: its cube begins like an honest block.", |w| w.forge().cube_root().token).by(AnyoneOncePublished).see(&["CVE-2006-4339", "RFC 8017 §8.2.2"]).publishing(|w| w.forge().cube_root().jwk),
    refuse(High, "huge", "A modulus of 65,536 bits, which takes seconds to reckon with.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["CVE-2023-3446"]).publishing(|w| w.other_jwk(json!({"n": format!("{}w", "_".repeat(10_922))}))),
    refuse(High, "huge-exponent", "An exponent of 4,096 bits.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["CVE-2023-3446"]).publishing(|w| w.other_jwk(json!({"e": format!("{}w", "_".repeat(682))}))),
    refuse(Medium, "even-modulus", "An even modulus.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 8017 §3.1"]).publishing(|w| w.forge().other_jwk_with_modulus(|modulus| modulus[255] -= 1)),
    refuse(Medium, "modulus-zero", "A modulus of zero.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 8017 §3.1"]).publishing(|w| w.other_jwk(json!({"n": "AA"}))),
    refuse(Medium, "modulus-empty", "An empty modulus.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 8017 §3.1"]).publishing(|w| w.other_jwk(json!({"n": ""}))),
    refuse(Low, "modulus-padded", "A modulus with base64 padding.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7518 §2"]).publishing(|w| w.forge().other_jwk_with_modulus_text(|n| format!("{n}=="))),
    refuse(Low, "modulus-after-zero", "A modulus with a zero byte in front.", |w| w.token().signed_by(w.other_key())).by(Provider).either("RFC 7518 §6.3.1.1 forbids it, and it names the same number").see(&["RFC 7518 §6.3.1.1"]).publishing(|w| w.forge().other_jwk_with_modulus(|modulus| modulus.insert(0, 0))),
    refuse(Medium, "without-exponent", "A key without an exponent.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7518 §6.3"]).publishing(|w| w.other_jwk(json!({"e": null}))),
    refuse(High, "symmetric-under-the-name", "A symmetric key under the name.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["CVE-2021-46743"]).publishing(|w| w.other_jwk(json!({"kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"}))),
    refuse(Low, "type-in-lower-case", "A key whose type is `rsa`.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.1"]).publishing(|w| w.other_jwk(json!({"kty": "rsa"}))),
    refuse(Low, "use-of-another-type", "A key whose use is no text.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.2"]).publishing(|w| w.other_jwk(json!({"use": ["sig"]}))),
    refuse(High, "of-the-certificate", "The key in a published certificate, which is not the published key.", |w| w.token().signed_by(w.attacker_key()).header("kid", w.other_key().kid())).by(Provider).caught_as("auth_token_signature_untrusted").see(&["RFC 7517 §4.7"]).publishing(|w| w.other_jwk(json!({"x5c": w.attacker_key().jwk()["x5c"]}))),
    accept(Medium, "beside-another-certificate", "The published key, beside a certificate that holds another.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.7"]).publishing(|w| w.other_jwk(json!({"x5c": w.attacker_key().jwk()["x5c"]}))),
    accept(Info, "without-use", "A key that does not say what it is for.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.2"]).publishing(|w| w.other_jwk_without("use")),
    accept(Info, "with-algorithm", "A key that names its algorithm, the right one.", |w| w.token().signed_by(w.other_key())).by(Provider).see(&["RFC 7517 §4.4"]).publishing(|w| w.other_jwk(json!({"alg": "RS256"}))),
    refuse(High, "with-private-parts", "A key that is published with its private exponent. Its public part is what counts.", |w| w.token().signed_by(w.other_key())).by(Provider).either("whoever sees it may warn, and everyone can sign with it").see(&["RFC 7517 §9.2"]).publishing(|w| w.other_jwk(json!({"d": "AQAB"}))),
    accept(High, "kinds-of-tomorrow", "Elliptic keys, an Edwards key, a symmetric one and a kind of tomorrow beside ours.", World::token).by(Provider).see(&["RFC 7517 §5"]).key_set(|w| w.forge().key_set_of_many_kinds()),
    accept(High, "without-parts-beside-ours", "An RSA key without its numbers beside ours.", World::token).by(Provider).see(&["RFC 7517 §5"]).publishing(|_| json!({"kty": "RSA", "kid": "empty", "use": "sig"})),
    accept(High, "null-beside-ours", "A value that is no key beside ours.", World::token).by(Provider).see(&["RFC 7517 §5"]).publishing(|_| json!(null)),
    accept(Medium, "unknown-members", "A key set and keys with members that nobody knows.", |w| w.token().signed_by(w.other_key())).by(Provider).key_set(|w| { let mut set = w.key_set_with(w.other_jwk(json!({"xms_future": {"a": [1]}}))); set["xms_future"] = json!(true); set }),
    refuse(Medium, "three-keys-of-one-name", "Three keys share a name: what two make untrusted, a third does not mend.", |w| w.token().signed_by(w.attacker_key()).header("kid", w.kid())).by(Provider).see(&["RFC 7517 §4.5"]).key_set(|w| { let mut third = w.attacker_key().jwk(); third["kid"] = w.kid().into(); let mut set = w.key_set_with(w.other_jwk(json!({"kid": w.kid()}))); set["keys"].as_array_mut().expect("a key set is an array").push(third); set }),
];
