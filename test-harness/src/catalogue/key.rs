//! Step 6: the key suits the signature (RFC 7517).

use entra_mock_idp::TokenBuilder;
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
    about: "The published key: its type, use, algorithm and size, and what else is in the key set.",
    harm: "The API verifies with a key that proves nothing, or one odd key in the set locks everyone \
        out.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "for-encryption", "The key is published with `use` enc", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.2"])
        .publishing(|w| w.other_jwk(json!({"use": "enc"}))),
    refuse(Medium, "operations", "The key's `key_ops` allow encryption only", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.3"])
        .publishing(|w| w.other_jwk(json!({"key_ops": ["encrypt"]}))),
    refuse(Medium, "for-another-algorithm", "The key is published for PS256", signed_by_it)
        .by(Provider)
        .see(&["RFC 8725 §3.1"])
        .publishing(|w| w.other_jwk(json!({"alg": "PS256"}))),
    refuse(High, "for-a-symmetric-algorithm", "The RSA key is published for HS256", signed_by_it)
        .by(Provider)
        .see(&["CVE-2026-22817"])
        .publishing(|w| w.other_jwk(json!({"alg": "HS256"}))),
    refuse(Medium, "elliptic", "The key is published as an EC key", signed_by_it)
        .by(Provider)
        .see(&["CVE-2021-46743"])
        .publishing(|w| w.other_jwk(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}))),
    refuse(Medium, "without-modulus", "The key's modulus is null", signed_by_it)
        .by(Provider)
        .see(&["RFC 7518 §6.3"])
        .publishing(|w| w.other_jwk(json!({"n": null}))),
    refuse(
        Low,
        "modulus-in-standard-base64",
        "The key's modulus uses the standard base64 alphabet",
        signed_by_it,
    )
    .by(Provider)
    .see(&["RFC 7518 §2"])
    .publishing(|w| w.other_jwk(json!({"n": "+/+/"}))),
    refuse(High, "small", "The key's modulus has 512 bits", signed_by_it)
        .by(Provider)
        .see(&["RFC 7518 §3.3"])
        .publishing(|w| w.other_jwk(json!({"n": format!("{}{}", "q".repeat(84), "AQ")}))),
    refuse_text(Critical, "exponent-one", "The key's exponent is 1, so anyone can write a signature", |w| {
        w.forge().exponent_one().token
    })
    .by(AnyoneOncePublished)
    .see(&["RFC 8017 §3.1"])
    .publishing(|w| w.forge().exponent_one().jwk),
    refuse(Low, "exponent-three", "The key's exponent is replaced with 3", signed_by_it)
        .by(Provider)
        .see(&["NIST SP 800-56B"])
        .publishing(|w| w.other_jwk(json!({"e": "Aw"}))),
    accept(
        High,
        "one-bad-key-among-good",
        "The key set holds a key of an unknown type beside ours",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 7517 §5"])
    .publishing(|_| json!({"kty": "FUTURE", "kid": "f"})),
    accept(Medium, "same-kid-other-use", "An encryption key shares the `kid` of our key", World::token)
        .by(Provider)
        .see(&["RFC 7517 §4.5"])
        .publishing(|w| json!({"kty": "RSA", "kid": w.kid(), "use": "enc", "n": "AQAB", "e": "AQAB"})),
    refuse(Medium, "same-kid-other-key", "Two signing keys share the token's `kid`", World::token)
        .by(Provider)
        .see(&["RFC 7517 §4.5"])
        .publishing(|w| w.other_jwk(json!({"kid": w.kid()}))),
    refuse_text(High, "small-for-real", "A valid signature by a published key of 1,024 bits", |w| {
        w.forge().small_key().token
    })
    .by(Provider)
    .see(&["RFC 7518 §3.3"])
    .publishing(|w| w.forge().small_key().jwk),
    refuse_text(
        Low,
        "exponent-three-for-real",
        "A valid signature by a published key with the exponent 3",
        |w| w.forge().exponent_three().token,
    )
    .by(Provider)
    .either("RFC 8017 §3.1 allows it, but larger exponents are advised")
    .see(&["NIST SP 800-56B"])
    .publishing(|w| w.forge().exponent_three().jwk),
    refuse_text(
        Critical,
        "cube-root",
        "A signature forged by cube root for a published key with the exponent 3",
        |w| w.forge().cube_root().token,
    )
    .by(AnyoneOncePublished)
    .see(&["CVE-2006-4339", "RFC 8017 §8.2.2"])
    .publishing(|w| w.forge().cube_root().jwk),
    refuse(
        High,
        "huge",
        "The key's modulus has 65,536 bits, which takes seconds to compute with",
        signed_by_it,
    )
    .by(Provider)
    .see(&["CVE-2023-3446"])
    .publishing(|w| w.other_jwk(json!({"n": format!("{}w", "_".repeat(10_922))}))),
    refuse(High, "huge-exponent", "The key's exponent has 4,096 bits", signed_by_it)
        .by(Provider)
        .see(&["CVE-2023-3446"])
        .publishing(|w| w.other_jwk(json!({"e": format!("{}w", "_".repeat(682))}))),
    refuse(Medium, "even-modulus", "The key's modulus is even", signed_by_it)
        .by(Provider)
        .see(&["RFC 8017 §3.1"])
        .publishing(|w| w.forge().other_jwk_with_modulus(|modulus| modulus[255] -= 1)),
    refuse(Medium, "modulus-zero", "The key's modulus is zero", signed_by_it)
        .by(Provider)
        .see(&["RFC 8017 §3.1"])
        .publishing(|w| w.other_jwk(json!({"n": "AA"}))),
    refuse(Medium, "modulus-empty", "The key's modulus is the empty string", signed_by_it)
        .by(Provider)
        .see(&["RFC 8017 §3.1"])
        .publishing(|w| w.other_jwk(json!({"n": ""}))),
    refuse(Low, "modulus-padded", "The key's modulus has base64 padding", signed_by_it)
        .by(Provider)
        .see(&["RFC 7518 §2"])
        .publishing(|w| w.forge().other_jwk_with_modulus_text(|n| format!("{n}=="))),
    refuse(Low, "modulus-after-zero", "The key's modulus has a leading zero byte", signed_by_it)
        .by(Provider)
        .either("RFC 7518 §6.3.1.1 forbids the zero, but the number is the same")
        .see(&["RFC 7518 §6.3.1.1"])
        .publishing(|w| w.forge().other_jwk_with_modulus(|modulus| modulus.insert(0, 0))),
    refuse(Medium, "without-exponent", "The key's exponent is null", signed_by_it)
        .by(Provider)
        .see(&["RFC 7518 §6.3"])
        .publishing(|w| w.other_jwk(json!({"e": null}))),
    refuse(High, "symmetric-under-the-name", "The token's `kid` names a symmetric key", signed_by_it)
        .by(Provider)
        .see(&["CVE-2021-46743"])
        .publishing(|w| {
            w.other_jwk(json!({"kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"}))
        }),
    refuse(Low, "type-in-lower-case", "The key's `kty` is `rsa`, in lower case", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.1"])
        .publishing(|w| w.other_jwk(json!({"kty": "rsa"}))),
    refuse(Low, "use-of-another-type", "The key's `use` is an array", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.2"])
        .publishing(|w| w.other_jwk(json!({"use": ["sig"]}))),
    refuse(
        High,
        "of-the-certificate",
        "The token is signed by the key of a published `x5c`, which is not the published key",
        |w| w.token().signed_by(w.attacker_key()).header("kid", w.other_key().kid()),
    )
    .by(Provider)
    .caught_as("auth_token_signature_untrusted")
    .see(&["RFC 7517 §4.7"])
    .publishing(|w| w.other_jwk(json!({"x5c": w.attacker_key().jwk()["x5c"]}))),
    accept(
        Medium,
        "beside-another-certificate",
        "The key is published with an `x5c` that holds another key",
        signed_by_it,
    )
    .by(Provider)
    .see(&["RFC 7517 §4.7"])
    .publishing(|w| w.other_jwk(json!({"x5c": w.attacker_key().jwk()["x5c"]}))),
    accept(Info, "without-use", "The key is published without `use`", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.2"])
        .publishing(|w| w.other_jwk_without("use")),
    accept(Info, "with-algorithm", "The key is published with `alg` RS256", signed_by_it)
        .by(Provider)
        .see(&["RFC 7517 §4.4"])
        .publishing(|w| w.other_jwk(json!({"alg": "RS256"}))),
    refuse(High, "with-private-parts", "The key is published together with a private exponent", signed_by_it)
        .by(Provider)
        .either("the key is compromised, but its public part is valid")
        .see(&["RFC 7517 §9.2"])
        .publishing(|w| w.other_jwk(json!({"d": "AQAB"}))),
    accept(
        High,
        "kinds-of-tomorrow",
        "The key set holds EC, Ed25519, symmetric and unknown keys beside ours",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 7517 §5"])
    .key_set(|w| w.forge().key_set_of_many_kinds()),
    accept(
        High,
        "without-parts-beside-ours",
        "The key set holds an RSA key without modulus and exponent beside ours",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 7517 §5"])
    .publishing(|_| json!({"kty": "RSA", "kid": "empty", "use": "sig"})),
    accept(High, "null-beside-ours", "The key set holds a null beside our key", World::token)
        .by(Provider)
        .see(&["RFC 7517 §5"])
        .publishing(|_| json!(null)),
    accept(Medium, "unknown-members", "The key set and its keys have unknown members", signed_by_it)
        .by(Provider)
        .key_set(|w| {
            let mut set = w.key_set_with(w.other_jwk(json!({"xms_future": {"a": [1]}})));
            set["xms_future"] = json!(true);
            set
        }),
    refuse(Medium, "three-keys-of-one-name", "Three signing keys share the token's `kid`", |w| {
        w.token().signed_by(w.attacker_key()).header("kid", w.kid())
    })
    .by(Provider)
    .see(&["RFC 7517 §4.5"])
    .key_set(|w| {
        let mut third = w.attacker_key().jwk();
        third["kid"] = w.kid().into();
        let mut set = w.key_set_with(w.other_jwk(json!({"kid": w.kid()})));
        set["keys"].as_array_mut().expect("a key set is an array").push(third);
        set
    }),
];

/// A token under the key that its row publishes.
fn signed_by_it(w: &World) -> TokenBuilder {
    w.token().signed_by(w.other_key())
}
