//! A conversation with the mock's token endpoint.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::MockIdp;
use entra_validator::{Code, KeySet, Validator};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::fixture::{BASE_URL, FIXTURE, NOW, authority, is_before_claims, now};

/// Where a form goes unless the conversation says otherwise.
pub(crate) const TOKEN: &str = "/contoso.example/oauth2/v2.0/token";
/// The headers that the endpoint reads.
const HEADERS: [HeaderName; 3] =
    [header::AUTHORIZATION, header::ORIGIN, HeaderName::from_static("client-request-id")];
/// The members of a response that a later request may send back: `{refresh_token}` is the last one.
const REMEMBERED: [&str; 5] = ["access_token", "code", "device_code", "id_token", "refresh_token"];
/// At most this many requests are sent.
const MOST: usize = 8;
/// The longest token that the validator reads.
const LONGEST_TOKEN: usize = 16 * 1024;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O starts")
});
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let world = &FIXTURE.world;
    Validator::new(authority(world), world.audience()).allow_without_permissions()
});
static KEYS: LazyLock<KeySet> = LazyLock::new(|| FIXTURE.keys.clone());

/// A conversation with a mock that has just started and answers every page as `alice`. Each line is one request:
///
/// * a line that begins with `/` is the path of the forms below it; with a query, it is a GET request itself;
/// * `authorization: ..`, `origin: ..` and `client-request-id: ..` are headers of the forms below;
/// * any other line is a form. `{refresh_token}` and its kin are replaced with the value from the last response that had it.
///
/// # Panics
///
/// If a response is 5xx; if a token or error response is not the required JSON; if a token is not signed by the mock; or if
/// the validator refuses an unaltered token for the API.
pub fn token_endpoint(input: &[u8]) {
    RUNTIME.block_on(Conversation::new().replay(input));
}

struct Conversation {
    router: Router,
    place: Uri,
    headers: HeaderMap,
    remembered: BTreeMap<&'static str, String>,
    sent: usize,
}

impl Conversation {
    fn new() -> Self {
        let builder = MockIdp::builder().public_url(BASE_URL).frozen_at(NOW).sign_in("alice");
        Self {
            router: builder.router().expect("alice is in the directory"),
            place: Uri::from_static(TOKEN),
            headers: HeaderMap::new(),
            remembered: BTreeMap::new(),
            sent: 0,
        }
    }

    async fn replay(&mut self, input: &[u8]) {
        for line in input.split(|&byte| byte == b'\n') {
            if let Some((name, value)) = header_line(line) {
                self.headers.insert(name, value);
            } else if line.first() != Some(&b'/') {
                self.post(line).await;
            } else if let Ok(place) = Uri::try_from(line) {
                match place.query() {
                    Some(_) => self.get(place).await,
                    None => self.place = place,
                }
            }
            if self.sent == MOST {
                return;
            }
        }
    }

    async fn get(&mut self, place: Uri) {
        let answer = self.send(Method::GET, place, Body::empty()).await;
        let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let location = location.and_then(|text| url::Url::parse(text).ok());
        let code = location.and_then(|url| {
            let mut parameters = url.query_pairs();
            parameters.find(|(name, _)| name == "code").map(|(_, code)| code.into_owned())
        });
        self.remembered.extend(code.map(|code| ("code", code)));
    }

    async fn post(&mut self, form: &[u8]) {
        let form = self.filled_in(form);
        let answer = self.send(Method::POST, self.place.clone(), Body::from(form.clone())).await;
        let last = self.place.path().rsplit('/').next().unwrap_or_default();
        if !matches!(last, "token" | "devicecode") || answer.status() == 404 {
            return;
        }
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("the body is in memory");
        let body: Value = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{status}: {error}: {}", String::from_utf8_lossy(&body)));
        match (status, last) {
            (200, "devicecode") => assert!(body["device_code"].is_string(), "{body}"),
            (200, _) => check_tokens(&body, &form),
            _ => check_error(status, &body),
        }
        for name in REMEMBERED {
            self.remembered.extend(body[name].as_str().map(|value| (name, value.to_owned())));
        }
    }

    async fn send(&mut self, method: Method, place: Uri, body: Body) -> Response<Body> {
        self.sent += 1;
        let mut request = Request::new(body);
        (*request.method_mut(), *request.uri_mut()) = (method, place);
        *request.headers_mut() = self.headers.clone();
        let answer = self.router.clone().oneshot(request).await;
        let answer = answer.unwrap_or_else(|never| match never {});
        assert!(!answer.status().is_server_error(), "{}", answer.status());
        answer
    }

    fn filled_in(&self, form: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(form) else { return form.to_vec() };
        let fill =
            |text: String, (name, value): (&&str, &String)| text.replace(&format!("{{{name}}}"), value);
        self.remembered.iter().fold(text.to_owned(), fill).into_bytes()
    }
}

fn header_line(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    HEADERS.into_iter().find_map(|name| {
        let value = line.strip_prefix(name.as_str().as_bytes())?.strip_prefix(b": ")?;
        Some((name, HeaderValue::from_bytes(value).ok()?))
    })
}

fn check_tokens(body: &Value, form: &[u8]) {
    assert_eq!(body["token_type"], "Bearer", "{body}");
    let token = body["access_token"].as_str().expect("an answer has an access token");
    if token.len() > LONGEST_TOKEN {
        return;
    }
    let bent = url::form_urlencoded::parse(form).any(|(name, value)| {
        matches!(&*name, "mock_claims" | "mock_without" | "claims") && !value.is_empty()
    });
    match VALIDATOR.validate(token, &KEYS, now()) {
        Ok(_) => {}
        Err(rejection) if is_for_graph(token) => {
            assert_eq!(
                rejection.code(),
                Code::SignatureUntrusted,
                "only Graph can verify its tokens: {token}"
            );
        }
        Err(rejection) => {
            assert!(!is_before_claims(&rejection), "{rejection}: {token}");
            let for_others = matches!(rejection.code(), Code::AudienceInvalid | Code::TenantNotTrusted);
            assert!(bent || for_others, "{rejection}: {token}");
        }
    }
}

fn is_for_graph(token: &str) -> bool {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    header.is_some_and(|header| {
        serde_json::from_slice::<Value>(&header).is_ok_and(|header| header["nonce"].is_string())
    })
}

fn check_error(status: u16, body: &Value) {
    assert!(matches!(status, 400 | 401), "{status}: {body}");
    assert!(body["error"].as_str().is_some_and(|error| !error.is_empty()), "{body}");
    let number = body["error_codes"][0].as_u64().expect("an error has a number");
    let description = body["error_description"].as_str().expect("an error has a description");
    assert!(description.starts_with(&format!("AADSTS{number}: ")), "{body}");
}
