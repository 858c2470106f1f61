//! The page for people at `/`.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State as Shared,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::{
    directory::{App, Tenant, User},
    state::State,
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    base_url: &'a str,
    tenants: &'a [Tenant],
    apps: &'a [App],
    users: &'a [User],
}

pub(super) async fn home(Shared(state): Shared<Arc<State>>) -> Response {
    let directory = &*state.directory();
    let page = Home {
        base_url: &state.base_url,
        tenants: &directory.tenants,
        apps: &directory.apps,
        users: &directory.users,
    };
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
