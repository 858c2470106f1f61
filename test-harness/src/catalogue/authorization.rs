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
    about: "The `Authorization` header: scheme, separators, several credentials, tokens in other places.",
    harm: "A proxy and the API behind it judge different tokens; tokens are taken from places that end \
        up in logs, caches and other people's pages.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse_request(Low, "missing", "No credentials at all.", |_| Attempt::headers::<&str>([])).by(Anyone).code("auth_header_missing").see(&["RFC 6750 §3.1"]),
    refuse_request(Low, "empty", "An empty header.", |_| Attempt::header("")).by(Anyone).see(&["RFC 9110 §11.6.2"]),
    refuse_request(Low, "scheme-alone", "The scheme and nothing else.", |_| Attempt::header("Bearer")).by(Anyone).code("auth_header_credential_missing"),
    refuse_request(Low, "basic", "Another scheme.", |_| Attempt::header("Basic b3JkZXJzOnNlY3JldA==")).by(Anyone).code("auth_header_scheme_unsupported").see(&["RFC 9110 §11.6.2"]),
    refuse_request(Medium, "dpop-scheme", "A bearer token under the scheme of proof of possession.", |w| Attempt::header(format!("DPoP {}", w.token().sign()))).by(Anyone).code("auth_header_scheme_unsupported").see(&["RFC 9449 §7.1"]),
    refuse_request(Low, "bare-token", "A good token without a scheme.", |w| Attempt::header(w.token().sign())).by(Anyone).code("auth_header_scheme_unsupported"),
    refuse_request(Low, "no-separator", "Nothing between scheme and token.", |w| Attempt::header(format!("Bearer{}", w.token().sign()))).by(Anyone).code("auth_header_scheme_unsupported"),
    refuse_request(Low, "colon-separator", "A colon between scheme and token.", |w| Attempt::header(format!("Bearer: {}", w.token().sign()))).by(Anyone),
    refuse_request(Low, "tab-separator", "A tab between scheme and token.", |w| Attempt::header(format!("Bearer\t{}", w.token().sign()))).by(Anyone).see(&["RFC 9110 §11.4"]),
    refuse_request(Low, "no-break-space", "A no-break space between scheme and token, which readers of Unicode split at.", |w| Attempt::header([b"Bearer\xa0", w.token().sign().as_bytes()].concat())).by(Anyone).see(&["RFC 9110 §11.4"]),
    refuse_request(Low, "quoted", "The token in quotes.", |w| Attempt::header(format!("Bearer \"{}\"", w.token().sign()))).by(Anyone),
    refuse_request(Low, "parameter", "The token as a parameter.", |w| Attempt::header(format!("Bearer token={}", w.token().sign()))).by(Anyone),
    refuse_request(Low, "two-tokens", "Two tokens behind one scheme.", |w| Attempt::header(format!("Bearer {0} {0}", w.token().sign()))).by(Anyone),
    refuse_request(Medium, "comma-joined", "Two credentials in one header.", |w| Attempt::header(format!("Bearer {0}, Bearer {0}", w.token().sign()))).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_request(Medium, "two-headers", "The same good token in two headers.", |w| Attempt::headers([format!("Bearer {}", w.token().sign()), format!("Bearer {}", w.token().sign())])).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_request(High, "two-headers-good-and-bad", "A good token in one header, junk in another: proxy and API may pick different ones.", |w| Attempt::headers([format!("Bearer {}", w.token().sign()), "Bearer junk".to_owned()])).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_request(High, "two-headers-bad-and-good", "Junk in one header, a good token in another.", |w| Attempt::headers(["Bearer junk".to_owned(), format!("Bearer {}", w.token().sign())])).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_request(Medium, "not-ascii", "Bytes behind the token that are no ASCII: lenient base64 drops them.", |w| Attempt::header([b"Bearer ", w.token().sign().as_bytes(), b"\xc3\xa9"].concat())).by(Anyone),
    refuse_request(Medium, "invalid-bytes", "No text at all.", |_| Attempt::header(b"Bearer \xff\xfe")).by(Anyone).see(&["RFC 9110 §5.5"]),
    refuse_request(Low, "scheme-and-space", "The scheme and a space.", |_| Attempt::header("Bearer ")).by(Anyone).code("auth_header_credential_missing"),
    refuse_request(Low, "colon-without-space", "A colon and no space between scheme and token.", |w| Attempt::header(format!("Bearer:{}", w.token().sign()))).by(Anyone),
    refuse_request(Low, "equals-sign", "An equals sign between scheme and token.", |w| Attempt::header(format!("Bearer={}", w.token().sign()))).by(Anyone),
    refuse_request(Low, "scheme-twice", "The scheme twice.", |w| Attempt::header(format!("Bearer Bearer {}", w.token().sign()))).by(Anyone),
    refuse_request(Low, "angle-brackets", "The token in angle brackets, as documentation shows it.", |w| Attempt::header(format!("Bearer <{}>", w.token().sign()))).by(Anyone),
    refuse_request(Medium, "basic-and-bearer", "Basic and bearer credentials in one header.", |w| Attempt::header(format!("Bearer {}, Basic b3JkZXJzOnNlY3JldA==", w.token().sign()))).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_request(Medium, "basic-before-bearer", "Basic credentials in front of a good token.", |w| Attempt::header(format!("Basic b3JkZXJzOnNlY3JldA==, Bearer {}", w.token().sign()))).by(Anyone).code("auth_header_scheme_unsupported").see(&["RFC 9110 §5.3"]),
    refuse_request(High, "two-schemes-in-two-headers", "Basic in one header, a good token in another.", |w| Attempt::headers(["Basic b3JkZXJzOnNlY3JldA==".to_owned(), format!("Bearer {}", w.token().sign())])).by(Anyone).see(&["RFC 9110 §5.3"]),
    refuse_text(Low, "percent-encoded-dots", "The dots of a good token percent-encoded.", |w| w.token().sign().replace('.', "%2E")).by(Anyone),
    refuse_text(Low, "wide-dots", "The dots of a good token replaced by ones that look alike.", |w| w.token().sign().replace('.', "\u{ff0e}")).by(Anyone),
    refuse_text(Medium, "object", "What a client prints that took an object for text.", |_| "[object Object]".to_owned()).by(Anyone),
    refuse_text(Low, "comma-alone", "A comma for a token.", |_| ",".to_owned()).by(Anyone),
    refuse_text(High, "json-serialisation", "The flattened JSON serialisation of a good token.", |w| w.forge().json_serialisation(false)).by(Anyone).see(&["RFC 8725 §2.7", "CVE-2024-21664"]),
    refuse_text(High, "json-serialisation-general", "The general JSON serialisation of a good token.", |w| w.forge().json_serialisation(true)).by(Anyone).see(&["RFC 7515 §7.2.1", "CVE-2024-21664"]),
    refuse_text(Critical, "json-polyglot", "JSON for one reader, a compact token for another: the honest parts inside, and forged claims between dots.", |w| w.forge().json_polyglot()).by(TokenHolder).see(&["CVE-2022-39227", "CVE-2024-5037"]),
    refuse_request(Medium, "token-in-query", "A good token in the query, where logs and referrers keep it.", |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Query(w.token().sign()))).by(Anyone).code("auth_header_missing").see(&["RFC 6750 §2.3", "RFC 9700 §4.3.2"]),
    refuse_request(Low, "token-in-form", "A good token in the body.", |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Form(w.token().sign()))).by(Anyone).code("auth_header_missing").see(&["RFC 6750 §2.2"]),
    refuse_request(Medium, "token-in-cookie", "A good token in a cookie, which a browser sends along for every page.", |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Header("Cookie", format!("access_token={}", w.token().sign())))).by(Anyone).code("auth_header_missing").see(&["RFC 6750 §2"]),
    refuse_request(Low, "token-in-x-authorization", "A good token in a header that only looks right.", |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Header("X-Authorization", format!("Bearer {}", w.token().sign())))).by(Anyone).code("auth_header_missing").see(&["RFC 9110 §11.6.2"]),
    refuse_request(Low, "token-for-the-proxy", "A good token in the header that is for a proxy.", |w| Attempt::headers::<&str>([]).with_token_elsewhere(Carrier::Header("Proxy-Authorization", format!("Bearer {}", w.token().sign())))).by(Anyone).code("auth_header_missing").see(&["RFC 9110 §11.7.2"]),
    refuse_request(Medium, "junk-besides-query", "Junk in the header, a good token in the query.", |w| Attempt::token("junk").with_token_elsewhere(Carrier::Query(w.token().sign()))).by(Anyone).caught_as("auth_token_invalid").see(&["RFC 6750 §2"]),
    refuse_request(Low, "header-and-query", "A good token in the header, and another way besides.", |w| Attempt::token(w.token().sign()).with_token_elsewhere(Carrier::Query(w.token().sign()))).by(Anyone).either("RFC 6750 §2 forbids the client to use two ways; a server that knows one way alone sees nothing wrong").see(&["RFC 6750 §2"]),
    refuse_request(Low, "equals-signs-alone", "Padding and nothing else for a token.", |_| Attempt::header("Bearer ==")).by(Anyone),
];
