//! Step 11: the issuer (`iss`), and for whom the key may sign.

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
    about: "`iss`, and what the key's own entry says of whom it may sign for.",
    harm: "Another tenant's, another cloud's or an attacker's issuer counts as ours; a stolen key for \
        personal accounts opens organisations (Storm-0558).",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Critical, "another-tenant", "Another tenant's issuer, with our `tid`.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "bbbbbbbb-0000-4000-8000-000000000002"))
    })
    .see(&["Entra: claims validation"]),
    refuse(High, "version-one", "The issuer of version 1.0.", |w| {
        w.token().claim("iss", format!("https://sts.windows.net/{}/", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Entra: access token claims reference"]),
    refuse(High, "without-version", "The issuer without `/v2.0`.", |w| {
        w.token().claim("iss", w.issuer().trim_end_matches("/v2.0"))
    })
    .by(TokenHolder)
    .on(VersionTwo),
    refuse(Low, "trailing-slash", "The issuer with a slash behind it.", |w| {
        w.token().claim("iss", format!("{}/", w.issuer()))
    }),
    refuse(Low, "upper-case", "The tenant in the issuer in upper case.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &w.tenant_id().to_uppercase()))
    }),
    refuse(Critical, "prefix", "The issuer less its last two characters.", |w| {
        w.token().claim("iss", w.issuer()[..w.issuer().len() - 2].to_owned())
    })
    .see(&["CVE-2024-53861"]),
    refuse(Critical, "suffix", "The issuer with another host behind it.", |w| {
        w.token().claim("iss", format!("{}.evil.example", w.issuer()))
    }),
    refuse(Critical, "substring", "The issuer inside another address.", |w| {
        w.token().claim("iss", format!("https://evil.example/{}", w.issuer()))
    }),
    refuse(Critical, "one-character", "One character.", |w| w.token().claim("iss", "h"))
        .see(&["CVE-2024-53861"]),
    refuse(Critical, "template", "The template as the metadata for many tenants has it.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "{tenantid}"))
    }),
    refuse(Critical, "common", "`common` in the tenant's place.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "common"))
    }),
    refuse(Medium, "fragment", "A fragment behind it.", |w| {
        w.token().claim("iss", format!("{}#x", w.issuer()))
    }),
    refuse(Medium, "trailing-newline", "A line break behind it.", |w| {
        w.token().claim("iss", format!("{}\n", w.issuer()))
    }),
    refuse(Medium, "real-entra", "The issuer of the real Entra ID.", |w| {
        w.token().claim("iss", format!("https://login.microsoftonline.com/{}/v2.0", w.tenant_id()))
    }),
    refuse(
        Critical,
        "key-of-another-tenant",
        "A genuine key that may sign for the tenant of personal accounts only.",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .see(&["Storm-0558", "Entra: access tokens, signing key issuer"])
    .publishing(|w| {
        w.other_jwk(
            json!({"issuer": w.issuer().replace(w.tenant_id(), "9188040d-6c67-4c5b-b112-36a304b66dad")}),
        )
    }),
    refuse(High, "key-of-another-cloud", "A genuine key of another cloud, in the public key set.", |w| {
        w.token().signed_by(w.other_key())
    })
    .by(Provider)
    .see(&["Microsoft.IdentityModel: IDX40012"])
    .publishing(|w| w.other_jwk(json!({"cloud_instance_name": "microsoftonline.us"}))),
    refuse(
        High,
        "key-without-issuer-for-any-tenant",
        "A key that says nothing of its issuer, where every tenant is served.",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .on(AnyOrganization)
    .see(&["Entra: access tokens, signing key issuer"])
    .publishing(|w| w.other_jwk_without("issuer")),
    refuse(Medium, "another-scheme", "Another scheme.", |w| {
        w.token().claim("iss", format!("ftp{}", &w.issuer()[w.issuer().find(':').unwrap_or(0)..]))
    })
    .see(&["RFC 9207 §2.4"]),
    refuse(Medium, "user-information", "A user name in front of the host.", |w| {
        w.token().claim("iss", w.issuer().replace("://", "://a@"))
    }),
    refuse(Medium, "query", "A query behind it.", |w| w.token().claim("iss", format!("{}?x", w.issuer()))),
    refuse(Medium, "dot-segment", "A dot segment in the path.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &format!("./{}", w.tenant_id())))
    })
    .see(&["RFC 3986 §5.2.4"]),
    refuse(Medium, "percent-encoded", "A character percent-encoded.", |w| {
        w.token().claim("iss", w.issuer().replacen('-', "%2D", 1))
    })
    .see(&["RFC 3986 §6.2.2.2"]),
    refuse(Medium, "two-slashes", "A slash too many.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), &format!("/{}", w.tenant_id())))
    }),
    refuse(Medium, "leading-space", "A space in front of it.", |w| {
        w.token().claim("iss", format!(" {}", w.issuer()))
    }),
    refuse(Medium, "trailing-nul", "A NUL behind it.", |w| {
        w.token().claim("iss", format!("{}\0", w.issuer()))
    }),
    refuse(Medium, "look-alike", "A letter that looks alike.", |w| {
        w.token().claim("iss", w.issuer().replacen('p', "\u{440}", 1))
    }),
    refuse(Critical, "organizations", "`organizations` in the tenant's place.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "organizations"))
    }),
    refuse(Medium, "domain", "The tenant's domain in its place.", |w| {
        w.token().claim("iss", w.issuer().replace(w.tenant_id(), "contoso.example"))
    }),
    refuse(Medium, "customers", "The issuer of a tenant for customers.", |w| {
        w.token().claim("iss", format!("https://{0}.ciamlogin.com/{0}/v2.0", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Entra External ID: issuers"]),
    refuse(Medium, "b2c", "The issuer of Azure AD B2C.", |w| {
        w.token().claim("iss", format!("https://contoso.b2clogin.com/{}/v2.0/", w.tenant_id()))
    })
    .by(TokenHolder)
    .see(&["Azure AD B2C: token overview"]),
    refuse(High, "us-government", "The issuer of another cloud.", |w| {
        w.token().claim("iss", format!("https://login.microsoftonline.us/{}/v2.0", w.tenant_id()))
    })
    .see(&["Entra: national clouds"]),
    refuse(Critical, "attackers-own", "The issuer of an attacker's server, signed by the attacker.", |w| {
        w.token().signed_by(w.attacker_key()).claim("iss", "http://127.0.0.1:9/evil/v2.0")
    })
    .by(Anyone)
    .caught_as("auth_token_key_unknown")
    .see(&["RFC 8725 §3.8"]),
    refuse(
        Critical,
        "key-for-another-tenant",
        "A genuine key that may sign for one other tenant only.",
        |w| w.token().signed_by(w.other_key()),
    )
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
        "A key that may sign for every tenant: the template filled with ours is our issuer.",
        |w| w.token().signed_by(w.other_key()),
    )
    .by(Provider)
    .see(&["Entra: access tokens, signing key issuer"])
    .publishing(|w| w.other_jwk(json!({"issuer": w.issuer().replace(w.tenant_id(), "{tenantid}")}))),
];
