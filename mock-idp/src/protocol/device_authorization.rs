//! The device authorization endpoint (RFC 8628 §3.1).

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};
use serde_json::{Value, json};

use crate::{
    error::OAuthError,
    grant::{DeviceAuthorization, Parameters, ProtocolVersion, start_device},
    idp::Idp,
};

use super::{extract::TenantSegment, response::refuse, token_request::Received};

pub(super) async fn device_authorization(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    version: ProtocolVersion,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let parameters = match Parameters::parse(&body) {
        Ok(parameters) => parameters,
        Err(error) => return refuse(&idp, &headers, &error),
    };
    let received =
        Received { idp: &idp, version, tenant: &tenant, headers: &headers, parameters: &parameters };
    received.respond(started(&received).map(|device| body_of(&device, version)))
}

fn started(received: &Received<'_>) -> Result<DeviceAuthorization, OAuthError> {
    let (directory, keys) = (received.idp.directory(), received.idp.keys().clone());
    let request = received.request(&directory, &keys, None)?;
    let user = received.idp.sign_in.user(None).and_then(|user| directory.user(user));
    start_device(&request, user, &mut received.idp.store())
}

/// The v1.0 endpoint says `verification_url`, and encodes numbers as strings.
fn body_of(device: &DeviceAuthorization, version: ProtocolVersion) -> Value {
    match version {
        ProtocolVersion::V2 => json!(device),
        ProtocolVersion::V1 => json!({
            "user_code": device.user_code,
            "device_code": device.device_code,
            "verification_url": device.verification_uri,
            "expires_in": device.expires_in.to_string(),
            "interval": device.interval.to_string(),
            "message": device.message,
        }),
    }
}
