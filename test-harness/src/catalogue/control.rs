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
    about: "Honest tokens, some of them unusual. They must be accepted.",
    harm: "Legitimate users and programs are locked out; and an API that refuses everything proves \
        nothing.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    accept(Info, "delegated", "A user's token with scopes: alice through `orders-spa`", World::token)
        .by(TokenHolder),
    accept(Info, "app-only", "An app-only token with an app role: `orders-daemon` for itself", |w| {
        w.app_token()
    })
    .by(TokenHolder)
    .on(AppOnly)
    .see(&["Entra: OAuth 2.0 client credentials flow"]),
    accept(Info, "guest", "A guest user's token: carol, whose home tenant is another one", |w| {
        w.token().user("carol")
    })
    .by(TokenHolder)
    .see(&["Entra: access token claims reference, idp"]),
    accept(
        Info,
        "member-with-idp",
        "A member's token whose `idp` is the user's own tenant, in the form of v1.0",
        |w| w.token().claim("idp", format!("https://sts.windows.net/{}/", w.tenant_id())),
    )
    .see(&["Entra: access token claims reference, idp"]),
    accept(
        Medium,
        "group-overage",
        "A user in too many groups: the token links to Graph instead of listing them",
        |w| w.token().user("dave"),
    )
    .by(TokenHolder)
    .see(&["Entra: groups overage claim"]),
    accept(Info, "unknown-claims", "A claim that Entra may add in the future", |w| {
        w.token().claim("xms_future", json!({"a": [1, 2.5, null, {"b": true}]}))
    })
    .by(TokenHolder)
    .see(&["RFC 7519 §4"]),
    accept_request(Low, "scheme-lower-case", "The `Authorization` scheme is `bearer`, in lower case", |w| {
        Attempt::header(format!("bearer {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    accept(Info, "audience-in-an-array", "`aud` is an array with our audience as its only element", |w| {
        w.token().claim("aud", json!([w.audience()]))
    })
    .see(&["RFC 7519 §4.1.3"]),
    accept(Info, "fractional-dates", "`exp` and `nbf` are numbers with fractions", |w| {
        w.token().claim("exp", w.at(600.5)).claim("nbf", w.at(-0.5))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Info, "header-without-typ", "The header has no `typ`, which is optional", |w| {
        w.token().without_header("typ")
    })
    .caught_as("auth_token_type_not_allowed")
    .either("RFC 7519 §5.1 leaves `typ` to the application")
    .see(&["RFC 7519 §5.1"]),
    accept(
        Info,
        "header-pretty-printed",
        "The header's JSON is pretty-printed, with white space between tokens",
        |w| {
            w.token().raw_header(format!(
                "{{\r\n \"typ\": \"JWT\",\r\n \"alg\": \"RS256\", \"kid\": \"{}\" }}",
                w.kid()
            ))
        },
    )
    .see(&["RFC 7515 §A.1"]),
    accept(
        Medium,
        "case-variant-claims",
        "Extra claims `SUB` and `Exp`: claim names are case-sensitive",
        |w| w.token().claim("SUB", "admin").claim("Exp", 1),
    )
    .see(&["RFC 7519 §10.1.1"]),
    refuse(Info, "clock-skew", "`exp` passed 30 seconds ago, which is within the usual leeway", |w| {
        w.token().claim("nbf", w.time() - 60).claim("exp", w.time() - 30)
    })
    .caught_as("auth_token_expired")
    .either("the leeway is a matter of policy")
    .see(&["RFC 7519 §4.1.4"]),
    accept_request(Low, "scheme-upper-case", "The `Authorization` scheme is `BEARER`, in upper case", |w| {
        Attempt::header(format!("BEARER {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    accept_request(Low, "scheme-mixed-case", "The `Authorization` scheme is `BeArEr`, in mixed case", |w| {
        Attempt::header(format!("BeArEr {}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.1"]),
    refuse_request(Info, "two-spaces", "Two spaces separate the scheme from the token", |w| {
        Attempt::header(format!("Bearer  {}", w.token().sign()))
    })
    .by(Anyone)
    .caught_as("auth_header_malformed")
    .either("RFC 9110 §11.4 allows several spaces, RFC 6750 §2.1 shows one")
    .see(&["RFC 9110 §11.4", "RFC 6750 §2.1"]),
    accept(Info, "escaped-header-name", "The header spells the name `alg` with a JSON escape", |w| {
        w.token().raw_header(w.forge().header_json().replace("\"alg\"", "\"\\u0061lg\""))
    })
    .see(&["RFC 8259 §8.3"]),
    refuse(Info, "thirty-deep", "An unknown claim is nested 30 levels deep", |w| {
        w.token().raw_payload(w.forge().payload_json_with(&format!(
            "\"x\":{}{}",
            "[".repeat(30),
            "]".repeat(30)
        )))
    })
    .caught_as("auth_token_claims_invalid")
    .either("the depth limit is a matter of policy")
    .see(&["RFC 8259 §9"]),
    accept(Medium, "nul-in-a-claim", "The `name` claim contains a NUL character", |w| {
        w.token().claim("name", "alice\0, admin")
    })
    .see(&["RFC 8259 §7"]),
    accept(Medium, "eight-kilobytes", "A large token: its `groups` claim lists 200 groups", |w| {
        w.token()
            .claim("groups", (0..200).map(|n| format!("eeeeeeee-0000-4000-8000-{n:012}")).collect::<Vec<_>>())
    })
    .by(TokenHolder)
    .see(&["Entra: groups overage claim"]),
    accept(Info, "forty-claims", "40 optional claims that the API does not know", |w| {
        (0..40).fold(w.token(), |token, n| token.claim(format!("xms_{n}"), n))
    })
    .by(TokenHolder)
    .see(&["RFC 7519 §4"]),
    accept(Info, "exp-in-exponent-notation", "`exp` is written in exponent notation: `1e10`", |w| {
        w.token().raw_payload(w.forge().payload_json_replacing("exp", "1e10"))
    })
    .see(&["RFC 7519 §2"]),
    refuse(Medium, "far-future", "`exp` is ten years from now", |w| {
        w.token().claim("exp", w.time() + 315_360_000)
    })
    .caught_as("auth_token_expired")
    .either("a maximum lifetime is a matter of policy; Entra grants at most 28 hours")
    .see(&["Entra: token lifetimes"]),
    refuse(Info, "issued-long-ago", "`iat` is in 1970, and the token has not expired", |w| {
        w.token().claim("iat", 1)
    })
    .caught_as("auth_token_expired")
    .either("a maximum age is a matter of policy")
    .see(&["RFC 7519 §4.1.6"]),
    accept(
        Critical,
        "actor-ignored",
        "Claims `act` and `actortoken` name another actor; both are ignored",
        |w| w.token().claim("actortoken", "eyJhbGciOiJub25lIn0.e30.").claim("act", json!({"sub": "admin"})),
    )
    .see(&["CVE-2025-55241", "RFC 8693 §4.1"]),
    accept(
        High,
        "overage-of-another-host",
        "The group overage link points to an attacker's host, which must not be contacted",
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
        "The header embeds a foreign key as `jwk`, which must be ignored",
        |w| w.token().header("jwk", w.attacker_key().jwk()),
    )
    .caught_as("auth_token_header_invalid")
    .either("RFC 8725 §3.10 forbids trusting the key, not receiving it")
    .see(&["RFC 8725 §3.10"]),
    refuse(Info, "nonce-in-the-header", "The header has a `nonce`, as Microsoft Graph's tokens do", |w| {
        w.token().header("nonce", "xGSdYMxZ8CN0e3hSzXzIl0")
    })
    .caught_as("auth_token_header_invalid")
    .either("only Graph can verify its own tokens, so a token that verifies is harmless")
    .see(&["Entra: access tokens, token validation"]),
    accept(
        Info,
        "x5t-besides-kid",
        "The header names the key twice, as `kid` and as `x5t`, like v1.0 tokens",
        |w| w.token().header("x5t", w.kid()),
    )
    .see(&["RFC 7515 §4.1.7"]),
];
