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
    about: "`tid`: whose directory the token is of.",
    harm: "Entra signs for all tenants with the same keys: every organisation in the world comes in.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another", "A genuine token of another tenant.", |w| {
        w.token().tenant("fabrikam").user("carol").client("orders-spa")
    })
    .by(TokenHolder),
    refuse(Critical, "another-by-tid-alone", "Another tenant's `tid` under our issuer.", |w| {
        w.token().claim("tid", "bbbbbbbb-0000-4000-8000-000000000002")
    })
    .see(&["Entra: claims validation", "CVE-2025-55241"]),
    refuse(High, "common", "`tid` is `common`.", |w| w.token().claim("tid", "common")),
    refuse(High, "domain", "`tid` is `contoso.example`.", |w| w.token().claim("tid", "contoso.example")),
    refuse(High, "personal-accounts", "`tid` is `9188040d-6c67-4c5b-b112-36a304b66dad`.", |w| {
        w.token().claim("tid", "9188040d-6c67-4c5b-b112-36a304b66dad")
    })
    .by(TokenHolder),
    refuse(Low, "braces", "Our tenant in braces.", |w| {
        w.token().claim("tid", format!("{{{}}}", w.tenant_id()))
    }),
    refuse(Low, "upper-case", "Our tenant in upper case.", |w| {
        w.token().claim("tid", w.tenant_id().to_uppercase())
    }),
    refuse(High, "organizations", "`tid` is `organizations`.", |w| w.token().claim("tid", "organizations")),
    refuse(Medium, "zeros", "`tid` is all zeros.", |w| {
        w.token().claim("tid", "00000000-0000-0000-0000-000000000000")
    }),
    refuse(High, "prefix", "Our tenant less its last character: the issuer contains it.", |w| {
        w.token().claim("tid", w.tenant_id()[..w.tenant_id().len() - 1].to_owned())
    }),
    refuse(Critical, "part-of-the-issuer", "`tid` is a word that the issuer contains.", |w| {
        w.token().claim("tid", "v2.0")
    }),
    refuse(Low, "trailing-space", "Our tenant and a space.", |w| {
        w.token().claim("tid", format!("{} ", w.tenant_id()))
    }),
    refuse(High, "template", "`tid` is the template of the metadata for many tenants.", |w| {
        w.token().claim("tid", "{tenantid}")
    }),
];
