//! Sign-out ([OpenID Connect RP-Initiated
//! Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)), and the notice to the other applications
//! ([front-channel logout](https://openid.net/specs/openid-connect-frontchannel-1_0.html)).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header::SET_COOKIE},
    response::Response,
};
use url::Url;

use crate::{
    directory::{App, Directory},
    grant::{Parameters, PathTenant, Session},
    idp::Idp,
    token::Jws,
};

use super::{
    cookie,
    extract::{PageParameters, TenantSegment},
    page::{error_page, passing},
};

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut<'a> {
    /// The URLs by which the applications learn of it.
    frames: &'a [String],
    back: Option<&'a str>,
}

pub(super) async fn logout(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    headers: HeaderMap,
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
    let session =
        cookie::of(&headers, &idp.base_url).and_then(|cookie| idp.store().sessions.sign_out(cookie));
    let frames = session.map(|session| frames(&directory, &session)).unwrap_or_default();
    let back = return_url(&idp, &directory, &parameters);
    let mut response = passing(&SignedOut { frames: &frames, back: back.as_deref() });
    if let Some(cookie) = cookie::clear(&idp.base_url) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Entra sends the session alone, without an issuer.
fn frames(directory: &Directory, session: &Session) -> Vec<String> {
    let apps = session.clients.iter().filter_map(|client| directory.app(client));
    let urls = apps.filter_map(|app| app.logout_url.as_deref());
    urls.filter_map(|url| {
        let mut url = Url::parse(url).ok()?;
        url.query_pairs_mut().append_pair("sid", &session.id);
        Some(url.to_string())
    })
    .collect()
}

/// Only to a registered URL: of the application that the hint names, else of any.
fn return_url(idp: &Idp, directory: &Directory, parameters: &Parameters) -> Option<String> {
    let wanted = parameters.get("post_logout_redirect_uri")?;
    let hint = parameters.get("id_token_hint").and_then(Jws::parse).filter(|jws| jws.is_ours(&idp.keys()));
    let named = parameters
        .get("client_id")
        .map(str::to_owned)
        .or_else(|| hint.and_then(|jws| jws.claim("aud").map(str::to_owned)));
    let registered = |app: &App| app.redirect_uris.iter().any(|known| known.uri == wanted);
    let known = match named {
        Some(client) => directory.app(&client).is_some_and(registered),
        None => directory.apps.iter().any(registered),
    };
    let mut url = known.then(|| Url::parse(wanted).ok())??;
    if let Some(state) = parameters.get("state") {
        url.query_pairs_mut().append_pair("state", state);
    }
    Some(url.into())
}
