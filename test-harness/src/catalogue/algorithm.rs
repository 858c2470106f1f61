//! Step 3: the algorithm (RFC 8725 §3.1).

use entra_mock_idp::Signature;
use serde_json::json;

use super::{
    Group,
    row::{Row, refuse, refuse_text},
};
use crate::{
    Attacker::{Anyone, AnyoneOncePublished},
    Severity::{Critical, High, Low, Medium},
    rsa_block,
};

pub(super) const GROUP: Group = Group {
    step: Some(3),
    name: "algorithm",
    codes: &["auth_token_algorithm_not_allowed"],
    reference: "RFC 8725 §3.1",
    about: "The `alg` header: `none`, symmetric algorithms with the public key as their secret, and \
        everything else that is not RS256.",
    harm: "Anyone who can read the public key, which is everyone, can write tokens with any claims for \
        any user.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "none", "`alg` is `none`, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "none")
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-capitalised", "`alg` is `None`, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "None")
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-upper-case", "`alg` is `NONE`, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "NONE")
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(Critical, "none-mixed-case", "`alg` is `nOnE`, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "nOnE")
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.1", "CVE-2015-2951"]),
    refuse(High, "none-with-signature", "`alg` is `none`, but the signature is still there", |w| {
        w.token().header("alg", "none")
    })
    .by(Anyone),
    refuse(High, "empty", "`alg` is the empty string, and the signature is removed", |w| {
        w.token().header("alg", "").raw_signature("")
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.1"]),
    refuse(Medium, "lower-case", "`alg` is `rs256`, in lower case", |w| w.token().header("alg", "rs256"))
        .by(Anyone)
        .see(&["RFC 7515 §4.1.1"]),
    refuse(High, "unknown", "`alg` is an unknown name, and the signature is empty", |w| {
        w.token().header("alg", "XX999").raw_signature("")
    })
    .by(Anyone),
    refuse_text(
        Critical,
        "hs256-spki-pem",
        "`alg` is HS256, and the secret is the public key in PEM (SPKI)",
        |w| w.forge().hs256(w.public_key().spki_pem()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-pkcs1-pem",
        "`alg` is HS256, and the secret is the public key in PEM (PKCS #1)",
        |w| w.forge().hs256(w.public_key().pkcs1_pem()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-spki-der",
        "`alg` is HS256, and the secret is the public key in DER (SPKI)",
        |w| w.forge().hs256(w.public_key().spki_der()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-modulus",
        "`alg` is HS256, and the secret is the bytes of the public key's modulus",
        |w| w.forge().hs256(w.public_key().modulus()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-modulus-text",
        "`alg` is HS256, and the secret is the public key's modulus in base64url",
        |w| w.forge().hs256(w.public_key().modulus_base64url()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-certificate",
        "`alg` is HS256, and the secret is the published certificate in DER",
        |w| w.forge().hs256(w.public_key().certificate()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-jwk",
        "`alg` is HS256, and the secret is the JSON text of the published key",
        |w| w.forge().hs256(w.public_key().jwk()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-empty", "`alg` is HS256, and the secret is the empty string", |w| {
        w.forge().hs256("")
    })
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Critical, "hs256-client-id", "`alg` is HS256, and the secret is the API's client id", |w| {
        w.forge().hs256(w.audience())
    })
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(Low, "rs512", "`alg` is RS512, with a valid signature by our key", |w| {
        w.forge().with_block("RS512", rsa_block::rs512)
    }),
    refuse_text(Low, "ps256", "`alg` is PS256, with a valid signature by our key", |w| {
        w.forge().with_block("PS256", rsa_block::ps256)
    }),
    refuse(Critical, "es256-zeros", "`alg` is ES256, and the signature is all zeros", |w| {
        w.token().header("alg", "ES256").raw_signature([0; 64])
    })
    .by(Anyone)
    .see(&["CVE-2022-21449"]),
    refuse(Medium, "encryption-algorithm", "`alg` is RSA-OAEP, an algorithm for encryption", |w| {
        w.token().header("alg", "RSA-OAEP")
    })
    .by(Anyone),
    refuse(High, "none-padded", "`alg` is `none` followed by a space, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "none ")
    })
    .by(Anyone),
    refuse(
        High,
        "none-after-a-space",
        "`alg` is `none` preceded by a space, and the signature is removed",
        |w| w.token().signature(Signature::None).header("alg", " none"),
    )
    .by(Anyone),
    refuse(High, "none-and-nul", "`alg` is `none` followed by a NUL, and the signature is removed", |w| {
        w.token().signature(Signature::None).header("alg", "none\0")
    })
    .by(Anyone),
    refuse(Medium, "rs256-and-nul", "`alg` is `RS256` followed by a NUL", |w| {
        w.token().header("alg", "RS256\0")
    })
    .see(&["RFC 7515 §4.1.1"]),
    refuse(Low, "wide-letters", "`alg` is `RS256` in full-width letters, which normalise to it", |w| {
        w.token().header("alg", "\u{ff32}\u{ff33}256")
    })
    .see(&["RFC 7515 §4.1.1"]),
    refuse_text(
        Critical,
        "hs256-spki-pem-without-newline",
        "`alg` is HS256, and the secret is the public key in PEM without its last newline",
        |w| w.forge().hs256(w.public_key().spki_pem().trim_end()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2015-9235"]),
    refuse_text(
        Critical,
        "hs256-spki-pem-crlf",
        "`alg` is HS256, and the secret is the public key in PEM with CRLF line ends",
        |w| w.forge().hs256(w.public_key().spki_pem().replace('\n', "\r\n")),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1", "CVE-2016-10555"]),
    refuse_text(
        Critical,
        "hs256-spki-pem-after-a-space",
        "`alg` is HS256, and the secret is the public key in PEM after a space",
        |w| w.forge().hs256(format!(" {}", w.public_key().spki_pem())),
    )
    .by(Anyone)
    .see(&["CVE-2026-34950"]),
    refuse_text(
        Critical,
        "hs256-openssh",
        "`alg` is HS256, and the secret is the public key in OpenSSH format",
        |w| w.forge().hs256(w.public_key().openssh()),
    )
    .by(Anyone)
    .see(&["CVE-2022-29217", "CVE-2024-33663"]),
    refuse_text(
        Critical,
        "hs256-certificate-text",
        "`alg` is HS256, and the secret is the published certificate in base64",
        |w| w.forge().hs256(w.public_key().certificate_base64()),
    )
    .by(Anyone)
    .see(&["RFC 8725 §2.1"]),
    refuse_text(Critical, "hs256-secret", "`alg` is HS256, and the secret is the word `secret`", |w| {
        w.forge().hs256("secret")
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.5"]),
    refuse_text(Critical, "hs256-tenant-id", "`alg` is HS256, and the secret is the tenant id", |w| {
        w.forge().hs256(w.tenant_id())
    })
    .by(Anyone)
    .see(&["RFC 8725 §3.5"]),
    refuse_text(
        Critical,
        "hs256-of-a-published-secret",
        "`alg` is HS256, and the secret is a symmetric key in the key set",
        |w| w.forge().hs256_named("published-secret", [7; 32]),
    )
    .by(AnyoneOncePublished)
    .see(&["RFC 8725 §2.1"])
    .publishing(|_| {
        let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
        json!({"kty": "oct", "use": "sig", "kid": "published-secret", "alg": "HS256", "k": secret})
    }),
    refuse_text(
        Critical,
        "hs256-of-a-file",
        "`alg` is HS256, the secret is empty, and `kid` is the path of an empty file",
        |w| w.forge().hs256_named("../../../../../dev/null", ""),
    )
    .by(Anyone)
    .see(&["RFC 8725 §3.10"]),
    refuse_text(
        Critical,
        "hs256-of-a-query",
        "`alg` is HS256, and the secret is what an SQL injection in `kid` returns",
        |w| w.forge().hs256_named("x' UNION SELECT 'a';--", "a"),
    )
    .by(Anyone)
    .see(&["RFC 8725 §3.10"]),
    refuse_text(Low, "rs384", "`alg` is RS384, with a valid signature by our key", |w| {
        w.forge().with_block("RS384", rsa_block::rs384)
    }),
    refuse(High, "es256-too-long", "`alg` is ES256, and the signature is 8,000 bytes long", |w| {
        w.token().header("alg", "ES256").raw_signature([0xff; 8000])
    })
    .by(Anyone)
    .see(&["RFC 7518 §3.4"]),
    refuse(Medium, "direct-encryption", "`alg` is `dir`, direct encryption with a shared key", |w| {
        w.token().header("alg", "dir")
    })
    .by(Anyone),
    refuse(Medium, "key-wrapping", "`alg` is A128KW, an algorithm for key wrapping", |w| {
        w.token().header("alg", "A128KW")
    })
    .by(Anyone),
    refuse(
        High,
        "unknown-before-the-key",
        "`alg` and `kid` are both unknown: no key set may be fetched for it",
        |w| w.token().header("alg", "XX999").header("kid", "nobody-has-this"),
    )
    .by(Anyone),
    refuse(Low, "eddsa", "`alg` is EdDSA, and the signature is all zeros", |w| {
        w.token().header("alg", "EdDSA").raw_signature([0; 64])
    })
    .by(Anyone)
    .see(&["RFC 8037 §3.1"]),
];
