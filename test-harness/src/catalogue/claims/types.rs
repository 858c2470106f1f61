//! The types of claims that are text, lists or names.

use serde_json::{Map, Value, json};

use crate::catalogue::row::{Row, refuse};
use crate::{
    Setting::VersionTwo,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const ROWS: &[Row] = &[
    refuse(High, "iss-null", "`iss` is null", |w| w.token().claim("iss", Value::Null))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "iss-number", "`iss` is a number", |w| w.token().claim("iss", json!(1)))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "iss-array", "`iss` is an empty array", |w| w.token().claim("iss", json!([])))
        .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "sub-null", "`sub` is null", |w| w.token().claim("sub", Value::Null))
        .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "sub-number", "`sub` is a number", |w| w.token().claim("sub", json!(1)))
        .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "sub-array", "`sub` is an array", |w| w.token().claim("sub", json!(["a"])))
        .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "sub-empty", "`sub` is the empty string", |w| w.token().claim("sub", json!("")))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "aud-null", "`aud` is null", |w| w.token().claim("aud", Value::Null))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "aud-number", "`aud` is a number", |w| w.token().claim("aud", json!(1)))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "aud-object", "`aud` is an empty object", |w| w.token().claim("aud", json!({})))
        .see(&["RFC 7519 §4.1"]),
    refuse(High, "aud-array-of-arrays", "`aud` is an array with an empty array", |w| {
        w.token().claim("aud", json!([[]]))
    })
    .see(&["RFC 7519 §4.1"]),
    refuse(High, "aud-array-of-null", "`aud` is an array with a null", |w| {
        w.token().claim("aud", json!([null]))
    })
    .see(&["RFC 7519 §4.1"]),
    refuse(Medium, "ver-number", "`ver` is the number 2.0", |w| w.token().claim("ver", json!(2.0))),
    refuse(Medium, "tid-array", "`tid` is an array", |w| w.token().claim("tid", json!(["x"]))),
    refuse(Medium, "azp-array", "`azp` is an array", |w| w.token().claim("azp", json!(["x"]))).on(VersionTwo),
    refuse(Medium, "oid-number", "`oid` is a number", |w| w.token().claim("oid", json!(1))),
    refuse(Medium, "scp-array", "`scp` is an array", |w| w.token().claim("scp", json!(["Orders.Read"]))),
    refuse(Medium, "scp-number", "`scp` is a number", |w| w.token().claim("scp", json!(1))),
    refuse(Medium, "scp-null", "`scp` is null", |w| w.token().claim("scp", Value::Null)),
    refuse(High, "roles-string", "`roles` is a string", |w| {
        w.token().claim("roles", json!("Orders.Read.All"))
    }),
    refuse(High, "roles-number", "`roles` is a number", |w| w.token().claim("roles", json!(1))),
    refuse(High, "roles-null", "`roles` is null", |w| w.token().claim("roles", Value::Null)),
    refuse(High, "roles-array-of-numbers", "`roles` is an array with a number", |w| {
        w.token().claim("roles", json!([1]))
    }),
    refuse(High, "roles-array-of-arrays", "`roles` is an array with an array", |w| {
        w.token().claim("roles", json!([["Orders.Read.All"]]))
    }),
    refuse(High, "roles-object", "`roles` is an object", |w| {
        w.token().claim("roles", json!({"Orders.Read.All":1}))
    }),
    refuse(Critical, "iss-ours-and-another", "`iss` is an array with our issuer and another one", |w| {
        w.token().claim("iss", json!([w.issuer(), "https://evil.example"]))
    })
    .see(&["CVE-2025-30144"]),
    refuse(Low, "aud-ours-and-a-number", "`aud` is an array with our audience and a number", |w| {
        w.token().claim("aud", json!([w.audience(), 1]))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "sub-spaces", "`sub` consists of spaces", |w| w.token().claim("sub", "   "))
        .see(&["RFC 7519 §4.1.2"]),
    refuse(Medium, "sub-object", "`sub` is an object", |w| w.token().claim("sub", json!({})))
        .see(&["RFC 7519 §4.1.2"]),
    refuse(High, "iss-empty", "`iss` is the empty string", |w| w.token().claim("iss", ""))
        .see(&["RFC 7519 §4.1.1"]),
    refuse(High, "iss-object", "`iss` is an object", |w| w.token().claim("iss", json!({})))
        .see(&["RFC 7519 §4.1.1"]),
    refuse(High, "iss-boolean", "`iss` is a boolean", |w| w.token().claim("iss", true))
        .see(&["RFC 7519 §4.1.1"]),
    refuse(Critical, "iss-ours-in-an-array", "`iss` is an array with our issuer as its only element", |w| {
        w.token().claim("iss", json!([w.issuer()]))
    })
    .see(&["CVE-2025-30144"]),
    refuse(High, "aud-boolean", "`aud` is a boolean", |w| w.token().claim("aud", true))
        .see(&["CVE-2020-26160"]),
    refuse(High, "aud-ours-as-a-member", "`aud` is an object with our audience as a member name", |w| {
        w.token().claim("aud", Map::from_iter([(w.audience().to_owned(), 1.into())]))
    })
    .see(&["CVE-2020-26160"]),
    refuse(High, "aud-ours-nested", "`aud` is an array with an array with our audience", |w| {
        w.token().claim("aud", json!([[w.audience()]]))
    })
    .see(&["RFC 7519 §4.1.3"]),
    refuse(Medium, "ver-integer", "`ver` is the number 2", |w| w.token().claim("ver", 2)),
    refuse(Medium, "ver-array", "`ver` is an array", |w| w.token().claim("ver", json!(["2.0"]))),
    refuse(Medium, "ver-empty", "`ver` is the empty string", |w| w.token().claim("ver", "")),
    refuse(High, "tid-null", "`tid` is null", |w| w.token().claim("tid", ())),
    refuse(High, "tid-empty", "`tid` is the empty string", |w| w.token().claim("tid", "")),
    refuse(Medium, "tid-number", "`tid` is a number", |w| w.token().claim("tid", 1)),
    refuse(Medium, "azp-null", "`azp` is null", |w| w.token().claim("azp", ())).on(VersionTwo),
    refuse(Medium, "azp-empty", "`azp` is the empty string", |w| w.token().claim("azp", "")).on(VersionTwo),
    refuse(Medium, "oid-array", "`oid` is an array", |w| w.token().claim("oid", json!(["x"]))),
    refuse(Medium, "scp-object", "`scp` is an object", |w| w.token().claim("scp", json!({}))),
    refuse(Medium, "scp-boolean", "`scp` is a boolean", |w| w.token().claim("scp", true)),
    refuse(High, "roles-boolean", "`roles` is a boolean", |w| w.token().claim("roles", true)),
    refuse(High, "roles-array-of-null", "`roles` is an array with a null", |w| {
        w.token().claim("roles", json!([null]))
    }),
    refuse(Medium, "idtyp-array", "`idtyp` is an array", |w| w.token().claim("idtyp", json!(["app"])))
        .see(&["Entra: optional claims reference"]),
    refuse(Low, "acct-string", "`acct` is the string \"1\", and `idp` is another tenant", |w| {
        w.token().claim("acct", "1").claim("idp", ANOTHER_TENANT)
    })
    .either(GUESTS)
    .see(&["Entra: optional claims, acct"]),
    refuse(Low, "acct-null", "`acct` is null, and `idp` is another tenant", |w| {
        w.token().claim("acct", ()).claim("idp", ANOTHER_TENANT)
    })
    .either(GUESTS)
    .see(&["Entra: optional claims, acct"]),
    refuse(Low, "acct-two", "`acct` is 2", |w| w.token().claim("acct", 2))
        .either(GUESTS)
        .see(&["Entra: optional claims, acct"]),
    refuse(Low, "idp-array", "`idp` is an array with another tenant", |w| {
        w.token().claim("idp", json!([ANOTHER_TENANT]))
    })
    .either(GUESTS)
    .see(&["Entra: access token claims reference, idp"]),
];

const ANOTHER_TENANT: &str = "https://sts.windows.net/bbbbbbbb-0000-4000-8000-000000000002/";
const GUESTS: &str = "only an API that refuses guests must read it, and must not read it as \"no guest\"";
