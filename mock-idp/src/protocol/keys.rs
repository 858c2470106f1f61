//! Key sets (RFC 7517 §5), with the members that Entra adds.

use std::sync::Arc;

use axum::{extract::State as Shared, http::HeaderMap, response::Response};

use crate::state::{PathTenant, State};

use super::{public, refuse, tenant_segment::TenantSegment};

pub(super) async fn v2(
    Shared(state): Shared<Arc<State>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
) -> Response {
    match PathTenant::of(&state.directory(), &tenant) {
        Ok(tenant) => {
            let issuer = format!("{}/{}/v2.0", state.base_url, tenant.in_issuer());
            public(state.keys().document(Some(&issuer)))
        }
        Err(error) => refuse(&state, &headers, &error),
    }
}

/// The keys of the older documents say nothing of their issuer.
pub(super) async fn v1(
    Shared(state): Shared<Arc<State>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
) -> Response {
    match PathTenant::of(&state.directory(), &tenant) {
        Ok(_) => public(state.keys().document(None)),
        Err(error) => refuse(&state, &headers, &error),
    }
}
