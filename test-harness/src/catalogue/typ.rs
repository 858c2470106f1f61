//! Step 4: the type of the token (RFC 8725 §3.11).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Severity::{High, Info, Low},
};

pub(super) const GROUP: Group = Group {
    step: Some(4),
    name: "typ",
    codes: &["auth_token_type_not_allowed"],
    reference: "RFC 8725 §3.11",
    about: "The `typ` and `cty` headers: other kinds of token that the same keys sign.",
    harm: "A logout token, a proof or an event that somebody legitimately holds opens the API.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Low, "at-jwt", "`typ` is `at+jwt`, an access token by RFC 9068", |w| {
        w.token().header("typ", "at+jwt")
    })
    .by(TokenHolder)
    .either("RFC 9068 tokens are access tokens, too, but Entra does not issue them"),
    refuse(High, "logout-token", "`typ` is `logout+jwt`, a back-channel logout token", |w| {
        w.token().header("typ", "logout+jwt")
    })
    .by(TokenHolder),
    refuse(High, "security-event", "`typ` is `secevent+jwt`, a security event token", |w| {
        w.token().header("typ", "secevent+jwt")
    })
    .by(TokenHolder),
    refuse(High, "dpop-proof", "`typ` is `dpop+jwt`, a DPoP proof", |w| w.token().header("typ", "dpop+jwt"))
        .by(TokenHolder),
    refuse(High, "id-token", "`typ` is `id_token`", |w| w.token().header("typ", "id_token")).by(TokenHolder),
    refuse(Low, "empty", "`typ` is the empty string", |w| w.token().header("typ", "")),
    refuse(Low, "nested", "`cty` is `JWT`, which declares a nested token", |w| {
        w.token().header("cty", "JWT")
    })
    .see(&["RFC 7519 §5.2"]),
    refuse(Low, "jws", "`typ` is `JWS`, which names a serialisation", |w| w.token().header("typ", "JWS"))
        .either("RFC 7515 §4.1.9 registers it, and it does not name a kind of token")
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "jose", "`typ` is `JOSE`, which names a serialisation", |w| w.token().header("typ", "JOSE"))
        .either("RFC 7515 §4.1.9 registers it, and it does not name a kind of token")
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "jose-json", "`typ` is `JOSE+JSON`, which names the JSON serialisation", |w| {
        w.token().header("typ", "JOSE+JSON")
    })
    .either("RFC 7515 §4.1.9 registers it, and it does not name a kind of token")
    .see(&["RFC 7515 §4.1.9"]),
    refuse(Info, "lower-case", "`typ` is `jwt`, in lower case", |w| w.token().header("typ", "jwt"))
        .either("media types are compared without regard to case, but Entra writes JWT")
        .see(&["RFC 7519 §5.1"]),
    refuse(
        High,
        "introspection",
        "`typ` is `token-introspection+jwt`, a signed introspection response",
        |w| w.token().header("typ", "token-introspection+jwt"),
    )
    .by(TokenHolder)
    .see(&["RFC 9701 §5"]),
    refuse(High, "request-object", "`typ` is `oauth-authz-req+jwt`, a signed authorization request", |w| {
        w.token().header("typ", "oauth-authz-req+jwt")
    })
    .by(TokenHolder)
    .see(&["RFC 9101 §10.8"]),
    refuse(High, "proof-of-possession", "`typ` is `pop`, a signed HTTP request of Entra's", |w| {
        w.token().header("typ", "pop")
    })
    .by(TokenHolder),
    refuse(Low, "nested-in-capitals", "`cty` is `jwt`, which declares a nested token in lower case", |w| {
        w.token().header("cty", "jwt")
    })
    .see(&["RFC 7519 §5.2"]),
];
