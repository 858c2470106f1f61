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
    about: "The `aud` claim: the API that the token was issued for.",
    harm: "Any other API that somebody signs in to, and whoever runs it, can use that person's tokens \
        here.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another-api", "`aud` is another API", |w| w.token().claim("aud", "api://someone-else"))
        .by(TokenHolder),
    refuse(Critical, "graph", "`aud` is Microsoft Graph, by its URL", |w| {
        w.token().claim("aud", "https://graph.microsoft.com")
    })
    .by(TokenHolder),
    refuse(Critical, "graph-id", "`aud` is Microsoft Graph, by its application id", |w| {
        w.token().claim("aud", "00000003-0000-0000-c000-000000000000")
    })
    .by(TokenHolder),
    refuse(High, "client", "`aud` is the client's own id", |w| w.token().claim("aud", w.client_id()))
        .by(TokenHolder),
    refuse(Medium, "identifier-uri", "`aud` is our identifier URI, which v2.0 tokens never have", |w| {
        w.token().claim("aud", "api://orders")
    })
    .by(TokenHolder)
    .on(VersionTwo),
    refuse(High, "empty", "`aud` is the empty string", |w| w.token().claim("aud", "")),
    refuse(High, "empty-array", "`aud` is an empty array", |w| w.token().claim("aud", json!([]))),
    refuse(High, "array-of-others", "`aud` is an array of other APIs", |w| {
        w.token().claim("aud", json!(["api://a", "api://b"]))
    })
    .by(TokenHolder),
    refuse(Low, "upper-case", "`aud` is our audience in upper case", |w| {
        w.token().claim("aud", w.audience().to_uppercase())
    }),
    refuse(Low, "trailing-slash", "`aud` is our audience followed by a slash", |w| {
        w.token().claim("aud", format!("{}/", w.audience()))
    })
    .either("clients may write the slash, and Microsoft's own library ignores one")
    .see(&["Microsoft.IdentityModel: IgnoreTrailingSlashWhenValidatingAudience"]),
    refuse(Low, "two-trailing-slashes", "`aud` is our audience followed by two slashes", |w| {
        w.token().claim("aud", format!("{}//", w.audience()))
    }),
    refuse(Medium, "prefix", "`aud` is our audience without its last character", |w| {
        w.token().claim("aud", w.audience()[..w.audience().len() - 1].to_owned())
    }),
    refuse(Low, "ours-and-another", "`aud` is an array with our audience and another one", |w| {
        w.token().claim("aud", json!([w.audience(), "https://graph.microsoft.com"]))
    })
    .either("RFC 7519 §4.1.3 allows it, but Entra never sends it")
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Critical, "azure-management", "`aud` is Azure Resource Manager", |w| {
        w.token().claim("aud", "https://management.azure.com")
    })
    .by(TokenHolder),
    refuse(Critical, "azure-ad-graph", "`aud` is the retired Azure AD Graph", |w| {
        w.token().claim("aud", "00000002-0000-0000-c000-000000000000")
    })
    .by(TokenHolder),
    refuse(High, "suffix", "`aud` is our audience followed by another domain", |w| {
        w.token().claim("aud", format!("{}.evil.example", w.audience()))
    })
    .see(&["CVE-2024-53861"]),
    refuse(Medium, "with-scope", "`aud` is our audience followed by a scope", |w| {
        w.token().claim("aud", format!("{}/Orders.Read", w.audience()))
    }),
    refuse(Medium, "space-separated", "`aud` is our audience and another one, separated by a space", |w| {
        w.token().claim("aud", format!("{} api://another", w.audience()))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "trailing-nul", "`aud` is our audience followed by a NUL", |w| {
        w.token().claim("aud", format!("{}\0", w.audience()))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "wildcard", "`aud` is an asterisk", |w| w.token().claim("aud", "*"))
        .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "tenant", "`aud` is the tenant's id", |w| w.token().claim("aud", w.tenant_id()))
        .see(&["RFC 7519 §4.1.3"]),
];
