//! A mock, a client that follows no redirects, and the words that tests share.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::{App, Directory, MockIdp, MockIdpBuilder, User};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::Value;
use url::Url;

pub(crate) const NOW: i64 = 1_767_225_600;
pub(crate) const FABRIKAM: &str = "bbbbbbbb-0000-4000-8000-000000000002";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The S256 challenge of [`VERIFIER`] (RFC 7636, appendix B).
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct Fixture {
    pub(crate) idp: MockIdp,
    pub(crate) client: Client,
}

impl Fixture {
    /// Whoever `login_hint` names signs in at once.
    pub(crate) fn start() -> Self {
        Self::of(Self::builder())
    }

    /// A person answers the pages.
    pub(crate) fn with_pages() -> Self {
        Self::of(MockIdp::builder().frozen_at(NOW))
    }

    fn builder() -> MockIdpBuilder {
        MockIdp::builder().frozen_at(NOW).sign_in_by_hint()
    }

    /// With a directory that differs from the built-in one.
    pub(crate) fn with(change: impl FnOnce(&mut Directory)) -> Self {
        let mut directory = Directory::builtin();
        change(&mut directory);
        Self::of(Self::builder().directory(directory))
    }

    pub(crate) fn of(builder: MockIdpBuilder) -> Self {
        // Without the trust store, which takes long to read and is not needed for plain HTTP.
        let client = Client::builder().redirect(Policy::none()).tls_certs_only([]).build().unwrap();
        Self { idp: builder.start().unwrap(), client }
    }

    pub(crate) fn app(&self, name: &str) -> String {
        self.idp.directory().app(name).unwrap().client_id.clone()
    }

    pub(crate) fn secret(&self, name: &str) -> String {
        self.idp.directory().app(name).unwrap().client_secret.clone().unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.idp.base_url())).send().await.unwrap()
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    pub(crate) fn token_url(&self) -> String {
        format!("{}/oauth2/v2.0/token", self.idp.authority())
    }

    /// A token request; `origin` makes it one of a page.
    pub(crate) async fn token(&self, form: &[(&str, &str)], origin: Option<&str>) -> Response {
        let mut request = self.client.post(self.token_url()).form(form);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.send().await.unwrap()
    }

    /// A token request at another endpoint than the home tenant's.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client.post(format!("{}{path}", self.idp.base_url())).form(form).send().await.unwrap()
    }

    /// A token request by a confidential client of the built-in directory.
    pub(crate) async fn token_as(&self, client: &str, form: &[(&str, &str)]) -> Response {
        let (client_id, secret) = (self.app(client), self.secret(client));
        let mut whole = vec![("client_id", client_id.as_str())];
        if !secret.is_empty() {
            whole.push(("client_secret", secret.as_str()));
        }
        whole.extend(form);
        self.token(&whole, None).await
    }

    /// The parameters of a good authorization request by `orders-web`, or with some replaced, added or (if empty) gone.
    pub(crate) fn authorize_query<'a>(&'a self, changes: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
        let mut query: Vec<(String, String)> = [
            ("client_id", self.app("orders-web").as_str()),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:3000/callback"),
            ("scope", "api://orders/Orders.Read openid profile offline_access"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("login_hint", "alice@contoso.example"),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        for (name, value) in changes {
            query.retain(|(known, _)| known != name);
            if !value.is_empty() {
                query.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        query
    }

    pub(crate) async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let url = format!("{}/oauth2/v2.0/authorize", self.idp.authority());
        self.client.get(url).query(&self.authorize_query(changes)).send().await.unwrap()
    }

    /// A click on a button of a page: every hidden field and the button's own.
    pub(crate) async fn click(&self, changes: &[(&str, &str)], (name, value): (&str, &str)) -> Response {
        let mut form = self.authorize_query(changes);
        form.push((name.to_owned(), value.to_owned()));
        let url = format!("{}/oauth2/v2.0/authorize", self.idp.authority());
        self.client.post(url).form(&form).send().await.unwrap()
    }

    /// The code of a sign-in.
    pub(crate) async fn code(&self, changes: &[(&str, &str)]) -> String {
        let response = self.authorize(changes).await;
        assert_eq!(response.status(), 302, "{}", response.text().await.unwrap());
        redirect_query(&response).remove("code").unwrap()
    }

    /// Redeems a code as `orders-web`, with some parameters replaced, added or (if empty) gone.
    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Response {
        let (client_id, secret) = (self.app("orders-web"), self.secret("orders-web"));
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &client_id),
            ("client_secret", &secret),
            ("code", code),
            ("redirect_uri", "http://localhost:3000/callback"),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changes {
            form.retain(|(known, _)| known != name);
            if !value.is_empty() {
                form.push((name, value));
            }
        }
        self.token(&form, None).await
    }
}

/// The parameters of the URL that a browser is sent to, in the query or in the fragment.
pub(crate) fn redirect_query(response: &Response) -> HashMap<String, String> {
    let url = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    let text = url.query().or(url.fragment()).unwrap_or_default();
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

pub(crate) fn app_mut<'a>(directory: &'a mut Directory, name: &str) -> &'a mut App {
    directory.apps.iter_mut().find(|app| app.name == name).unwrap()
}

pub(crate) fn user_mut<'a>(directory: &'a mut Directory, name: &str) -> &'a mut User {
    directory.users.iter_mut().find(|user| user.name == name).unwrap()
}

pub(crate) async fn json_of(response: Response) -> Value {
    response.json().await.unwrap()
}

/// Status, `error` and the AADSTS number.
pub(crate) async fn error_of(response: Response) -> (u16, String, u64) {
    let status = response.status().as_u16();
    let body = json_of(response).await;
    let number = body["error_codes"][0].as_u64().unwrap_or_else(|| panic!("{body}"));
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{number}: ")), "{description}");
    assert!(
        description.contains(" Trace ID: ") && description.contains(" Correlation ID: "),
        "{description}"
    );
    (status, body["error"].as_str().unwrap().to_owned(), number)
}

pub(crate) fn claims(token: &Value) -> Value {
    part(token, 1)
}

pub(crate) fn header(token: &Value) -> Value {
    part(token, 0)
}

fn part(token: &Value, index: usize) -> Value {
    let part = token.as_str().unwrap().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub(crate) fn names(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

pub(crate) fn error(status: u16, error: &str, number: u64) -> (u16, String, u64) {
    (status, error.to_owned(), number)
}
