//! OpenID Connect Discovery, with exactly the members of Entra's documents.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    grant::{PathTenant, ProtocolVersion},
    idp::Idp,
};

use super::{
    extract::TenantSegment,
    response::{public, refuse},
};

#[derive(Deserialize)]
pub(super) struct AppId {
    appid: Option<String>,
}

pub(super) async fn discovery(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    version: ProtocolVersion,
    Query(AppId { appid }): Query<AppId>,
    headers: HeaderMap,
) -> Response {
    let directory = idp.directory();
    let (base, appid) = (&idp.base_url, appid_query(appid.as_deref()));
    match (PathTenant::of(&directory, &tenant), version) {
        (Ok(tenant), ProtocolVersion::V1) => public(document_v1(base, tenant, &appid)),
        (Ok(tenant), ProtocolVersion::V2) => public(document_v2(base, tenant, &appid)),
        (Err(error), _) => refuse(&idp, &headers, &error),
    }
}

/// An app with its own keys finds them under this query.
fn appid_query(appid: Option<&str>) -> String {
    let Some(id) = appid else { return String::new() };
    format!("?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("appid", id).finish())
}

fn region(tenant: PathTenant<'_>) -> Value {
    if matches!(tenant, PathTenant::One(_)) { json!("WW") } else { Value::Null }
}

/// A domain's document names the tenant by its GUID; the issuer of many tenants is a template.
fn document_v2(base: &str, tenant: PathTenant<'_>, appid: &str) -> Value {
    let (segment, issuer) = (tenant.segment(), tenant.in_issuer());
    json!({
        "token_endpoint": format!("{base}/{segment}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "private_key_jwt", "client_secret_basic", "self_signed_tls_client_auth",
        ],
        "jwks_uri": format!("{base}/{segment}/discovery/v2.0/keys{appid}"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{base}/{issuer}/v2.0"),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("{base}/oidc/userinfo"),
        "authorization_endpoint": format!("{base}/{segment}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{base}/{segment}/oauth2/v2.0/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{base}/{segment}/oauth2/v2.0/logout"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
            "c_hash", "email",
        ],
        "tls_client_certificate_bound_access_tokens": true,
        // Entra's are on a host of their own; here they lead to the mock, which knows no client certificates.
        "mtls_endpoint_aliases": {"token_endpoint": format!("{base}/{segment}/oauth2/v2.0/token")},
        "kerberos_endpoint": format!("{base}/{segment}/kerberos"),
        "tenant_region_scope": region(tenant),
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    })
}

/// Another issuer, other endpoints, and members that v2.0 does not have.
fn document_v1(base: &str, tenant: PathTenant<'_>, appid: &str) -> Value {
    let (segment, issuer) = (tenant.segment(), tenant.in_issuer());
    json!({
        "token_endpoint": format!("{base}/{segment}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{base}/{segment}/discovery/keys{appid}"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "token id_token", "token"],
        "scopes_supported": ["openid"],
        "issuer": format!("{base}/{issuer}/"),
        "microsoft_multi_refresh_token": true,
        "authorization_endpoint": format!("{base}/{segment}/oauth2/authorize"),
        "device_authorization_endpoint": format!("{base}/{segment}/oauth2/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{base}/{segment}/oauth2/logout"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email", "given_name", "family_name", "nickname",
        ],
        "check_session_iframe": format!("{base}/{segment}/oauth2/checksession"),
        "userinfo_endpoint": format!("{base}/{segment}/openid/userinfo"),
        "kerberos_endpoint": format!("{base}/{segment}/kerberos"),
        "tenant_region_scope": region(tenant),
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    })
}
