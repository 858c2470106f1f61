//! Step 10: the tenant (`tid`).

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(10),
    name: "tenant",
    codes: &["auth_token_tenant_not_trusted"],
    reference: "Entra: claims validation",
    about: "The `tid` claim: the directory that the token belongs to.",
    harm: "Entra signs for all tenants with the same keys, so any organisation in the world gets \
        access.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another", "A genuine token of another tenant", |w| {
        w.token().tenant("fabrikam").user("carol").client("orders-spa")
    })
    .by(TokenHolder),
    refuse(Critical, "another-by-tid-alone", "`tid` names another tenant, and `iss` ours", |w| {
        w.token().claim("tid", "bbbbbbbb-0000-4000-8000-000000000002")
    })
    .see(&["Entra: claims validation", "CVE-2025-55241"]),
    refuse(High, "common", "`tid` is `common`", |w| w.token().claim("tid", "common")),
    refuse(High, "domain", "`tid` is our tenant's domain instead of its GUID", |w| {
        w.token().claim("tid", "contoso.example")
    }),
    refuse(High, "personal-accounts", "`tid` is the tenant of personal Microsoft accounts", |w| {
        w.token().claim("tid", "9188040d-6c67-4c5b-b112-36a304b66dad")
    })
    .by(TokenHolder),
    refuse(Low, "braces", "`tid` is our tenant's GUID in braces", |w| {
        w.token().claim("tid", format!("{{{}}}", w.tenant_id()))
    }),
    refuse(Low, "upper-case", "`tid` is our tenant's GUID in upper case", |w| {
        w.token().claim("tid", w.tenant_id().to_uppercase())
    }),
    refuse(High, "organizations", "`tid` is `organizations`", |w| w.token().claim("tid", "organizations")),
    refuse(Medium, "zeros", "`tid` is the all-zero GUID", |w| {
        w.token().claim("tid", "00000000-0000-0000-0000-000000000000")
    }),
    refuse(High, "prefix", "`tid` is our tenant's GUID without its last character", |w| {
        w.token().claim("tid", w.tenant_id()[..w.tenant_id().len() - 1].to_owned())
    }),
    refuse(Critical, "part-of-the-issuer", "`tid` is `v2.0`, a part of the issuer's path", |w| {
        w.token().claim("tid", "v2.0")
    }),
    refuse(Low, "trailing-space", "`tid` is our tenant's GUID followed by a space", |w| {
        w.token().claim("tid", format!("{} ", w.tenant_id()))
    }),
    refuse(High, "template", "`tid` is `{tenantid}`, the placeholder of multi-tenant metadata", |w| {
        w.token().claim("tid", "{tenantid}")
    }),
];
