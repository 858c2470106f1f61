//! Key sets (RFC 7517 §5), with the members that Entra adds.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::{
    grant::{PathTenant, ProtocolVersion},
    idp::Idp,
};

use super::{
    extract::TenantSegment,
    response::{public, refuse},
};

/// The keys of v2.0 say whose they are.
pub(super) async fn keys(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    version: ProtocolVersion,
    headers: HeaderMap,
) -> Response {
    let issuer = match PathTenant::of(&idp.directory(), &tenant) {
        Ok(tenant) => format!("{}/{}/v2.0", idp.base_url, tenant.in_issuer()),
        Err(error) => return refuse(&idp, &headers, &error),
    };
    let issuer = (version == ProtocolVersion::V2).then_some(issuer.as_str());
    public(idp.keys().document(issuer))
}
