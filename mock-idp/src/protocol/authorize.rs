//! The authorize page (RFC 6749 §3.1): where a person picks an account.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State as Shared},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
};

use crate::{
    directory::User,
    error::OAuthError,
    grant::{Authorization, Decision, Failure, Outcome, Parameters, ResponseMode, decide},
    requests::Details,
    state::State,
};

use super::refuse;

pub(super) async fn by_query(
    state: Shared<Arc<State>>,
    tenant: Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(&state, &tenant, &headers, query.unwrap_or_default().as_bytes())
}

pub(super) async fn by_form(
    state: Shared<Arc<State>>,
    tenant: Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    authorize(&state, &tenant, &headers, &body)
}

fn authorize(state: &State, tenant: &str, headers: &HeaderMap, form: &[u8]) -> Response {
    let parameters = match Parameters::parse(form) {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let path_tenant = match state.tenant(tenant) {
        Ok(tenant) => tenant.one(),
        Err(error) => return refuse(state, headers, &error),
    };
    let decision = match (parameters.get("mock_cancel"), parameters.get("mock_user")) {
        (Some(_), _) => Decision::Cancelled,
        (None, Some(user)) => Decision::User(user),
        (None, None) => state.sign_in.as_deref().map_or(Decision::Open, Decision::User),
    };
    let authorization = Authorization {
        parameters: &parameters,
        directory: &state.directory,
        tenant: path_tenant,
        now: state.clock.now(),
    };
    let mut response = match decide(&authorization, decision, &mut state.store()) {
        Outcome::AskPerson { client, users, unknown_hint } => {
            accounts_page(tenant, &parameters, &client.name, &users, unknown_hint)
        }
        Outcome::Return { redirect_uri, mode, fields } => go_back(&redirect_uri, mode, &fields),
        Outcome::Failed(Failure::Page(error)) => error_page(&error),
        Outcome::Failed(Failure::Redirect { redirect_uri, mode, error, state: opaque }) => {
            error_redirect(state, &redirect_uri, mode, &error, opaque)
        }
    };
    let error = response.extensions().get::<Details>().and_then(|details| details.error);
    let client = parameters.get("client_id").map(str::to_owned);
    response.extensions_mut().insert(Details { client, grant: None, error });
    response
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage<'a> {
    action: String,
    client: &'a str,
    hidden: Vec<(&'a str, &'a str)>,
    users: &'a [&'a User],
    unknown_hint: Option<&'a str>,
}

fn accounts_page(
    tenant: &str,
    parameters: &Parameters,
    client: &str,
    users: &[&User],
    unknown_hint: Option<&str>,
) -> Response {
    let page = AccountsPage {
        action: format!("/{tenant}/oauth2/v2.0/authorize"),
        client,
        hidden: parameters.iter().collect(),
        users,
        unknown_hint,
    };
    html(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    description: &'a str,
}

/// Where the client or its address is in doubt, nobody is sent there (RFC 6749 §4.1.2.1).
fn error_page(error: &OAuthError) -> Response {
    let mut response = html(StatusCode::BAD_REQUEST, &ErrorPage { description: &error.description() });
    response.extensions_mut().insert(Details { error: Some(error.number), ..Details::default() });
    response
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    action: &'a str,
    fields: &'a [(&'static str, String)],
}

fn go_back(redirect_uri: &str, mode: ResponseMode, fields: &[(&'static str, String)]) -> Response {
    match mode.address(redirect_uri, fields) {
        Some(address) => {
            (StatusCode::FOUND, [("location", address), ("cache-control", "no-store".into())]).into_response()
        }
        None => html(StatusCode::OK, &FormPost { action: redirect_uri, fields }),
    }
}

fn error_redirect(
    state: &State,
    redirect_uri: &str,
    mode: ResponseMode,
    error: &OAuthError,
    opaque: Option<String>,
) -> Response {
    let mut fields = vec![
        ("error", error.error().to_owned()),
        ("error_description", error.description()),
        ("error_uri", format!("{}/error?code={}", state.base_url, error.number)),
    ];
    fields.extend(opaque.map(|opaque| ("state", opaque)));
    let mut response = go_back(redirect_uri, mode, &fields);
    response.extensions_mut().insert(Details { error: Some(error.number), ..Details::default() });
    response
}

fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
