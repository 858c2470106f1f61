//! The authorize page (RFC 6749 §3.1): where a person picks an account.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};

use crate::{
    directory::{Directory, User},
    error::OAuthError,
    grant::{
        AdminConsentResponse, Authorization, AuthorizationResponse, Decision, Failure, Outcome, Parameters,
        PathTenant, ProtocolVersion, ResponseMode, SignedIn, decide, decide_admin_consent,
    },
    idp::Idp,
    origin,
    requests::Details,
};

use super::{
    cookie,
    extract::{PageParameters, TenantSegment},
    page::{asking, error_page, passing},
    response::{error_body, refuse},
};

pub(super) async fn authorize(
    State(idp): State<Arc<Idp>>,
    TenantSegment(tenant): TenantSegment,
    version: ProtocolVersion,
    (method, OriginalUri(uri)): (Method, OriginalUri),
    headers: HeaderMap,
    PageParameters(parameters): PageParameters,
) -> Response {
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(error) => return error_page(&error),
    };
    let directory = idp.directory();
    let tenant = match PathTenant::of(&directory, &tenant) {
        Ok(tenant) => tenant,
        Err(error) => return refuse(&idp, &headers, &error),
    };
    let clicked = method == Method::POST && !origin::is_foreign(&headers, &uri, &idp.base_url);
    let action = uri.path();
    let received = Received {
        idp: &idp,
        directory: &directory,
        headers: &headers,
        parameters: &parameters,
        action,
        clicked,
    };
    let (outcome, cookie) = received.outcome(version, tenant, cookie::of(&headers, &idp.base_url));
    let mut response = received.respond(outcome);
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

struct Received<'a> {
    idp: &'a Idp,
    directory: &'a Directory,
    headers: &'a HeaderMap,
    parameters: &'a Parameters,
    /// The path that the page's form is posted to.
    action: &'a str,
    /// Whether it may be a click on a page of this mock: nobody signs in by a link or by another site's form.
    clicked: bool,
}

/// The buttons of the pages.
const BUTTONS: [&str; 4] = ["mock_cancel", "mock_decline", "mock_consent", "mock_user"];

impl<'a> Received<'a> {
    /// What becomes of the request, and the cookie of a sign-in.
    fn outcome(
        &self,
        version: ProtocolVersion,
        tenant: PathTenant<'a>,
        browser: Option<&str>,
    ) -> (Outcome<'a>, Option<HeaderValue>) {
        let now = self.idp.clock.seconds();
        let mut store = self.idp.store();
        let session = browser.and_then(|cookie| store.sessions.get(cookie, now)).cloned();
        let authorization = Authorization {
            parameters: self.parameters,
            version,
            tenant,
            directory: self.directory,
            signed_in: session.and_then(|session| Some((self.directory.user(&session.user)?, session))),
            now,
        };
        let judge = if self.action.ends_with("/adminconsent") { decide_admin_consent } else { decide };
        let outcome = judge(&authorization, self.decision(), &mut store);
        let Outcome::Return(response) = &outcome else { return (outcome, None) };
        let client = &response.grant.client.app.client_id;
        let user = response.user;
        let second_factor = user.sign_in.requires_second_factor();
        let signed_in = SignedIn { session: &response.session, user: &user.oid, client, second_factor };
        let cookie = store.sessions.sign_in(browser, &signed_in, now);
        let cookie = cookie::set(&cookie, &self.idp.base_url);
        (outcome, cookie)
    }

