//! Step 17: the client application (`azp`, `appid`), where there is an allow-list.

use super::{
    Group,
    row::{Row, accept, refuse},
};
use crate::{
    Attacker::TokenHolder,
    Setting::AllowedClient,
    Severity::{High, Info, Medium},
};

pub(super) const GROUP: Group = Group {
    step: Some(17),
    name: "client",
    codes: &["auth_token_azp_not_trusted"],
    reference: "Entra: access token claims reference",
    about: "The `azp` or `appid` claim, at an API that allows only some client applications.",
    harm: "Applications that nobody approved act on behalf of users.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    refuse(Medium, "not-allowed", "The client is not on the allow-list", |w| {
        w.token().claim(w.client_claim(), "dddddddd-0000-4000-8000-00000000ffff")
    })
    .by(TokenHolder)
    .on(AllowedClient)
    .see(&["flask-entra-auth: ENTRA_AUTH_ALLOWED_APPS"]),
    accept(Info, "allowed", "The client is on the allow-list, and the token has no `scp`", |w| {
        w.token().claim(w.client_claim(), w.allowed_client()).without("scp")
    })
    .by(TokenHolder)
    .on(AllowedClient)
    .see(&["Microsoft.Identity.Web: AllowWebApiToBeAuthorizedByACL"]),
    refuse(Medium, "allowed-in-upper-case", "The client's id is an allowed one in upper case", |w| {
        w.token().claim(w.client_claim(), w.allowed_client().to_uppercase())
    })
    .on(AllowedClient)
    .see(&["RFC 7519 §4.1"]),
    refuse(
        Medium,
        "appid-in-version-two",
        "An allowed client is in `appid`, the claim of v1.0 tokens, and there is no `azp`",
        |w| w.token().without_if_present("azp").claim("appid", w.allowed_client()),
    )
    .caught_as("auth_token_claim_missing")
    .on(AllowedClient),
    refuse(Medium, "appid-besides", "An allowed client is in `appid`, and another one in `azp`", |w| {
        w.token().claim("azp", "dddddddd-0000-4000-8000-00000000ffff").claim("appid", w.allowed_client())
    })
    .on(AllowedClient),
    refuse(Medium, "prefix", "The client's id is an allowed one without its last character", |w| {
        w.token().claim(w.client_claim(), w.allowed_client()[..w.allowed_client().len() - 1].to_owned())
    })
    .on(AllowedClient)
    .see(&["RFC 7519 §4.1"]),
    refuse(High, "azure-cli", "The client is the Azure CLI, which every user of the tenant can run", |w| {
        w.token().claim(w.client_claim(), "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
    })
    .by(TokenHolder)
    .on(AllowedClient)
    .see(&["Entra: first-party applications"]),
];
