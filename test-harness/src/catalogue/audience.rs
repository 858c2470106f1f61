//! Step 12: the audience (`aud`).

use serde_json::json;

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Setting::VersionTwo,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(12),
    name: "audience",
    codes: &["auth_token_audience_invalid"],
    reference: "RFC 8725 §3.9",
    about: "`aud`: for which API the token was issued.",
    harm: "Any other API that somebody signs in to, and whoever runs it, can use that person's tokens \
        here.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another-api", "A genuine token for another API.", |w| {
        w.token().claim("aud", "api://someone-else")
    })
    .by(TokenHolder),
    refuse(Critical, "graph", "A genuine token for Microsoft Graph.", |w| {
        w.token().claim("aud", "https://graph.microsoft.com")
    })
    .by(TokenHolder),
    refuse(Critical, "graph-id", "Microsoft Graph by its id.", |w| {
        w.token().claim("aud", "00000003-0000-0000-c000-000000000000")
    })
    .by(TokenHolder),
    refuse(High, "client", "The client's own id.", |w| w.token().claim("aud", w.client_id())).by(TokenHolder),
    refuse(Medium, "identifier-uri", "Our identifier URI, which a v2.0 token never has.", |w| {
        w.token().claim("aud", "api://orders")
    })
    .by(TokenHolder)
    .on(VersionTwo),
    refuse(High, "empty", "Empty.", |w| w.token().claim("aud", "")),
    refuse(High, "empty-array", "An empty array: \"all of them match\".", |w| {
        w.token().claim("aud", json!([]))
    }),
    refuse(High, "array-of-others", "Others, in an array.", |w| {
        w.token().claim("aud", json!(["api://a", "api://b"]))
    })
    .by(TokenHolder),
    refuse(Low, "upper-case", "Ours in upper case.", |w| w.token().claim("aud", w.audience().to_uppercase())),
    refuse(Low, "trailing-slash", "Ours with a slash behind it.", |w| {
        w.token().claim("aud", format!("{}/", w.audience()))
    }),
    refuse(Medium, "prefix", "Ours less its last character.", |w| {
        w.token().claim("aud", w.audience()[..w.audience().len() - 1].to_owned())
    }),
    refuse(Low, "ours-and-another", "Ours and another in one array.", |w| {
        w.token().claim("aud", json!([w.audience(), "https://graph.microsoft.com"]))
    })
    .either("RFC 7519 §4.1.3 takes it; Entra never sends it")
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Critical, "azure-management", "A genuine token for the management of Azure.", |w| {
        w.token().claim("aud", "https://management.azure.com")
    })
    .by(TokenHolder),
    refuse(Critical, "azure-ad-graph", "A genuine token for the old graph.", |w| {
        w.token().claim("aud", "00000002-0000-0000-c000-000000000000")
    })
    .by(TokenHolder),
    refuse(High, "suffix", "Our audience with more behind it.", |w| {
        w.token().claim("aud", format!("{}.evil.example", w.audience()))
    })
    .see(&["CVE-2024-53861"]),
    refuse(Medium, "with-scope", "Our audience and a scope in one.", |w| {
        w.token().claim("aud", format!("{}/Orders.Read", w.audience()))
    }),
    refuse(Medium, "space-separated", "Our audience and another, separated by a space.", |w| {
        w.token().claim("aud", format!("{} api://another", w.audience()))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "trailing-nul", "Our audience and a NUL.", |w| {
        w.token().claim("aud", format!("{}\0", w.audience()))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "wildcard", "A star.", |w| w.token().claim("aud", "*")).see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "tenant", "The tenant's id.", |w| w.token().claim("aud", w.tenant_id()))
        .see(&["RFC 7519 §4.1.3"]),
];
