//! The request's `Authorization` header.

use super::{
    Group,
    row::{Row, refuse_request, refuse_text},
};
use crate::{
    Attacker::{Anyone, TokenHolder},
    Attempt, Carrier,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "authorization",
    codes: &[
        "auth_header_malformed",
        "auth_header_missing",
        "auth_header_scheme_unsupported",
        "auth_header_credential_missing",
    ],
    reference: "RFC 6750 §2.1",
    about: "The `Authorization` header: its scheme, its separators, several credentials, and tokens in \
        other places.",
    harm: "A proxy and the API behind it judge different tokens, or tokens are accepted from places \
        that end up in logs, caches and other people's pages.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse_request(Low, "missing", "The request has no `Authorization` header", |_| {
        Attempt::headers::<&str>([])
    })
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 6750 §3.1"]),
    refuse_request(Low, "empty", "The `Authorization` header is empty", |_| Attempt::header(""))
        .by(Anyone)
        .see(&["RFC 9110 §11.6.2"]),
    refuse_request(Low, "scheme-alone", "`Authorization` is the scheme `Bearer` without a token", |_| {
        Attempt::header("Bearer")
    })
    .by(Anyone)
    .code("auth_header_credential_missing"),
    refuse_request(Low, "basic", "`Authorization` holds Basic credentials", |_| {
        Attempt::header("Basic b3JkZXJzOnNlY3JldA==")
    })
    .by(Anyone)
    .code("auth_header_scheme_unsupported")
    .see(&["RFC 9110 §11.6.2"]),
    refuse_request(Medium, "dpop-scheme", "A bearer token is sent under the `DPoP` scheme", |w| {
        Attempt::header(format!("DPoP {}", w.token().sign()))
    })
    .by(Anyone)
    .code("auth_header_scheme_unsupported")
    .see(&["RFC 9449 §7.1"]),
    refuse_request(Low, "bare-token", "`Authorization` holds a good token without a scheme", |w| {
        Attempt::header(w.token().sign())
    })
    .by(Anyone)
    .code("auth_header_scheme_unsupported"),
    refuse_request(Low, "no-separator", "Nothing separates the scheme from the token", |w| {
        Attempt::header(format!("Bearer{}", w.token().sign()))
    })
    .by(Anyone)
    .code("auth_header_scheme_unsupported"),
    refuse_request(Low, "colon-separator", "A colon and a space separate the scheme from the token", |w| {
        Attempt::header(format!("Bearer: {}", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(Low, "tab-separator", "A tab separates the scheme from the token", |w| {
        Attempt::header(format!("Bearer\t{}", w.token().sign()))
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.4"]),
    refuse_request(Low, "no-break-space", "A no-break space separates the scheme from the token", |w| {
        Attempt::header([b"Bearer\xa0", w.token().sign().as_bytes()].concat())
    })
    .by(Anyone)
    .see(&["RFC 9110 §11.4"]),
    refuse_request(Low, "quoted", "The token is enclosed in double quotes", |w| {
        Attempt::header(format!("Bearer \"{}\"", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(Low, "parameter", "The token is sent as a parameter: `Bearer token=...`", |w| {
        Attempt::header(format!("Bearer token={}", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(Low, "two-tokens", "Two tokens follow one scheme", |w| {
        Attempt::header(format!("Bearer {0} {0}", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(
        Medium,
        "comma-joined",
        "Two Bearer credentials are joined by a comma in one header",
        |w| Attempt::header(format!("Bearer {0}, Bearer {0}", w.token().sign())),
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        Medium,
        "two-headers",
        "The same good token is sent in two `Authorization` headers",
        |w| {
            Attempt::headers([format!("Bearer {}", w.token().sign()), format!("Bearer {}", w.token().sign())])
        },
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        High,
        "two-headers-good-and-bad",
        "Two `Authorization` headers: a good token, then junk",
        |w| Attempt::headers([format!("Bearer {}", w.token().sign()), "Bearer junk".to_owned()]),
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        High,
        "two-headers-bad-and-good",
        "Two `Authorization` headers: junk, then a good token",
        |w| Attempt::headers(["Bearer junk".to_owned(), format!("Bearer {}", w.token().sign())]),
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        Medium,
        "not-ascii",
        "A non-ASCII character follows the token; lenient base64 decoders drop it",
        |w| Attempt::header([b"Bearer ", w.token().sign().as_bytes(), b"\xc3\xa9"].concat()),
    )
    .by(Anyone),
    refuse_request(Medium, "invalid-bytes", "The credentials are bytes that are not valid text", |_| {
        Attempt::header(b"Bearer \xff\xfe")
    })
    .by(Anyone)
    .see(&["RFC 9110 §5.5"]),
    refuse_request(Low, "scheme-and-space", "`Authorization` is the scheme `Bearer` and a space", |_| {
        Attempt::header("Bearer ")
    })
    .by(Anyone)
    .code("auth_header_credential_missing"),
    refuse_request(
        Low,
        "colon-without-space",
        "A colon without a space separates the scheme from the token",
        |w| Attempt::header(format!("Bearer:{}", w.token().sign())),
    )
    .by(Anyone),
    refuse_request(Low, "equals-sign", "An equals sign separates the scheme from the token", |w| {
        Attempt::header(format!("Bearer={}", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(Low, "scheme-twice", "The scheme is repeated: `Bearer Bearer ...`", |w| {
        Attempt::header(format!("Bearer Bearer {}", w.token().sign()))
    })
    .by(Anyone),
    refuse_request(
        Low,
        "angle-brackets",
        "The token is enclosed in angle brackets, as documentation prints it",
        |w| Attempt::header(format!("Bearer <{}>", w.token().sign())),
    )
    .by(Anyone),
    refuse_request(
        Medium,
        "basic-and-bearer",
        "One header holds Bearer credentials, then Basic credentials",
        |w| Attempt::header(format!("Bearer {}, Basic b3JkZXJzOnNlY3JldA==", w.token().sign())),
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        Medium,
        "basic-before-bearer",
        "One header holds Basic credentials, then a good token",
        |w| Attempt::header(format!("Basic b3JkZXJzOnNlY3JldA==, Bearer {}", w.token().sign())),
    )
    .by(Anyone)
    .code("auth_header_scheme_unsupported")
    .see(&["RFC 9110 §5.3"]),
    refuse_request(
        High,
        "two-schemes-in-two-headers",
        "Two `Authorization` headers: Basic credentials, then a good token",
        |w| {
            Attempt::headers([
                "Basic b3JkZXJzOnNlY3JldA==".to_owned(),
                format!("Bearer {}", w.token().sign()),
            ])
        },
    )
    .by(Anyone)
    .see(&["RFC 9110 §5.3"]),
    refuse_text(Low, "percent-encoded-dots", "The dots of a good token are percent-encoded", |w| {
        w.token().sign().replace('.', "%2E")
    })
    .by(Anyone),
    refuse_text(Low, "wide-dots", "The dots of a good token are replaced with full-width look-alikes", |w| {
        w.token().sign().replace('.', "\u{ff0e}")
    })
    .by(Anyone),
    refuse_text(
        Medium,
        "object",
        "The token is the text `[object Object]`, a client's serialisation bug",
        |_| "[object Object]".to_owned(),
    )
    .by(Anyone),
    refuse_text(Low, "comma-alone", "The token is a single comma", |_| ",".to_owned()).by(Anyone),
    refuse_text(High, "json-serialisation", "The token uses the flattened JWS JSON serialisation", |w| {
        w.forge().flattened_json()
    })
    .by(Anyone)
    .see(&["RFC 8725 §2.7", "CVE-2024-21664"]),
    refuse_text(
        High,
        "json-serialisation-general",
        "The token uses the general JWS JSON serialisation",
        |w| w.forge().general_json(),
    )
    .by(Anyone)
    .see(&["RFC 7515 §7.2.1", "CVE-2024-21664"]),
    refuse_text(
        Critical,
        "json-polyglot",
        "The token is valid JWS JSON and, split at its dots, a compact token with forged claims",
        |w| w.forge().json_polyglot(),
    )
    .by(TokenHolder)
    .see(&["CVE-2022-39227", "CVE-2024-5037"]),
    refuse_request(
        Medium,
        "token-in-query",
        "The token is in the query string only, where logs and referrers keep it",
        |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Query(w.token().sign())),
    )
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 6750 §2.3", "RFC 9700 §4.3.2"]),
    refuse_request(Low, "token-in-form", "The token is in the form body only", |w| {
        Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Form(w.token().sign()))
    })
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 6750 §2.2"]),
    refuse_request(
        Medium,
        "token-in-cookie",
        "The token is in a cookie only, which browsers attach to cross-site requests",
        |w| {
            Attempt::headers::<&str>([])
                .with_token_elsewhere(Carrier::Header("Cookie", format!("access_token={}", w.token().sign())))
        },
    )
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 6750 §2"]),
    refuse_request(
        Low,
        "token-in-x-authorization",
        "The token is in an `X-Authorization` header only",
        |w| {
            Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Header(
                "X-Authorization",
                format!("Bearer {}", w.token().sign()),
            ))
        },
    )
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 9110 §11.6.2"]),
    refuse_request(
        Low,
        "token-for-the-proxy",
        "The token is in the `Proxy-Authorization` header only",
        |w| {
            Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Header(
                "Proxy-Authorization",
                format!("Bearer {}", w.token().sign()),
            ))
        },
    )
    .by(Anyone)
    .code("auth_header_missing")
    .see(&["RFC 9110 §11.7.2"]),
    refuse_request(
        Medium,
        "junk-besides-query",
        "`Authorization` holds junk, and the query string a good token",
        |w| Attempt::token("junk").with_token_elsewhere(Carrier::Query(w.token().sign())),
    )
    .by(Anyone)
    .caught_as("auth_token_invalid")
    .see(&["RFC 6750 §2"]),
    refuse_request(
        Low,
        "header-and-query",
        "The same good token is in `Authorization` and in the query string",
        |w| Attempt::token(w.token().sign()).with_token_elsewhere(Carrier::Query(w.token().sign())),
    )
    .by(Anyone)
    .either("RFC 6750 §2 forbids clients to use two methods, and a server may support only one")
    .see(&["RFC 6750 §2"]),
    refuse_request(Low, "equals-signs-alone", "The token consists of base64 padding alone", |_| {
        Attempt::header("Bearer ==")
    })
    .by(Anyone),
];
