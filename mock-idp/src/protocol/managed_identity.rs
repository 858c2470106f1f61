//! The local endpoints of managed identities: IMDS
//! ([virtual machines](https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token))
//! and App Service ([REST
//! endpoint](https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference)). All values
//! are strings.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    directory::{App, Directory},
    idp::Idp,
    requests::Details,
    token::SignedToken,
};

type Parameters = Query<HashMap<String, String>>;

pub(super) async fn imds(
    State(idp): State<Arc<Idp>>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Response {
    // A request that a page or a proxy was tricked into sending does not have it.
    if headers.get("metadata").is_none_or(|value| !value.as_bytes().eq_ignore_ascii_case(b"true")) {
        return refused("invalid_request", "Required metadata header not specified");
    }
    let selector = ["client_id", "object_id", "msi_res_id", "mi_res_id"];
    respond(&idp, &query, &selector, |identity, resource, token| {
        let claim = |name: &str| token.claims.get(name).cloned().unwrap_or_default();
        let seconds = claim("exp").as_i64().unwrap_or_default().saturating_sub(idp.clock.seconds());
        json!({
            "access_token": token.token,
            "refresh_token": "",
            "expires_in": seconds.to_string(),
            "expires_on": claim("exp").to_string(),
            "not_before": claim("nbf").to_string(),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": identity.client_id,
        })
    })
}

/// Any `IDENTITY_HEADER` is accepted: its value keeps others out on a shared machine, and this mock is for tests.
pub(super) async fn app_service(
    State(idp): State<Arc<Idp>>,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Response {
    if !headers.contains_key("x-identity-header") {
        // As other people report it of App Service (Azure/azure-sdk-for-js#11595).
        let mut response = refused("invalid_request", "Required X-IDENTITY-HEADER header not specified");
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return response;
    }
    let selector = ["client_id", "principal_id", "object_id", "mi_res_id"];
    respond(&idp, &query, &selector, |identity, resource, token| {
        json!({
            "access_token": token.token,
            "expires_on": token.claims.get("exp").cloned().unwrap_or_default().to_string(),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": identity.client_id,
        })
    })
}

fn respond(
    idp: &Idp,
    query: &HashMap<String, String>,
    selector: &[&str],
    body: impl Fn(&App, &str, &SignedToken) -> Value,
) -> Response {
    let Some(resource) = query.get("resource").filter(|resource| !resource.is_empty()) else {
        return refused("invalid_resource", "The parameter resource is missing");
    };
    if !query.contains_key("api-version") {
        return refused("invalid_request", "The parameter api-version is missing");
    }
    let directory = idp.directory();
    let wanted = selector.iter().find_map(|name| query.get(*name));
    let Some(identity) = identity(&directory, wanted.map(String::as_str)) else {
        return refused("invalid_request", "Identity not found");
    };
    let issued = idp
        .mint(&directory)
        .managed_identity_token(identity, resource)
        .map(|token| Json(body(identity, resource, &token)).into_response());
    issued.unwrap_or_else(|error| refused("invalid_resource", &error.to_string()))
}

/// Without a name, the first one: the system-assigned identity.
fn identity<'a>(directory: &'a Directory, wanted: Option<&str>) -> Option<&'a App> {
    directory.apps.iter().filter(|app| app.managed_identity && app.enabled).find(|app| {
        wanted.is_none_or(|wanted| {
            app.client_id.eq_ignore_ascii_case(wanted)
                || app.service_principal_id.eq_ignore_ascii_case(wanted)
                || app.resource_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(wanted))
        })
    })
}

fn refused(error: &str, description: &str) -> Response {
    let body = json!({"error": error, "error_description": description});
    let mut response = (StatusCode::BAD_REQUEST, Json(body)).into_response();
    response.extensions_mut().insert(Details::refused(error, description));
    response
}
