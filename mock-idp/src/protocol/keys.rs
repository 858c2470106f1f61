//! Key sets (RFC 7517 §5), with the members that Entra adds.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::{grant::PathTenant, idp::Idp};

use super::{public, refuse, tenant_segment::TenantSegment};

pub(super) async fn v2(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
) -> Response {
    match PathTenant::of(&idp.directory(), &tenant) {
        Ok(tenant) => {
            let issuer = format!("{}/{}/v2.0", idp.base_url, tenant.in_issuer());
            public(idp.keys().document(Some(&issuer)))
        }
        Err(error) => refuse(&idp, &headers, &error),
    }
}

/// The keys of the older documents say nothing of their issuer.
pub(super) async fn v1(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
) -> Response {
    match PathTenant::of(&idp.directory(), &tenant) {
        Ok(_) => public(idp.keys().document(None)),
        Err(error) => refuse(&idp, &headers, &error),
    }
}
