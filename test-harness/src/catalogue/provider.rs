//! The identity provider's documents, asked for by an API that has no keys yet.

use super::{
    Group,
    row::{Row, refuse, refuse_text},
};
use crate::{
    Attacker::{Anyone, Provider},
    Severity::{Critical, High, Low, Medium},
    World,
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "provider",
    codes: &["auth_oidc_error", "auth_jwks_error"],
    reference: "OpenID Connect Discovery §4",
    about: "The identity provider's documents, at an API that does not have its keys yet.",
    harm: "Keys of another issuer are trusted, or a broken document is mistaken for a verdict on the \
        token.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "discovery-404", "The discovery URL answers 404", World::token)
        .by(Provider)
        .discovery(404, |_| String::new()),
    refuse(High, "discovery-500", "The discovery URL answers 500", World::token)
        .by(Provider)
        .discovery(500, |_| "oops".to_owned()),
    refuse(High, "discovery-html", "The discovery URL answers with an HTML page", World::token)
        .by(Provider)
        .discovery(200, |_| "<html>sign in to the hotel's network</html>".to_owned()),
    refuse(High, "discovery-empty-object", "The discovery document is an empty object", World::token)
        .by(Provider)
        .discovery(200, |_| "{}".to_owned()),
    refuse(High, "discovery-truncated", "The discovery document is cut off", World::token)
        .by(Provider)
        .discovery(200, |_| "{\"issuer\": \"https://".to_owned()),
    refuse(
        Critical,
        "discovery-of-another-issuer",
        "The discovery document belongs to another issuer",
        World::token,
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"])
    .discovery(200, |w| w.discovery_document("https://evil.example/v2.0")),
    refuse(High, "keys-404", "The key set URL answers 404", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(404, |_| String::new()),
    refuse(High, "keys-500", "The key set URL answers 500", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(500, |_| "oops".to_owned()),
    refuse(High, "keys-html", "The key set URL answers with an HTML page", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "<html></html>".to_owned()),
    refuse(High, "keys-empty", "The key set has no keys", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": []}".to_owned()),
    refuse(High, "keys-object", "The key set's `keys` is an object", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": {}}".to_owned()),
    refuse_text(High, "junk-while-down", "A junk token while discovery fails: no key could save it", |_| {
        "junk".to_owned()
    })
    .by(Anyone)
    .caught_as("auth_token_invalid")
    .see(&["RFC 6750 §3.1"])
    .discovery(500, |_| String::new()),
    refuse(High, "discovery-401", "The discovery URL answers 401", World::token)
        .by(Provider)
        .discovery(401, |_| "{}".to_owned()),
    refuse(High, "discovery-204", "The discovery URL answers 204, without content", World::token)
        .by(Provider)
        .discovery(204, |_| String::new()),
    refuse(High, "discovery-503", "The discovery URL answers 503", World::token)
        .by(Provider)
        .discovery(503, |_| String::new()),
    refuse(Medium, "discovery-array", "The discovery document is a JSON array", World::token)
        .by(Provider)
        .see(&["RFC 8414 §3.2"])
        .discovery(200, |_| "[]".to_owned()),
    refuse(Medium, "discovery-null", "The discovery document is the JSON value `null`", World::token)
        .by(Provider)
        .see(&["RFC 8414 §3.2"])
        .discovery(200, |_| "null".to_owned()),
    refuse(
        Low,
        "discovery-byte-order-mark",
        "The discovery document begins with a byte order mark",
        World::token,
    )
    .by(Provider)
    .either("RFC 8259 §8.1 forbids writing it and allows ignoring it")
    .see(&["RFC 8259 §8.1"])
    .discovery(200, |w| format!("\u{feff}{}", w.discovery_document(&w.issuer()))),
    refuse(
        Medium,
        "discovery-duplicate-issuer",
        "The discovery document has two `issuer` members",
        World::token,
    )
    .by(Provider)
    .either("RFC 8259 §4 does not forbid duplicate names")
    .see(&["RFC 8414 §2"])
    .discovery(200, |w| {
        w.discovery_document(&w.issuer()).replacen('{', "{\"issuer\":\"https://evil.example\",", 1)
    }),
    refuse(High, "discovery-without-issuer", "The discovery document has no `issuer`", World::token)
        .by(Provider)
        .either("an API that is configured with its issuer need not read it there")
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| format!("{{\"jwks_uri\":\"{}\"}}", w.jwks_uri())),
    refuse(High, "discovery-without-keys", "The discovery document has no `jwks_uri`", World::token)
        .by(Provider)
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| format!("{{\"issuer\":\"{}\"}}", w.issuer())),
    refuse(High, "discovery-keys-null", "The discovery document's `jwks_uri` is null", World::token)
        .by(Provider)
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":null}}", w.issuer())),
    refuse(Medium, "discovery-keys-number", "The discovery document's `jwks_uri` is a number", World::token)
        .by(Provider)
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":1}}", w.issuer())),
    refuse(
        Critical,
        "discovery-keys-in-a-file",
        "The discovery document's `jwks_uri` is a `file:` URL",
        World::token,
    )
    .by(Provider)
    .see(&["CVE-2026-48522"])
    .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"file:///etc/passwd\"}}", w.issuer())),
    refuse(
        Critical,
        "discovery-keys-in-itself",
        "The discovery document's `jwks_uri` is a `data:` URL",
        World::token,
    )
    .by(Provider)
    .see(&["CVE-2026-48522"])
    .discovery(200, |w| {
        format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"data:application/json,{{}}\"}}", w.issuer())
    }),
    refuse(
        High,
        "discovery-keys-elsewhere",
        "The discovery document's `jwks_uri` is on another host",
        World::token,
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"])
    .discovery(200, |w| {
        format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"http://127.0.0.1:9/keys\"}}", w.issuer())
    }),
    refuse(
        Critical,
        "discovery-of-another-tenant",
        "The discovery document belongs to another tenant",
        World::token,
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"])
    .discovery(200, |w| {
        w.discovery_document(&w.issuer().replace(w.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"))
    }),
    refuse(
        Critical,
        "discovery-template",
        "The discovery document is the multi-tenant one, with `{tenantid}`",
        World::token,
    )
    .by(Provider)
    .see(&["Entra: OpenID Connect metadata"])
    .discovery(200, |w| w.discovery_document(&w.issuer().replace(w.tenant_id(), "{tenantid}"))),
    refuse(
        Medium,
        "discovery-issuer-with-slash",
        "The discovery document's `issuer` has a trailing slash",
        World::token,
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"])
    .discovery(200, |w| w.discovery_document(&format!("{}/", w.issuer()))),
    refuse(High, "discovery-too-large", "The discovery document is larger than 256 KiB", World::token)
        .by(Provider)
        .either("the size limit is a matter of policy")
        .see(&["CWE-770"])
        .discovery(200, |w| {
            w.discovery_document(&w.issuer()).replacen(
                '{',
                &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)),
                1,
            )
        }),
    refuse(High, "keys-401", "The key set URL answers 401", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(401, |_| String::new()),
    refuse(High, "keys-204", "The key set URL answers 204, without content", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(204, |_| String::new()),
    refuse(Medium, "keys-array", "The key set is a bare array of keys", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |w| w.key_set()["keys"].to_string()),
    refuse(Medium, "keys-null", "The key set's `keys` is null", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": null}".to_owned()),
    refuse(Medium, "keys-missing", "The key set has no `keys` member", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{}".to_owned()),
    refuse(High, "keys-truncated", "The key set is cut off", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |w| w.key_set().to_string()[..800].to_owned()),
    refuse(Medium, "keys-ten-thousand", "The key set holds 10,000 keys beside ours", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .either("the number of keys is a matter of policy; none may take long")
        .see(&["CWE-770"])
        .keys(200, |w| {
            let others = "{\"kty\":\"RSA\"},".repeat(10_000);
            w.key_set().to_string().replacen('[', &format!("[{others}"), 1)
        }),
    refuse(High, "keys-too-large", "The key set is larger than 256 KiB", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .either("the size limit is a matter of policy")
        .see(&["CWE-770"])
        .keys(200, |w| {
            w.key_set().to_string().replacen('{', &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)), 1)
        }),
    refuse(
        High,
        "unknown-algorithm-while-down",
        "A token with `alg` none while discovery fails: no key could save it",
        |w| w.token().header("alg", "none"),
    )
    .by(Anyone)
    .caught_as("auth_token_algorithm_not_allowed")
    .see(&["RFC 6750 §3.1"])
    .discovery(500, |_| String::new()),
];
