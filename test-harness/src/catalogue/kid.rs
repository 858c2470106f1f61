//! Step 5: the key is found by its `kid` alone (RFC 8725 §3.10).

use serde_json::json;

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::{Anyone, Provider},
    Severity::{Critical, High, Info, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(5),
    name: "kid",
    codes: &["auth_token_key_unknown", "auth_token_kid_missing"],
    reference: "RFC 8725 §3.10",
    about: "Which key verifies: by `kid` alone, from the key set alone, and good enough.",
    harm: "The attacker brings the key, or the API verifies with one that proves nothing; one odd key \
        in the set locks everyone out.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Low, "missing", "The header names no key.", |w| w.token().without_header("kid"))
        .code("auth_token_kid_missing")
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "empty", "The header names a key without a name.", |w| w.token().header("kid", ""))
        .by(Anyone)
        .code("auth_token_kid_missing")
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "x5t-only", "The key is named by its certificate's thumbprint alone.", |w| {
        w.token().without_header("kid").header("x5t", w.kid())
    })
    .code("auth_token_kid_missing")
    .see(&["RFC 7515 §4.1.7"]),
    refuse(High, "unknown", "A key that nobody publishes.", |w| w.token().header("kid", "2c4ff3b7-unknown"))
        .by(Anyone)
        .see(&["CVE-2026-48524"]),
    refuse(Low, "upper-case", "The right key in upper case.", |w| {
        w.token().header("kid", w.kid().to_uppercase())
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "leading-space", "The right key with a space in front.", |w| {
        w.token().header("kid", format!(" {}", w.kid()))
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "trailing-nul", "The right key with a NUL behind it.", |w| {
        w.token().header("kid", format!("{}\0", w.kid()))
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Critical, "path", "A path for a key name.", |w| w.token().header("kid", "../../../../dev/null"))
        .by(Anyone),
    refuse(Critical, "sql", "A query for a key name.", |w| w.token().header("kid", "x' UNION SELECT 'a';--"))
        .by(Anyone),
    refuse(High, "url", "A query string for a key name.", |w| {
        w.token().header("kid", format!("{}&x=1#", w.kid()))
    })
    .by(Anyone),
    refuse(
        Medium,
        "log",
        "Line breaks and terminal codes for a key name: the log must stay one line.",
        |w| w.token().header("kid", "a\r\nFORGED LOG LINE\u{1b}[2J\u{202e}"),
    )
    .by(Anyone)
    .see(&["CWE-117"]),
    refuse(Critical, "embedded", "The token brings its own key.", |w| {
        w.token().signed_by(w.attacker_key()).header("jwk", w.attacker_key().jwk())
    })
    .by(Anyone)
    .see(&["CVE-2018-0114"]),
    refuse(Critical, "key-url", "The token tells where to fetch its key.", |w| {
        w.token().signed_by(w.attacker_key()).header("jku", "http://127.0.0.1:9/keys")
    })
    .by(Anyone),
    refuse(Critical, "certificate-url", "The token tells where to fetch its certificate.", |w| {
        w.token().signed_by(w.attacker_key()).header("x5u", "http://127.0.0.1:9/cert")
    })
    .by(Anyone),
    refuse(High, "of-an-object", "A key name that every JavaScript object answers to.", |w| {
        w.token().header("kid", "__proto__")
    })
    .by(Anyone),
    refuse(High, "constructor", "Another key name that every JavaScript object answers to.", |w| {
        w.token().header("kid", "constructor")
    })
    .by(Anyone),
    refuse(Critical, "file", "A file for a key name.", |w| w.token().header("kid", "file:///etc/passwd"))
        .by(Anyone),
    refuse(High, "fragment", "The right key with a fragment behind it.", |w| {
        w.token().header("kid", format!("{}#", w.kid()))
    })
    .by(Anyone),
    refuse(
        Medium,
        "quotes",
        "Quotes and commas for a key name: the challenge must stay one well-formed header.",
        |w| w.token().header("kid", "a\", error=\"none\", x=\"\\"),
    )
    .by(Anyone)
    .see(&["RFC 6750 §3"]),
    refuse(Low, "prefix", "The right key less its last character.", |w| {
        w.token().header("kid", w.kid()[..w.kid().len() - 1].to_owned())
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "of-two-kilobytes", "A key name of two kilobytes.", |w| {
        w.token().header("kid", "k".repeat(2000))
    })
    .by(Anyone)
    .see(&["CVE-2025-61920"]),
    refuse(Critical, "embedded-without-name", "The token brings its own key and names none.", |w| {
        w.token().signed_by(w.attacker_key()).without_header("kid").header("jwk", w.attacker_key().jwk())
    })
    .by(Anyone)
    .code("auth_token_kid_missing")
    .see(&["CVE-2018-0114"]),
    refuse(Critical, "embedded-certificate", "The token brings its own certificate.", |w| {
        w.token().signed_by(w.attacker_key()).header("x5c", w.attacker_key().jwk()["x5c"].clone())
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.6"]),
    refuse(Info, "embedded-malformed", "The token brings a key that is none.", |w| {
        w.token().header("jwk", "zzz")
    })
    .by(Anyone)
    .caught_as("auth_token_header_invalid")
    .either("it is never read, so it need not be well formed")
    .see(&["RFC 7515 §4.1.3"]),
    refuse(
        High,
        "key-url-of-the-cloud",
        "The token tells to fetch its key where clouds keep credentials.",
        |w| w.token().signed_by(w.attacker_key()).header("jku", "http://169.254.169.254/metadata/identity"),
    )
    .by(Anyone),
    refuse(High, "key-url-of-a-file", "The token tells to read its key from a file.", |w| {
        w.token().signed_by(w.attacker_key()).header("jku", "file:///etc/passwd")
    })
    .by(Anyone)
    .see(&["CVE-2026-48522"]),
    refuse(Low, "name-of-another-type", "A key whose name is a number: no token can name it.", |w| {
        w.token().signed_by(w.other_key()).header("kid", "1")
    })
    .by(Provider)
    .see(&["RFC 7517 §4.5"])
    .publishing(|w| w.other_jwk(json!({"kid": 1}))),
    refuse(Low, "without-name", "A key without a name beside the honest ones: no token can name it.", |w| {
        w.token().signed_by(w.other_key()).without_header("kid")
    })
    .by(Provider)
    .code("auth_token_kid_missing")
    .see(&["RFC 7517 §4.5"])
    .publishing(|w| w.other_jwk_without("kid")),
];
