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
    about: "The `kid` header: the key is found by it alone, and in the key set alone.",
    harm: "The attacker supplies the key, makes the API fetch a URL, or injects into a query, a path or \
        a log line.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Low, "missing", "The header has no `kid`", |w| w.token().without_header("kid"))
        .code("auth_token_kid_missing")
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "empty", "`kid` is the empty string", |w| w.token().header("kid", ""))
        .by(Anyone)
        .code("auth_token_kid_missing")
        .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "x5t-only", "The header names the key by `x5t` and has no `kid`", |w| {
        w.token().without_header("kid").header("x5t", w.kid())
    })
    .code("auth_token_kid_missing")
    .see(&["RFC 7515 §4.1.7"]),
    refuse(High, "unknown", "`kid` names a key that is not in the key set", |w| {
        w.token().header("kid", "2c4ff3b7-unknown")
    })
    .by(Anyone)
    .see(&["CVE-2026-48524"]),
    refuse(Low, "upper-case", "`kid` is the right key id in upper case", |w| {
        w.token().header("kid", w.kid().to_uppercase())
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "leading-space", "`kid` is the right key id after a space", |w| {
        w.token().header("kid", format!(" {}", w.kid()))
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Low, "trailing-nul", "`kid` is the right key id followed by a NUL", |w| {
        w.token().header("kid", format!("{}\0", w.kid()))
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(Critical, "path", "`kid` is a relative path to `/dev/null`", |w| {
        w.token().header("kid", "../../../../dev/null")
    })
    .by(Anyone),
    refuse(Critical, "sql", "`kid` is an SQL injection", |w| {
        w.token().header("kid", "x' UNION SELECT 'a';--")
    })
    .by(Anyone),
    refuse(High, "url", "`kid` is the right key id followed by a query string", |w| {
        w.token().header("kid", format!("{}&x=1#", w.kid()))
    })
    .by(Anyone),
    refuse(Medium, "log", "`kid` contains line breaks and terminal escapes, for log injection", |w| {
        w.token().header("kid", "a\r\nFORGED LOG LINE\u{1b}[2J\u{202e}")
    })
    .by(Anyone)
    .see(&["CWE-117"]),
    refuse(Critical, "embedded", "The header embeds the attacker's key as `jwk`", |w| {
        w.token().signed_by(w.attacker_key()).header("jwk", w.attacker_key().jwk())
    })
    .by(Anyone)
    .see(&["CVE-2018-0114"]),
    refuse(Critical, "key-url", "`jku` points to the attacker's key set", |w| {
        w.token().signed_by(w.attacker_key()).header("jku", "http://127.0.0.1:9/keys")
    })
    .by(Anyone),
    refuse(Critical, "certificate-url", "`x5u` points to the attacker's certificate", |w| {
        w.token().signed_by(w.attacker_key()).header("x5u", "http://127.0.0.1:9/cert")
    })
    .by(Anyone),
    refuse(High, "of-an-object", "`kid` is `__proto__`, a property of every JavaScript object", |w| {
        w.token().header("kid", "__proto__")
    })
    .by(Anyone),
    refuse(High, "constructor", "`kid` is `constructor`, a property of every JavaScript object", |w| {
        w.token().header("kid", "constructor")
    })
    .by(Anyone),
    refuse(Critical, "file", "`kid` is a `file:` URL", |w| w.token().header("kid", "file:///etc/passwd"))
        .by(Anyone),
    refuse(High, "fragment", "`kid` is the right key id followed by a URL fragment", |w| {
        w.token().header("kid", format!("{}#", w.kid()))
    })
    .by(Anyone),
    refuse(
        Medium,
        "quotes",
        "`kid` contains quotes and commas, to break the `WWW-Authenticate` header",
        |w| w.token().header("kid", "a\", error=\"none\", x=\"\\"),
    )
    .by(Anyone)
    .see(&["RFC 6750 §3"]),
    refuse(Low, "prefix", "`kid` is the right key id without its last character", |w| {
        w.token().header("kid", w.kid()[..w.kid().len() - 1].to_owned())
    })
    .see(&["RFC 7515 §4.1.4"]),
    refuse(High, "of-two-kilobytes", "`kid` is 2,000 characters long", |w| {
        w.token().header("kid", "k".repeat(2000))
    })
    .by(Anyone)
    .see(&["CVE-2025-61920"]),
    refuse(
        Critical,
        "embedded-without-name",
        "The header embeds the attacker's key as `jwk` and has no `kid`",
        |w| w.token().signed_by(w.attacker_key()).without_header("kid").header("jwk", w.attacker_key().jwk()),
    )
    .by(Anyone)
    .code("auth_token_kid_missing")
    .see(&["CVE-2018-0114"]),
    refuse(Critical, "embedded-certificate", "The header embeds the attacker's certificate as `x5c`", |w| {
        w.token().signed_by(w.attacker_key()).header("x5c", w.attacker_key().jwk()["x5c"].clone())
    })
    .by(Anyone)
    .see(&["RFC 7515 §4.1.6"]),
    refuse(Info, "embedded-malformed", "The header embeds a `jwk` that is a string instead of a key", |w| {
        w.token().header("jwk", "zzz")
    })
    .by(Anyone)
    .caught_as("auth_token_header_invalid")
    .either("the member is never read, so it may be malformed")
    .see(&["RFC 7515 §4.1.3"]),
    refuse(
        High,
        "key-url-of-the-cloud",
        "`jku` points to the cloud's metadata service, which serves credentials",
        |w| w.token().signed_by(w.attacker_key()).header("jku", "http://169.254.169.254/metadata/identity"),
    )
    .by(Anyone),
    refuse(High, "key-url-of-a-file", "`jku` points to a local file", |w| {
        w.token().signed_by(w.attacker_key()).header("jku", "file:///etc/passwd")
    })
    .by(Anyone)
    .see(&["CVE-2026-48522"]),
    refuse(
        Low,
        "name-of-another-type",
        "The key's `kid` is the number 1, and the token's the string \"1\"",
        |w| w.token().signed_by(w.other_key()).header("kid", "1"),
    )
    .by(Provider)
    .see(&["RFC 7517 §4.5"])
    .publishing(|w| w.other_jwk(json!({"kid": 1}))),
    refuse(Low, "without-name", "Neither the token nor the key that signed it has a `kid`", |w| {
        w.token().signed_by(w.other_key()).without_header("kid")
    })
    .by(Provider)
    .code("auth_token_kid_missing")
    .see(&["RFC 7517 §4.5"])
    .publishing(|w| w.other_jwk_without("kid")),
];
