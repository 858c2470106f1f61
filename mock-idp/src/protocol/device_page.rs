//! The page where a person approves a device (RFC 8628 §3.3).

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{OriginalUri, RawQuery, State as Shared},
    http::StatusCode,
    response::Response,
};

use crate::{
    directory::User,
    grant::{DeviceState, Parameters, approval},
    state::{PathTenant, State},
};

use super::{authorize::error_page, page::asking, tenant_segment::TenantSegment};

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage<'a> {
    action: &'a str,
    /// Who asks, once a code was given that is good.
    client: Option<&'a str>,
    user_code: &'a str,
    users: &'a [&'a User],
    message: Option<&'a str>,
}

pub(super) async fn by_query(
    state: Shared<Arc<State>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    RawQuery(query): RawQuery,
) -> Response {
    page(&state, &tenant, uri.path(), query.unwrap_or_default().as_bytes(), false)
}

pub(super) async fn by_form(
    state: Shared<Arc<State>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    body: Bytes,
) -> Response {
    page(&state, &tenant, uri.path(), &body, true)
}

/// Nothing is decided by a link alone.
fn page(state: &State, tenant: &str, path: &str, form: &[u8], may_decide: bool) -> Response {
    let parameters = match Parameters::parse(form) {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let directory = state.directory();
    if let Err(error) = PathTenant::of(&directory, tenant) {
        return error_page(&error);
    }
    let user_code = parameters.get("user_code").unwrap_or_default();
    let mut view = DevicePage { action: path, client: None, user_code: "", users: &[], message: None };
    let mut store = state.store();
    let Some(approval) = approval(&directory, &store, user_code, state.clock.now()) else {
        if !user_code.is_empty() {
            view.message = Some(
                "That code is not known, was used before, or has expired. Ask the device for a new one.",
            );
        }
        return asking(StatusCode::OK, &view);
    };
    let users: Vec<&User> =
        directory.users.iter().filter(|user| user.tenant == approval.tenant.name).collect();
    let chosen = parameters.get("mock_user").and_then(|oid| users.iter().find(|user| user.oid == oid));
    match (may_decide, chosen, parameters.get("mock_cancel")) {
        (true, _, Some(_)) => {
            store.decide_by_user_code(user_code, DeviceState::Declined);
            view.message = Some("You declined. The device gets no access.");
        }
        (true, Some(user), None) => {
            store.decide_by_user_code(user_code, DeviceState::Approved(user.oid.clone()));
            view.message = Some("You are signed in on your device. You may close this page.");
        }
        _ => {
            view.client = Some(&approval.client.name);
            view.user_code = user_code;
            view.users = &users;
        }
    }
    asking(StatusCode::OK, &view)
}
