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
    about: "`typ` and `cty`: tokens of another kind, signed by the same keys.",
    harm: "A logout token, a proof or an event that somebody rightly holds becomes a key to the API.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Low, "at-jwt", "A token whose type is `at+jwt`.", |w| w.token().header("typ", "at+jwt"))
        .by(TokenHolder)
        .either("RFC 9068 tokens are access tokens too, but Entra does not issue them"),
    refuse(High, "logout-token", "A token whose type is `logout+jwt`.", |w| {
        w.token().header("typ", "logout+jwt")
    })
    .by(TokenHolder),
    refuse(High, "security-event", "A token whose type is `secevent+jwt`.", |w| {
        w.token().header("typ", "secevent+jwt")
    })
    .by(TokenHolder),
    refuse(High, "dpop-proof", "A token whose type is `dpop+jwt`.", |w| w.token().header("typ", "dpop+jwt"))
        .by(TokenHolder),
    refuse(High, "id-token", "A token whose type is `id_token`.", |w| w.token().header("typ", "id_token"))
        .by(TokenHolder),
    refuse(Low, "empty", "An empty type.", |w| w.token().header("typ", "")),
    refuse(Low, "nested", "A token that says it wraps another.", |w| w.token().header("cty", "JWT"))
        .see(&["RFC 7519 §5.2"]),
    refuse(Low, "jws", "A type of serialisation instead of a type of token.", |w| {
        w.token().header("typ", "JWS")
    })
    .either("RFC 7515 §4.1.9 registers it, and it says nothing")
    .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "jose", "A type of serialisation instead of a type of token.", |w| {
        w.token().header("typ", "JOSE")
    })
    .either("RFC 7515 §4.1.9 registers it, and it says nothing")
    .see(&["RFC 7515 §4.1.9"]),
    refuse(Low, "jose-json", "The type of the JSON serialisation.", |w| w.token().header("typ", "JOSE+JSON"))
        .either("RFC 7515 §4.1.9 registers it, and it says nothing")
        .see(&["RFC 7515 §4.1.9"]),
    refuse(Info, "lower-case", "`jwt` in lower case.", |w| w.token().header("typ", "jwt"))
        .either("media types are compared without regard to case, and Entra writes JWT")
        .see(&["RFC 7519 §5.1"]),
    refuse(High, "introspection", "A signed answer of an introspection endpoint.", |w| {
        w.token().header("typ", "token-introspection+jwt")
    })
    .by(TokenHolder)
    .see(&["RFC 9701 §5"]),
    refuse(High, "request-object", "A signed authorization request.", |w| {
        w.token().header("typ", "oauth-authz-req+jwt")
    })
    .by(TokenHolder)
    .see(&["RFC 9101 §10.8"]),
    refuse(High, "proof-of-possession", "Entra's own signed HTTP request.", |w| {
        w.token().header("typ", "pop")
    })
    .by(TokenHolder),
    refuse(Low, "nested-in-capitals", "A token that says it wraps another, in another spelling.", |w| {
        w.token().header("cty", "jwt")
    })
    .see(&["RFC 7519 §5.2"]),
];
