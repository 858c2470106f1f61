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
    about: "What the identity provider answers to an API that has no keys yet.",
    harm: "Keys of another issuer are trusted, or a broken answer is taken for a verdict on the token.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(High, "discovery-404", "No discovery document.", World::token)
        .by(Provider)
        .discovery(404, |_| String::new()),
    refuse(High, "discovery-500", "An error instead of the discovery document.", World::token)
        .by(Provider)
        .discovery(500, |_| "oops".to_owned()),
    refuse(High, "discovery-html", "A page for people instead of the discovery document.", World::token)
        .by(Provider)
        .discovery(200, |_| "<html>sign in to the hotel's network</html>".to_owned()),
    refuse(High, "discovery-empty-object", "A discovery document without anything in it.", World::token)
        .by(Provider)
        .discovery(200, |_| "{}".to_owned()),
    refuse(High, "discovery-truncated", "Half a discovery document.", World::token)
        .by(Provider)
        .discovery(200, |_| "{\"issuer\": \"https://".to_owned()),
    refuse(
        Critical,
        "discovery-of-another-issuer",
        "The discovery document of another issuer.",
        World::token,
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"])
    .discovery(200, |w| w.discovery_document("https://evil.example/v2.0")),
    refuse(High, "keys-404", "No key set.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(404, |_| String::new()),
    refuse(High, "keys-500", "An error instead of the key set.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(500, |_| "oops".to_owned()),
    refuse(High, "keys-html", "A page for people instead of the key set.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "<html></html>".to_owned()),
    refuse(High, "keys-empty", "A key set without keys.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": []}".to_owned()),
    refuse(High, "keys-object", "Keys in an object.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": {}}".to_owned()),
    refuse_text(
        High,
        "junk-while-down",
        "A token that no key could save is refused for itself, whatever the provider does.",
        |_| "junk".to_owned(),
    )
    .by(Anyone)
    .caught_as("auth_token_invalid")
    .see(&["RFC 6750 §3.1"])
    .discovery(500, |_| String::new()),
    refuse(High, "discovery-401", "The discovery document is not for everyone.", World::token)
        .by(Provider)
        .discovery(401, |_| "{}".to_owned()),
    refuse(High, "discovery-204", "No content.", World::token).by(Provider).discovery(204, |_| String::new()),
    refuse(High, "discovery-503", "The provider asks for patience.", World::token)
        .by(Provider)
        .discovery(503, |_| String::new()),
    refuse(Medium, "discovery-array", "An array instead of the discovery document.", World::token)
        .by(Provider)
        .see(&["RFC 8414 §3.2"])
        .discovery(200, |_| "[]".to_owned()),
    refuse(Medium, "discovery-null", "The value null instead of the discovery document.", World::token)
        .by(Provider)
        .see(&["RFC 8414 §3.2"])
        .discovery(200, |_| "null".to_owned()),
    refuse(
        Low,
        "discovery-byte-order-mark",
        "A byte order mark in front of the discovery document.",
        World::token,
    )
    .by(Provider)
    .either("RFC 8259 §8.1 forbids to write it and allows to skip it")
    .see(&["RFC 8259 §8.1"])
    .discovery(200, |w| format!("\u{feff}{}", w.discovery_document(&w.issuer()))),
    refuse(Medium, "discovery-duplicate-issuer", "Two issuers in the discovery document.", World::token)
        .by(Provider)
        .either("RFC 8259 §4 leaves duplicates open")
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| {
            w.discovery_document(&w.issuer()).replacen('{', "{\"issuer\":\"https://evil.example\",", 1)
        }),
    refuse(High, "discovery-without-issuer", "A discovery document without an issuer.", World::token)
        .by(Provider)
        .either("whoever knows the issuer ahead need not read it there")
        .see(&["RFC 8414 §2"])
        .discovery(200, |w| format!("{{\"jwks_uri\":\"{}\"}}", w.jwks_uri())),
    refuse(
        High,
        "discovery-without-keys",
        "A discovery document that does not tell where the keys are.",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 8414 §2"])
    .discovery(200, |w| format!("{{\"issuer\":\"{}\"}}", w.issuer())),
    refuse(
        High,
        "discovery-keys-null",
        "A discovery document in which the keys' place is null.",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 8414 §2"])
    .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":null}}", w.issuer())),
    refuse(
        Medium,
        "discovery-keys-number",
        "A discovery document in which the keys' place is a number.",
        World::token,
    )
    .by(Provider)
    .see(&["RFC 8414 §2"])
    .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":1}}", w.issuer())),
    refuse(
        Critical,
        "discovery-keys-in-a-file",
        "A discovery document that points at a file for keys.",
        World::token,
    )
    .by(Provider)
    .see(&["CVE-2026-48522"])
    .discovery(200, |w| format!("{{\"issuer\":\"{}\",\"jwks_uri\":\"file:///etc/passwd\"}}", w.issuer())),
    refuse(
        Critical,
        "discovery-keys-in-itself",
        "A discovery document that holds its keys in its own address.",
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
        "A discovery document that points at another host for keys.",
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
        "The discovery document of another tenant.",
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
        "The discovery document for many tenants, where one is served.",
        World::token,
    )
    .by(Provider)
    .see(&["Entra: OpenID Connect metadata"])
    .discovery(200, |w| w.discovery_document(&w.issuer().replace(w.tenant_id(), "{tenantid}"))),
    refuse(Medium, "discovery-issuer-with-slash", "The issuer with a slash behind it.", World::token)
        .by(Provider)
        .see(&["OpenID Connect Discovery §4.3"])
        .discovery(200, |w| w.discovery_document(&format!("{}/", w.issuer()))),
    refuse(High, "discovery-too-large", "A discovery document of three hundred kilobytes.", World::token)
        .by(Provider)
        .either("how large is too large is a matter of limits")
        .see(&["CWE-770"])
        .discovery(200, |w| {
            w.discovery_document(&w.issuer()).replacen(
                '{',
                &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)),
                1,
            )
        }),
    refuse(High, "keys-401", "The keys are not for everyone.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(401, |_| String::new()),
    refuse(High, "keys-204", "No content for keys.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(204, |_| String::new()),
    refuse(Medium, "keys-array", "An array instead of the key set.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |w| w.key_set()["keys"].to_string()),
    refuse(Medium, "keys-null", "The keys are null.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{\"keys\": null}".to_owned()),
    refuse(Medium, "keys-missing", "A key set without `keys`.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |_| "{}".to_owned()),
    refuse(High, "keys-truncated", "Half a key set.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .see(&["RFC 7517 §5"])
        .keys(200, |w| w.key_set().to_string()[..800].to_owned()),
    refuse(Medium, "keys-ten-thousand", "Ten thousand keys and ours.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .either("how many are too many is a matter of limits; none may take long")
        .see(&["CWE-770"])
        .keys(200, |w| {
            let others = "{\"kty\":\"RSA\"},".repeat(10_000);
            w.key_set().to_string().replacen('[', &format!("[{others}"), 1)
        }),
    refuse(High, "keys-too-large", "A key set of three hundred kilobytes.", World::token)
        .by(Provider)
        .code("auth_jwks_error")
        .either("how large is too large is a matter of limits")
        .see(&["CWE-770"])
        .keys(200, |w| {
            w.key_set().to_string().replacen('{', &format!("{{\"padding\":\"{}\",", "x".repeat(300_000)), 1)
        }),
    refuse(
        High,
        "unknown-algorithm-while-down",
        "An algorithm that no key could save is refused for itself, whatever the provider does.",
        |w| w.token().header("alg", "none"),
    )
    .by(Anyone)
    .caught_as("auth_token_algorithm_not_allowed")
    .see(&["RFC 6750 §3.1"])
    .discovery(500, |_| String::new()),
];
