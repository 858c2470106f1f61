//! The directory as tests read it.

use std::sync::Arc;

use axum::{Json, extract::State as Shared};
use serde_json::{Value, json};

use crate::{
    directory::{App, Directory},
    state::State,
};

pub(super) async fn directory(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let directory = &*state.directory();
    let tenant_id = |name: &str| directory.tenant(name).map(|tenant| tenant.tenant_id.clone());
    let tenants: Vec<Value> = directory
        .tenants
        .iter()
        .map(|tenant| json!({"tenant_id": tenant.tenant_id, "name": tenant.name, "domain": tenant.domain}))
        .collect();
    let users: Vec<Value> = directory
        .users
        .iter()
        .map(|user| {
            json!({
                "name": user.name,
                "tenant_id": tenant_id(&user.tenant),
                "upn": user.upn,
                "oid": user.oid,
                "password": user.password,
                "guest": user.is_guest(),
                "groups": user.group_count(),
            })
        })
        .collect();
    let apps: Vec<Value> = directory.apps.iter().map(|app| app_json(directory, app)).collect();
    Json(json!({"tenants": tenants, "apps": apps, "users": users}))
}

fn app_json(directory: &Directory, app: &App) -> Value {
    let mut json = json!({
        "name": app.name,
        "tenant_id": directory.tenant(&app.tenant).map(|tenant| &tenant.tenant_id),
        "client_id": app.client_id,
        "kind": app.kind,
        "scopes": app.scopes,
        "app_roles": app.app_roles,
        "redirect_uris": app.redirect_uris.iter().map(|redirect| &redirect.uri).collect::<Vec<_>>(),
    });
    if let Some(secret) = &app.client_secret {
        json["client_secret"] = secret.as_str().into();
    }
    if let Some(uri) = &app.identifier_uri {
        json["identifier_uri"] = uri.as_str().into();
    }
    json
}
