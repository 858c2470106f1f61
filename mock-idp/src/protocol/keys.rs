//! Key sets (RFC 7517 §5), with the members that Entra adds.

use std::sync::Arc;

use axum::{extract::State as Shared, http::HeaderMap, response::Response};
use serde_json::{Value, json};

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
            public(document(&state, Some(&issuer)))
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
        Ok(_) => public(document(&state, None)),
        Err(error) => refuse(&state, &headers, &error),
    }
}

fn document(state: &State, issuer: Option<&str>) -> Value {
    let keys: Vec<Value> = state.keys().published_keys().map(|key| with_issuer(key.jwk(), issuer)).collect();
    json!({"keys": keys})
}

fn with_issuer(mut jwk: Value, issuer: Option<&str>) -> Value {
    if let Some(issuer) = issuer {
        jwk["cloud_instance_name"] = "microsoftonline.com".into();
        jwk["issuer"] = issuer.into();
    }
    jwk
}
