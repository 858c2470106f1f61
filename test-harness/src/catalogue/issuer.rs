//! Step 11: the issuer (`iss`), and which issuer the key may sign for.

use serde_json::json;

use super::{
    Group,
    row::{Row, accept, refuse},
};
use crate::{
    Attacker::{Anyone, Provider, TokenHolder},
    Setting::{AnyOrganization, VersionTwo},
    Severity::{Critical, High, Low, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(11),
    name: "issuer",
    codes: &["auth_token_issuer_untrusted"],
    reference: "RFC 7519 §4.1.1",
    about: "The `iss` claim, and the issuer that the key's own entry names.",
    harm: "Another tenant's, another cloud's or an attacker's issuer counts as ours; a stolen key for \
        personal accounts opens organisations (Storm-0558).",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another-tenant", "`iss` is another tenant's issuer, and `tid` ours", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"))
    })
    .see(&["Entra: claims validation"]),
    refuse(High, "version-one", "`iss` is our tenant's v1.0 issuer", |w| {
        w.token().claim("iss", format!("https://sts.windows.net/{}/", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Entra: access token claims reference"]),
    refuse(High, "without-version", "`iss` is our issuer without `/v2.0`", |w| {
        w.token().claim("iss", w.issuer().trim_end_matches("/v2.0"))
    })
    .by(TokenHolder)
    .on(VersionTwo),
    refuse(Low, "trailing-slash", "`iss` is our issuer followed by a slash", |w| {
        w.token().claim("iss", format!("{}/", w.issuer()))
    }),
    refuse(Low, "upper-case", "`iss` is our issuer with the tenant's GUID in upper case", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &w.tenant_id().to_uppercase()))
    }),
    refuse(Critical, "prefix", "`iss` is our issuer without its last two characters", |w| {
        w.token().claim("iss", w.issuer()[..w.issuer().len() - 2].to_owned())
    })
    .see(&["CVE-2024-53861"]),
    refuse(Critical, "suffix", "`iss` is our issuer followed by another domain", |w| {
        w.token().claim("iss", format!("{}.evil.example", w.issuer()))
    }),
    refuse(Critical, "substring", "`iss` is an attacker's URL that contains our issuer", |w| {
        w.token().claim("iss", format!("https://evil.example/{}", w.issuer()))
    }),
    refuse(Critical, "one-character", "`iss` is the single letter `h`", |w| w.token().claim("iss", "h"))
        .see(&["CVE-2024-53861"]),
    refuse(Critical, "template", "`iss` has the placeholder `{tenantid}` in place of the tenant", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "{tenantid}"))
    }),
    refuse(Critical, "common", "`iss` has `common` in place of the tenant", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "common"))
    }),
    refuse(Medium, "fragment", "`iss` is our issuer followed by a fragment", |w| {
        w.token().claim("iss", format!("{}#x", w.issuer()))
    }),
    refuse(Medium, "trailing-newline", "`iss` is our issuer followed by a line break", |w| {
        w.token().claim("iss", format!("{}\n", w.issuer()))
    }),
    refuse(Medium, "real-entra", "`iss` is the issuer that the real Entra ID uses for our tenant", |w| {
        w.token().claim("iss", format!("https://login.microsoftonline.com/{}/v2.0", w.tenant_id()))
    }),
    refuse(
        Critical,
        "key-of-another-tenant",
        "The signing key's `issuer` is the tenant of personal accounts",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .see(&["Storm-0558", "Entra: access tokens, signing key issuer"])
    .publishing(|w| {
        w.other_jwk(
            json!({"issuer": w.issuer().replace(w.tenant_id(), "9188040d-6c67-4c5b-b112-36a304b66dad")}),
        )
    }),
    refuse(High, "key-of-another-cloud", "The signing key's `cloud_instance_name` is another cloud", |w| {
        w.token().signed_by(w.other_key())
    })
    .by(Provider)
    .see(&["Microsoft.IdentityModel: IDX40012"])
    .publishing(|w| w.other_jwk(json!({"cloud_instance_name": "microsoftonline.us"}))),
    refuse(
        High,
        "key-without-issuer-for-any-tenant",
        "The signing key has no `issuer`, at an API for every tenant",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .on(AnyOrganization)
    .see(&["Entra: access tokens, signing key issuer"])
    .publishing(|w| w.other_jwk_without("issuer")),
    refuse(Medium, "another-scheme", "`iss` is our issuer with the scheme `ftp`", |w| {
        w.token().claim("iss", format!("ftp{}", &w.issuer()[w.issuer().find(':').unwrap_or(0)..]))
    })
    .see(&["RFC 9207 §2.4"]),
    refuse(Medium, "user-information", "`iss` is our issuer with user information before the host", |w| {
        w.token().claim("iss", w.issuer().replace("://", "://a@"))
    }),
    refuse(Medium, "query", "`iss` is our issuer followed by a query", |w| {
        w.token().claim("iss", format!("{}?x", w.issuer()))
    }),
    refuse(Medium, "dot-segment", "`iss` is our issuer with a dot segment in its path", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &format!("./{}", w.tenant_id())))
    })
    .see(&["RFC 3986 §5.2.4"]),
    refuse(Medium, "percent-encoded", "`iss` is our issuer with a percent-encoded character", |w| {
        w.token().claim("iss", w.issuer().replacen('-', "%2D", 1))
    })
    .see(&["RFC 3986 §6.2.2.2"]),
    refuse(Medium, "two-slashes", "`iss` is our issuer with a doubled slash", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &format!("/{}", w.tenant_id())))
    }),
    refuse(Medium, "leading-space", "`iss` is our issuer after a space", |w| {
        w.token().claim("iss", format!(" {}", w.issuer()))
    }),
    refuse(Medium, "trailing-nul", "`iss` is our issuer followed by a NUL", |w| {
        w.token().claim("iss", format!("{}\0", w.issuer()))
    }),
    refuse(Medium, "look-alike", "`iss` is our issuer with a Cyrillic look-alike letter", |w| {
        w.token().claim("iss", w.issuer().replacen('p', "\u{440}", 1))
    }),
    refuse(Critical, "organizations", "`iss` has `organizations` in place of the tenant", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "organizations"))
    }),
    refuse(Medium, "domain", "`iss` has the tenant's domain in place of its GUID", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "contoso.example"))
    }),
    refuse(Medium, "customers", "`iss` is the issuer of an external tenant (`ciamlogin.com`)", |w| {
        w.token().claim("iss", format!("https://{0}.ciamlogin.com/{0}/v2.0", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Entra External ID: issuers"]),
    refuse(Medium, "b2c", "`iss` is the issuer of an Azure AD B2C tenant", |w| {
        w.token().claim("iss", format!("https://contoso.b2clogin.com/{}/v2.0/", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Azure AD B2C: token overview"]),
    refuse(High, "us-government", "`iss` is the issuer of the US government cloud", |w| {
        w.token().claim("iss", format!("https://login.microsoftonline.us/{}/v2.0", w.tenant_id()))
    })
    .see(&["Entra: national clouds"]),
    refuse(Critical, "attackers-own", "`iss` is an attacker's server, whose key signed the token", |w| {
        w.token().signed_by(w.attacker_key()).claim("iss", "http://127.0.0.1:9/evil/v2.0")
    })
    .by(Anyone)
    .caught_as("auth_token_key_unknown")
    .see(&["RFC 8725 §3.8"]),
    refuse(Critical, "key-for-another-tenant", "The signing key's `issuer` is one other tenant", |w| {
        w.token().signed_by(w.other_key())
    })
    .by(Provider)
    .see(&["Storm-0558", "Entra: access tokens, signing key issuer"])
    .publishing(|w| {
        w.other_jwk(
            json!({"issuer": w.issuer().replace(w.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002")}),
        )
    }),
    accept(
        Medium,
        "key-for-every-tenant",
        "The signing key's `issuer` is the template for every tenant",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .see(&["Entra: access tokens, signing key issuer"])
    .publishing(|w| w.other_jwk(json!({"issuer": w.issuer().replace(w.tenant_id(), "{tenantid}")}))),
];
