//! The authorize page (RFC 6749 §3.1): where a person picks an account.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{OriginalUri, RawQuery, State},
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};

use crate::{
    directory::User,
    error::OAuthError,
    grant::{
        Answer, Authorization, Decision, Failure, Outcome, Parameters, PathTenant, ResponseMode, Wishes,
        decide,
    },
    idp::Idp,
    requests::Details,
};

use super::{
    cookie,
    page::{asking, passing},
    refuse,
    tenant_segment::TenantSegment,
};

pub(super) async fn by_query(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(&idp, &tenant, uri.path(), &headers, query.unwrap_or_default().as_bytes())
}

pub(super) async fn by_form(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    authorize(&idp, &tenant, uri.path(), &headers, &body)
}

fn authorize(idp: &Idp, tenant: &str, path: &str, headers: &HeaderMap, form: &[u8]) -> Response {
    let parameters = match Parameters::parse(form) {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let directory = idp.directory();
    let path_tenant = match PathTenant::of(&directory, tenant) {
        Ok(tenant) => tenant.one(),
        Err(error) => return refuse(idp, headers, &error),
    };
    let decision = match ["mock_cancel", "mock_consent", "mock_user"].map(|name| parameters.get(name)) {
        [Some(_), ..] => Decision::Cancelled,
        [None, Some(user), _] => Decision::Consented(user),
        [None, None, Some(user)] => Decision::User(user),
        [None, None, None] => idp.sign_in.as_deref().map_or(Decision::Open, Decision::Consented),
    };
    let browser = cookie::of(headers);
    let mut store = idp.store();
    let session = browser.and_then(|cookie| store.session(cookie)).cloned();
    let signed_in = session.and_then(|session| Some((directory.user(&session.user)?, session.id)));
    let authorization = Authorization {
        parameters: &parameters,
        directory: &directory,
        tenant: path_tenant,
        signed_in,
        now: idp.clock.now(),
        version_one: !path.contains("/v2.0/"),
    };
    let outcome = decide(&authorization, decision, &mut store);
    let session_cookie = match &outcome {
        Outcome::Return(answer) => {
            let client = &answer.grant.client.client_id;
            Some(store.sign_in(browser, &answer.session, &answer.user.oid, client))
        }
        _ => None,
    };
    drop(store);
    let mut response = match outcome {
        Outcome::AskPerson { client, users, unknown_hint } => {
            let hidden = parameters.iter().collect();
            asking(
                StatusCode::OK,
                &AccountsPage { action: path, client: &client.name, hidden, users: &users, unknown_hint },
            )
        }
        Outcome::AskConsent { client, user, scopes } => {
            let hidden = parameters.iter().filter(|(name, _)| *name != "mock_user").collect();
            asking(
                StatusCode::OK,
                &ConsentPage { action: path, client: &client.name, hidden, user, scopes: &scopes },
            )
        }
        Outcome::Return(answer) => answer_with(idp, &parameters, *answer),
        Outcome::Failed(Failure::Page(error)) => error_page(&error),
        Outcome::Failed(Failure::Redirect { redirect_uri, mode, error, state: opaque }) => {
            error_redirect(idp, &redirect_uri, mode, &error, opaque)
        }
    };
    if let Some(cookie) = session_cookie.and_then(|value| cookie::set(&value, &idp.base_url)) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    let client = parameters.get("client_id").map(str::to_owned);
    response.extensions_mut().get_or_insert_default::<Details>().client = client;
    response
}

/// The code, the tokens, or both, on their way back to the client.
fn answer_with(idp: &Idp, parameters: &Parameters, answer: Answer<'_>) -> Response {
    let fields = Wishes::of(parameters, false).and_then(|wishes| {
        let issuer = idp.issuer();
        let mut fields = Vec::new();
        let mut hashes: Vec<(&str, String)> = Vec::new();
        if let Some(code) = &answer.code {
            fields.push(("code", code.clone()));
            hashes.push(("c_hash", code.clone()));
        }
        if answer.wanted.token {
            let token = issuer.access_token(&answer.grant, &wishes)?;
            fields.push(("token_type", "Bearer".to_owned()));
            fields.push(("expires_in", issuer.expires_in(&token).to_string()));
            fields.push((
                "scope",
                token.claims.get("scp").and_then(|scp| scp.as_str()).unwrap_or_default().to_owned(),
            ));
            hashes.push(("at_hash", token.token.clone()));
            fields.push(("access_token", token.token));
        }
        if answer.wanted.id_token {
            let hashes: Vec<_> = hashes.iter().map(|(name, of)| (*name, of.as_str())).collect();
            let token = issuer.id_token_with(&answer.grant, &wishes, &hashes)?;
            fields.extend(token.map(|token| ("id_token", token.token)));
        }
        fields.extend(issuer.client_info(&answer.grant, &wishes).map(|info| ("client_info", info)));
        Ok(fields)
    });
    match fields {
        Ok(mut fields) => {
            fields.extend(answer.state.map(|state| ("state", state)));
            fields.push(("session_state", answer.session));
            go_back(&answer.redirect_uri, answer.mode, &fields)
        }
        Err(error) => error_redirect(idp, &answer.redirect_uri, answer.mode, &error, answer.state),
    }
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage<'a> {
    action: &'a str,
    client: &'a str,
    hidden: Vec<(&'a str, &'a str)>,
    users: &'a [&'a User],
    unknown_hint: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    action: &'a str,
    client: &'a str,
    hidden: Vec<(&'a str, &'a str)>,
    user: &'a User,
    scopes: &'a [String],
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    description: &'a str,
}

/// Where the client or its address is in doubt, nobody is sent there (RFC 6749 §4.1.2.1).
pub(super) fn error_page(error: &OAuthError) -> Response {
    let mut response = asking(StatusCode::BAD_REQUEST, &ErrorPage { description: &error.description() });
    response.extensions_mut().insert(Details::from(error));
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
        None => passing(&FormPost { action: redirect_uri, fields }),
    }
}

fn error_redirect(
    idp: &Idp,
    redirect_uri: &str,
    mode: ResponseMode,
    error: &OAuthError,
    opaque: Option<String>,
) -> Response {
    let mut fields = vec![
        ("error", error.error().to_owned()),
        ("error_description", error.description()),
        ("error_uri", format!("{}/error?code={}", idp.base_url, error.code.number())),
    ];
    fields.extend(opaque.map(|opaque| ("state", opaque)));
    let mut response = go_back(redirect_uri, mode, &fields);
    response.extensions_mut().insert(Details::from(error));
    response
}
