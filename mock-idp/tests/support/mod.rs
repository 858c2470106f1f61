//! A mock, a client that follows no redirects, and the words that tests share.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::{MockIdp, MockIdpBuilder};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::Value;
use url::Url;

pub const NOW: i64 = 1_767_225_600;
pub const FABRIKAM: &str = "bbbbbbbb-0000-4000-8000-000000000002";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The S256 challenge of [`VERIFIER`] (RFC 7636, appendix B).
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct Fixture {
    pub idp: MockIdp,
    pub client: Client,
}

impl Fixture {
    pub fn start() -> Self {
        Self::of(MockIdp::builder().frozen_at(NOW))
    }

    pub fn of(builder: MockIdpBuilder) -> Self {
        // Without the trust store, which takes long to read and is not needed for plain HTTP.
        let client = Client::builder().redirect(Policy::none()).tls_certs_only([]).build().unwrap();
        Self { idp: builder.start().unwrap(), client }
    }

    pub fn app(&self, name: &str) -> String {
        self.idp.directory().app(name).unwrap().client_id.clone()
    }

    pub fn secret(&self, name: &str) -> String {
        self.idp.directory().app(name).unwrap().client_secret.clone().unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.idp.base_url())).send().await.unwrap()
    }

    pub async fn get_json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    pub fn token_url(&self) -> String {
        format!("{}/oauth2/v2.0/token", self.idp.authority())
    }

    /// A token request; `origin` makes it one of a page.
    pub async fn token(&self, form: &[(&str, &str)], origin: Option<&str>) -> Response {
        let mut request = self.client.post(self.token_url()).form(form);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.send().await.unwrap()
    }

    /// The parameters of a good authorization request by `orders-web`, or with some replaced, added or (if empty) gone.
    pub fn authorize_query<'a>(&'a self, changes: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
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

    pub async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let url = format!("{}/oauth2/v2.0/authorize", self.idp.authority());
        self.client.get(url).query(&self.authorize_query(changes)).send().await.unwrap()
    }

    /// The code of a sign-in.
    pub async fn code(&self, changes: &[(&str, &str)]) -> String {
        let response = self.authorize(changes).await;
        assert_eq!(response.status(), 302, "{}", response.text().await.unwrap());
        redirect_query(&response).remove("code").unwrap()
    }

    /// Redeems a code as `orders-web`, with some parameters replaced, added or (if empty) gone.
    pub async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Response {
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

pub fn redirect_query(response: &Response) -> HashMap<String, String> {
    let location = response.headers()["location"].to_str().unwrap();
    Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

pub async fn json_of(response: Response) -> Value {
    response.json().await.unwrap()
}

/// Status, `error` and the AADSTS number.
pub async fn error_of(response: Response) -> (u16, String, u64) {
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

pub fn claims(token: &Value) -> Value {
    part(token, 1)
}

pub fn header(token: &Value) -> Value {
    part(token, 0)
}

fn part(token: &Value, index: usize) -> Value {
    let part = token.as_str().unwrap().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub fn names(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

pub fn error(status: u16, error: &str, number: u64) -> (u16, String, u64) {
    (status, error.to_owned(), number)
}
