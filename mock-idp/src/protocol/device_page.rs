//! The page where a person approves a device (RFC 8628 §3.3).

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{OriginalUri, RawQuery, State},
    http::StatusCode,
    response::Response,
};

use crate::{
    directory::User,
    grant::{DeviceState, Parameters, PathTenant, approval},
    idp::Idp,
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
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    RawQuery(query): RawQuery,
) -> Response {
    page(&idp, &tenant, uri.path(), query.unwrap_or_default().as_bytes(), false)
}

pub(super) async fn by_form(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    body: Bytes,
) -> Response {
    page(&idp, &tenant, uri.path(), &body, true)
}

/// Nothing is decided by a link alone.
fn page(idp: &Idp, tenant: &str, path: &str, form: &[u8], may_decide: bool) -> Response {
    let parameters = match Parameters::parse(form) {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let directory = idp.directory();
    if let Err(error) = PathTenant::of(&directory, tenant) {
        return error_page(&error);
    }
    let user_code = parameters.get("user_code").unwrap_or_default();
    let mut view = DevicePage { action: path, client: None, user_code: "", users: &[], message: None };
    let mut store = idp.store();
    let Some(approval) = approval(&directory, &store, user_code, idp.clock.now()) else {
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
