//! Instance discovery and user realm: what clients ask before they sign in.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::{aadsts::Aadsts, idp::Idp};

use super::response::{public, refuse};

#[derive(Deserialize)]
pub(super) struct Authority {
    authorization_endpoint: Option<String>,
}

/// Knows this mock's host and no other.
pub(super) async fn discovery(
    State(idp): State<Arc<Idp>>,
    Query(query): Query<Authority>,
    headers: HeaderMap,
) -> Response {
    let host =
        |url: &str| {
            let url = Url::parse(url).ok()?;
            Some(url.port().map_or(url.host_str()?.to_owned(), |port| {
                format!("{}:{port}", url.host_str().unwrap_or(""))
            }))
        };
    let ours = host(&idp.base_url).unwrap_or_default();
    let asked = query.authorization_endpoint.as_deref().and_then(host);
    if asked.is_none_or(|asked| asked != ours) {
        let error = Aadsts::InstanceUnknown
            .because("The instance is unknown or invalid: it is not this mock's host.");
        return refuse(&idp, &headers, &error);
    }
    public(json!({
        "tenant_discovery_endpoint": format!("{}/common/v2.0/.well-known/openid-configuration", idp.base_url),
        "api-version": "1.1",
        "metadata": [{"preferred_network": ours, "preferred_cache": ours, "aliases": [ours]}],
    }))
}

/// No domain is federated.
pub(super) async fn user_realm(Path(user): Path<String>) -> Response {
    let domain = user.rsplit_once('@').map_or("", |(_, domain)| domain);
    public(json!({
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": domain,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }))
}
