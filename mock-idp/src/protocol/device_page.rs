//! The page where a person approves a device (RFC 8628 §3.3).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{OriginalUri, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use crate::{
    directory::User,
    grant::{DeviceState, Parameters, PathTenant, approval, approve},
    idp::Idp,
    origin,
};

use super::{
    extract::{PageParameters, TenantSegment},
    page::{asking, error_page},
};

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage<'a> {
    action: &'a str,
    /// The client that asks, once a valid code was entered.
    client: Option<&'a str>,
    user_code: &'a str,
    users: &'a [&'a User],
    message: Option<&'a str>,
}

/// Nothing is decided by a link alone, nor by a form of another site.
pub(super) async fn device_page(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    (method, OriginalUri(uri), headers): (Method, OriginalUri, HeaderMap),
    PageParameters(parameters): PageParameters,
) -> Response {
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let directory = idp.directory();
    if let Err(error) = PathTenant::of(&directory, &tenant) {
        return error_page(&error);
    }
    let user_code = parameters.get("user_code").unwrap_or_default();
    let mut view = DevicePage { action: uri.path(), client: None, user_code: "", users: &[], message: None };
    let mut store = idp.store();
    let Some(approval) = approval(&directory, &store, user_code, idp.clock.seconds()) else {
        let unknown =
            "That code is not known, was used before, or has expired. Ask the device for a new one.";
        view.message = (!user_code.is_empty()).then_some(unknown);
        return asking(StatusCode::OK, &view);
    };
    let users: Vec<&User> =
        directory.users.iter().filter(|user| user.tenant == approval.tenant.name).collect();
    let clicked = method == Method::POST && !origin::is_foreign(&headers, &uri, &idp.base_url);
    if let Some(state) = decision(&parameters, &users).filter(|_| clicked) {
        view.message = Some(match state {
            DeviceState::Declined => "You declined. The device gets no access.",
            _ => "You are signed in on your device. You may close this page.",
        });
        match &state {
            DeviceState::Approved(oid) => {
                if let Some(user) = directory.user(oid) {
                    approve(&directory, &mut store, user_code, user);
                }
            }
            _ => store.decide_by_user_code(user_code, state),
        }
    } else {
        view.client = Some(&approval.client.name);
        view.user_code = user_code;
        view.users = &users;
    }
    asking(StatusCode::OK, &view)
}

/// The button that the person clicked.
fn decision(parameters: &Parameters, users: &[&User]) -> Option<DeviceState> {
    if parameters.get("mock_cancel").is_some() {
        return Some(DeviceState::Declined);
    }
    let chosen = users.iter().find(|user| parameters.get("mock_user") == Some(user.oid.as_str()))?;
    Some(DeviceState::Approved(chosen.oid.clone()))
}
