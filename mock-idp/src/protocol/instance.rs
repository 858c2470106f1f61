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

/// Knows this mock's host and no other, and names the tenant that was asked about.
///
/// At a port, clients look tokens up under the host with it, and some (MSAL4J) store them under the host alone: both are names
/// of the one instance.
pub(super) async fn discovery(
    State(idp): State<Arc<Idp>>,
    Query(query): Query<Authority>,
    headers: HeaderMap,
) -> Response {
    let asked = query.authorization_endpoint.as_deref().and_then(|url| Url::parse(url).ok());
    let ours = Url::parse(&idp.base_url).ok();
    let Some((asked, (host, port))) =
        asked.zip(ours.as_ref().and_then(place)).filter(|(asked, ours)| place(asked) == Some(*ours))
    else {
        let error = Aadsts::InstanceUnknown
            .because("The instance is unknown or invalid: it is not this mock's host.");
        return refuse(&idp, &headers, &error);
    };
    let with_port = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let tenant =
        asked.path_segments().and_then(|mut segments| segments.next()).filter(|name| !name.is_empty());
    let tenant = tenant.unwrap_or("common");
    let mut aliases = vec![with_port.as_str()];
    if port.is_some() {
        aliases.push(host);
    }
    public(json!({
        "tenant_discovery_endpoint": format!("{}/{tenant}/v2.0/.well-known/openid-configuration", idp.base_url),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": with_port, "aliases": aliases}],
    }))
}

/// Host and port, unless it is the scheme's default.
fn place(url: &Url) -> Option<(&str, Option<u16>)> {
    Some((url.host_str()?, url.port()))
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