    fn decision(&self) -> Decision<'_> {
        match BUTTONS.map(|name| self.parameters.get(name).filter(|_| self.clicked)) {
            [Some(_), ..] => Decision::Cancelled,
            [_, Some(_), ..] => Decision::Declined,
            [_, _, Some(user), _] => Decision::Consented(user),
            [_, _, _, Some(user)] => Decision::User(user),
            [None, None, None, None] => self.automatic(),
        }
    }

    /// What is decided without a person. A hint is an answer to a page, and `prompt=none` shows none; one that names nobody
    /// leaves the page to a person.
    fn automatic(&self) -> Decision<'_> {
        let hint = self.parameters.get("login_hint").filter(|hint| self.directory.user(hint).is_some());
        let hint = hint.filter(|_| self.parameters.get("prompt") != Some("none"));
        self.idp.sign_in.user(hint).map_or(Decision::Open, Decision::Automatic)
    }

    /// What the page's form sends beside the button.
    fn hidden(&self) -> Vec<(&'a str, &'a str)> {
        self.parameters.iter().filter(|(name, _)| !BUTTONS.contains(name)).collect()
    }

    fn respond(&self, outcome: Outcome<'_>) -> Response {
        let Self { idp, headers, parameters, action, .. } = *self;
        match outcome {
            Outcome::AskPerson { client, users, hinted, unknown_hint } => {
                let (client, hidden) = (client.name.as_str(), self.hidden());
                let page = AccountsPage { action, client, hidden, users: &users, hinted, unknown_hint };
                asking(StatusCode::OK, &page)
            }
            Outcome::AskConsent { client, user, scopes } => {
                let (client, hidden) = (client.name.as_str(), self.hidden());
                let page = ConsentPage { action, client, hidden, user, scopes: &scopes };
                asking(StatusCode::OK, &page)
            }
            Outcome::Return(response) => {
                let AuthorizationResponse { redirect_uri, mode, state, .. } = &*response;
                match response.fields(&idp.mint(self.directory), parameters) {
                    Ok(fields) => by_user(go_back(redirect_uri, *mode, &fields), &response.user.upn),
                    Err(error) => error_redirect((idp, headers), redirect_uri, *mode, &error, state.clone()),
                }
            }
            Outcome::AskAdmin { error } => {
                let description = error_body(idp, headers, &error).error_description;
                let page = AdminNeededPage { action, hidden: self.hidden(), description: &description };
                let mut response = asking(StatusCode::OK, &page);
                response.extensions_mut().insert(Details::from(&error));
                response
            }
            Outcome::AdminConsent(response) => admin_consent_redirect((idp, headers), response),
            Outcome::Cancelled { redirect_uri, mode, state } => cancelled(&redirect_uri, mode, state),
            Outcome::Failed(Failure::Page(error)) => error_page(&error),
            Outcome::Failed(Failure::Redirect { redirect_uri, mode, error, state }) => {
                error_redirect((idp, headers), &redirect_uri, mode, &error, state)
            }
        }
    }
}

fn by_user(mut response: Response, upn: &str) -> Response {
    response.extensions_mut().insert(Details { user: Some(upn.to_owned()), refusal: None });
    response
}

/// Back to the client with an administrator's decision; the description of an error is that of its occurrence.
fn admin_consent_redirect((idp, headers): (&Idp, &HeaderMap), response: AdminConsentResponse) -> Response {
    let AdminConsentResponse { redirect_uri, mut fields, error } = response;
    if let Some(error) = &error {
        fields.push(("error_description", error_body(idp, headers, error).error_description));
    }
    let mut response = go_back(&redirect_uri, ResponseMode::Query, &fields);
    if let Some(error) = &error {
        response.extensions_mut().insert(Details::from(error));
    }
    response
}

/// Entra says no more than this, which MSAL tells apart from a consent that was declined.
fn cancelled(redirect_uri: &str, mode: ResponseMode, state: Option<String>) -> Response {
    let mut fields = vec![("error", "access_denied".to_owned()), ("error_subcode", "cancel".to_owned())];
    fields.extend(state.map(|state| ("state", state)));
    let mut response = go_back(redirect_uri, mode, &fields);
    response.extensions_mut().insert(Details::refused("cancel", "The person turned back."));
    response
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage<'a> {
    action: &'a str,
    client: &'a str,
    hidden: Vec<(&'a str, &'a str)>,
    users: &'a [&'a User],
    hinted: Option<&'a User>,
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
#[template(path = "admin_needed.html")]
struct AdminNeededPage<'a> {
    action: &'a str,
    hidden: Vec<(&'a str, &'a str)>,
    description: &'a str,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    action: &'a str,
    fields: &'a [(&'static str, String)],
}

fn go_back(redirect_uri: &str, mode: ResponseMode, fields: &[(&'static str, String)]) -> Response {
    match mode.url(redirect_uri, fields) {
        Some(url) => {
            (StatusCode::FOUND, [("location", url), ("cache-control", "no-store".into())]).into_response()
        }
        None => passing(&FormPost { action: redirect_uri, fields }),
    }
}

fn error_redirect(
    (idp, headers): (&Idp, &HeaderMap),
    redirect_uri: &str,
    mode: ResponseMode,
    error: &OAuthError,
    state: Option<String>,
) -> Response {
    let body = error_body(idp, headers, error);
    let mut fields =
        vec![("error", error.error_at_authorize().to_owned()), ("error_description", body.error_description)];
    fields.extend(body.error_uri.map(|uri| ("error_uri", uri)));
    fields.extend(state.map(|state| ("state", state)));
    let mut response = go_back(redirect_uri, mode, &fields);
    response.extensions_mut().insert(Details::from(error));
    response
}
