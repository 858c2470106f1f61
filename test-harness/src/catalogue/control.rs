//! Honest tokens, which must be accepted.

use serde_json::json;

use super::{
    Group,
    row::{Row, accept, accept_request, refuse, refuse_request},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Attempt,
    Setting::AppOnly,
    Severity::{Critical, High, Info, Low, Medium},
    World,
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "control",
    codes: &[],
    reference: "Entra: access token claims reference",
    about: "Honest tokens, some of them unusual.",
    harm: "People and programs who may come in stay outside; and a test that refuses everything proves \
        nothing.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    accept(Info, "delegated", "A user's token: alice by way of orders-spa, with scopes.", World::token)
        .by(TokenHolder),
    accept(Info, "app-only", "A daemon's token: orders-daemon for itself, with an app role.", |w| {
        w.app_token()
    })
    .by(TokenHolder)
    .on(AppOnly)
    .see(&["Entra: OAuth 2.0 client credentials flow"]),
    accept(Info, "guest", "A guest's token: carol, whose home is another tenant.", |w| {
        w.token().user("carol")
    })
    .by(TokenHolder)
    .see(&["Entra: access token claims reference, idp"]),
    accept(
        Medium,
        "group-overage",
        "A user in more groups than fit: the token tells where to ask instead, and nobody asks.",
        |w| w.token().user("dave"),
    )
    .by(TokenHolder)
    .see(&["Entra: groups overage claim"]),
    accept(Info, "unknown-claims", "Claims that Entra may add tomorrow do not matter.", |w| {
        w.token().claim("xms_future", json!({"a": [1, 2.5, null, {"b": true}]}))
    })
    .by(TokenHolder)
    .see(&["RFC 7519 §4"]),
    accept_request(Low, "scheme-lower-case", "The scheme is compared without regard to case.", |w| {
        Attempt::header(format!("bearer {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    accept(Info, "audience-in-an-array", "One audience may stand in an array.", |w| {
        w.token().claim("aud", json!([w.audience()]))
    })
    .see(&["RFC 7519 §4.1.3"]),
    accept(Info, "fractional-dates", "Dates may have fractions.", |w| {
        w.token().claim("exp", w.at(600.5)).claim("nbf", w.at(-0.5))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Info, "header-without-typ", "`typ` is optional.", |w| w.token().without_header("typ"))
        .caught_as("auth_token_type_not_allowed")
        .either("RFC 7519 §5.1 leaves it to the application")
        .see(&["RFC 7519 §5.1"]),
    accept(Info, "header-pretty-printed", "White space in JSON has no meaning.", |w| {
        w.token().raw_header(format!(
            "{{\r\n \"typ\": \"JWT\",\r\n \"alg\": \"RS256\", \"kid\": \"{}\" }}",
            w.kid()
        ))
    })
    .see(&["RFC 7515 §A.1"]),
    accept(
        Medium,
        "case-variant-claims",
        "Claim names are case-sensitive: `SUB` and `Exp` are other claims.",
        |w| w.token().claim("SUB", "admin").claim("Exp", 1),
    )
    .see(&["RFC 7519 §10.1.1"]),
    refuse(
        Info,
        "clock-skew",
        "Clocks differ a little: `nbf` 30 seconds ahead, `exp` 30 seconds past.",
        |w| w.token().claim("nbf", w.now() - 60).claim("exp", w.now() - 30),
    )
    .caught_as("auth_token_expired")
    .either("leeway is a matter of policy")
    .see(&["RFC 7519 §4.1.4"]),
    accept_request(Low, "scheme-upper-case", "The scheme in upper case.", |w| {
        Attempt::header(format!("BEARER {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    accept_request(Low, "scheme-mixed-case", "The scheme in mixed case.", |w| {
        Attempt::header(format!("BeArEr {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    refuse_request(Info, "two-spaces", "Two spaces between scheme and token.", |w| {
        Attempt::header(format!("Bearer  {}", w.token().sign()))
    })
    .by(Anyone)
    .caught_as("auth_header_malformed")
    .either("the grammar of RFC 9110 §11.4 allows several, and RFC 6750 §2.1 shows one")
    .see(&["RFC 9110 §11.4", "RFC 6750 §2.1"]),
    accept(Info, "escaped-header-name", "A name in the header spelt with an escape: the same JSON.", |w| {
        w.token().raw_header(w.forge().header_json().replace("\"alg\"", "\"\\u0061lg\""))
    })
    .see(&["RFC 8259 §8.3"]),
    refuse(Info, "thirty-deep", "A claim nested thirty levels deep.", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}{}",
            "[".repeat(30),
            "]".repeat(30)
        )))
    })
    .caught_as("auth_token_claims_invalid")
    .either("how deep is too deep is a matter of limits")
    .see(&["RFC 8259 §9"]),
    accept(
        Medium,
        "nul-in-a-claim",
        "A NUL inside a claim is data like any other, and cuts nothing off.",
        |w| w.token().claim("name", "alice\0, admin"),
    )
    .see(&["RFC 8259 §7"]),
    accept(Medium, "eight-kilobytes", "A large honest token: 200 groups.", |w| {
        w.token()
            .claim("groups", (0..200).map(|n| format!("eeeeeeee-0000-4000-8000-{n:012}")).collect::<Vec<_>>())
    })
    .by(TokenHolder)
    .see(&["Entra: groups overage claim"]),
    accept(Info, "forty-claims", "Forty optional claims that Entra may send.", |w| {
        (0..40).fold(w.token(), |token, n| token.claim(format!("xms_{n}"), n))
    })
    .by(TokenHolder)
    .see(&["RFC 7519 §4"]),
    accept(Info, "exp-in-exponent-notation", "A date in the notation of floats.", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "1e10"))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "far-future", "It ends in ten years.", |w| w.token().claim("exp", w.now() + 315_360_000))
        .caught_as("auth_token_expired")
        .either("a longest lifetime is a matter of policy; Entra gives at most 28 hours")
        .see(&["Entra: token lifetimes"]),
    refuse(Info, "issued-long-ago", "Issued in 1970, still valid.", |w| w.token().claim("iat", 1))
        .caught_as("auth_token_expired")
        .either("a longest age is a matter of policy")
        .see(&["RFC 7519 §4.1.6"]),
    accept(
        Critical,
        "actor-ignored",
        "Claims that smuggle another actor into the token change nobody: they are not read.",
        |w| w.token().claim("actortoken", "eyJhbGciOiJub25lIn0.e30.").claim("act", json!({"sub": "admin"})),
    )
    .see(&["CVE-2025-55241", "RFC 8693 §4.1"]),
    accept(
        High,
        "overage-of-another-host",
        "The token names an attacker's address for its groups: nobody asks there.",
        |w| {
            w.token()
                .claim("_claim_names", json!({"groups": "src1"}))
                .claim("_claim_sources", json!({"src1": {"endpoint": "http://127.0.0.1:9/groups"}}))
        },
    )
    .see(&["Entra: groups overage claim"]),
    refuse(
        Low,
        "embedded-key-of-the-signer",
        "An honest token that brings its own key besides: it may be ignored, never used.",
        |w| w.token().header("jwk", w.attacker_key().jwk()),
    )
    .caught_as("auth_token_header_invalid")
    .either("RFC 8725 §3.10 forbids to trust it, not to receive it")
    .see(&["RFC 8725 §3.10"]),
    refuse(
        Info,
        "nonce-in-the-header",
        "A `nonce` in the header, as Microsoft Graph's own tokens have it, honestly signed.",
        |w| w.token().header("nonce", "xGSdYMxZ8CN0e3hSzXzIl0"),
    )
    .caught_as("auth_token_header_invalid")
    .either("only Graph can verify its own tokens; one that verifies is no harm")
    .see(&["Entra: access tokens, token validation"]),
    accept(Info, "x5t-besides-kid", "The key named twice, as v1.0 tokens do.", |w| {
        w.token().header("x5t", w.kid())
    })
    .see(&["RFC 7515 §4.1.7"]),
];
