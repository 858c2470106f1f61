//! Conversations with the token endpoint: one for every grant, and the catalogue's tokens as assertions.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_mock_idp::{App, Directory};
use url::form_urlencoded::Serializer;

use crate::token_endpoint::TOKEN;

use super::of_cases::{Seeds, of_cases};

/// Longer assertions are refused for the same reasons as shorter ones.
const LONGEST_ASSERTION: usize = 4 * 1024;

pub(super) fn all() -> Seeds {
    let of = Apps::new();
    let mut seeds = of.assertions();
    for (name, lines) in [of.applications(), of.users(), of.oddities()].concat() {
        seeds.insert(name.to_owned(), lines.join("\n").into_bytes());
    }
    seeds
}

struct Apps(Directory);

/// A name, and the lines.
type Conversation = (&'static str, Vec<String>);

const READ: &str = "openid profile offline_access api://orders/Orders.Read";
const CALLBACK: &str = "http://localhost:3000/callback";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-at-least";
const ON_BEHALF_OF: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

impl Apps {
    fn new() -> Self {
        Self(Directory::builtin())
    }

    fn app(&self, name: &str) -> &App {
        self.0.app(name).expect("the built-in directory has the usual apps")
    }

    /// A form that begins with the client's id and secret.
    fn form(&self, client: &str, parameters: &[(&str, &str)]) -> String {
        let app = self.app(client);
        let mut form = Serializer::new(String::new());
        form.append_pair("client_id", &app.client_id);
        if let Some(secret) = &app.client_secret {
            form.append_pair("client_secret", secret);
        }
        readable(&form.extend_pairs(parameters).finish())
    }

    /// Applications that act for themselves.
    fn applications(&self) -> Vec<Conversation> {
        let daemon = self.app("orders-daemon");
        let secret = daemon.client_secret.as_deref().unwrap_or_default();
        let basic = STANDARD.encode(format!("{}:{secret}", daemon.client_id));
        let assertion = [
            ("grant_type", "client_credentials"),
            ("scope", "api://orders/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", "e30.e30.AAAA"),
        ];
        let v1 = [("grant_type", "client_credentials"), ("resource", "api://orders")];
        let bent = r#"&mock_claims={"ver":"1.0","exp":1,"x":[null]}&mock_without=nbf+iat"#;
        vec![
            ("client-credentials", vec![self.daemon("api://orders/.default")]),
            ("client-credentials-graph", vec![self.daemon("https://graph.microsoft.com/.default")]),
            (
                "client-credentials-basic",
                vec![
                    format!("authorization: Basic {basic}"),
                    "grant_type=client_credentials&scope=api://orders/.default".to_owned(),
                ],
            ),
            (
                "client-credentials-v1",
                vec!["/contoso.example/oauth2/token".to_owned(), self.form("orders-daemon", &v1)],
            ),
            ("client-assertion", vec![self.form("orders-daemon", &assertion)]),
            ("bent", vec![self.daemon("api://orders/.default") + bent]),
        ]
    }

    /// Users, through every grant that has one.
    fn users(&self) -> Vec<Conversation> {
        let code = [
            ("grant_type", "authorization_code"),
            ("code", "{code}"),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let code = || self.form("orders-web", &code);
        let device = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", "{device_code}"),
        ];
        let claims =
            r#"&client_info=1&claims={"access_token":{"acrs":{"value":"c1"},"xms_cc":{"values":["cp1"]}}}"#;
        vec![
            ("password", vec![self.alice(), self.refresh("orders-spa"), self.refresh("orders-spa")]),
            ("password-wrong", vec![self.password("bob@contoso.example", "wrong")]),
            ("client-info-and-claims", vec![self.alice() + claims]),
            ("authorization-code", vec![self.authorize(""), code(), self.refresh("orders-web")]),
            (
                "authorization-code-twice",
                vec![self.authorize("&code_challenge_method=plain&nonce=n&state=s"), code(), code()],
            ),
            (
                "device-code",
                vec![
                    "/contoso.example/oauth2/v2.0/devicecode".to_owned(),
                    self.form("orders-spa", &[("scope", READ)]),
                    TOKEN.to_owned(),
                    self.form("orders-spa", &device),
                    self.refresh("orders-spa"),
                ],
            ),
            (
                "device-code-v1",
                vec![
                    "/contoso.example/oauth2/devicecode".to_owned(),
                    self.form("orders-spa", &[("resource", "api://orders")]),
                    "/contoso.example/oauth2/token".to_owned(),
                    self.form("orders-spa", &[("grant_type", "device_code"), ("code", "{device_code}")]),
                ],
            ),
            ("on-behalf-of", vec![self.alice(), self.on_behalf_of("{access_token}")]),
        ]
    }

    /// Requests that are unusual in what no grant reads.
    fn oddities(&self) -> Vec<Conversation> {
        let origin = "origin: http://localhost:5173".to_owned();
        let request_id = "client-request-id: eeeeeeee-0000-4000-8000-00000000dddd".to_owned();
        vec![
            ("from-another-origin", vec![origin, self.alice(), self.refresh("orders-spa")]),
            ("named-by-the-client", vec![request_id, self.refresh("orders-web")]),
            ("unknown-tenant", vec!["/nowhere.example/oauth2/v2.0/token".to_owned(), self.alice()]),
            (
                "common",
                vec![
                    "/common/oauth2/v2.0/token".to_owned(),
                    self.alice(),
                    self.daemon("api://orders/.default"),
                ],
            ),
            ("unknown-grant", vec![self.form("orders-spa", &[("grant_type", "urn:example:else")])]),
            ("sent-twice", vec!["scope=a&scope=b".to_owned()]),
        ]
    }

    fn daemon(&self, scope: &str) -> String {
        self.form("orders-daemon", &[("grant_type", "client_credentials"), ("scope", scope)])
    }

    fn password(&self, user: &str, secret: &str) -> String {
        let parameters =
            [("grant_type", "password"), ("username", user), ("password", secret), ("scope", READ)];
        self.form("orders-spa", &parameters)
    }

    fn alice(&self) -> String {
        self.password("alice@contoso.example", "alice-password-for-tests-only")
    }

    fn refresh(&self, client: &str) -> String {
        self.form(client, &[("grant_type", "refresh_token"), ("refresh_token", "{refresh_token}")])
    }

    /// The challenge is the verifier itself (RFC 7636 §4.2, `plain`).
    fn authorize(&self, more: &str) -> String {
        let query = Serializer::new(String::new())
            .append_pair("client_id", &self.app("orders-web").client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", CALLBACK)
            .append_pair("scope", READ)
            .append_pair("code_challenge", VERIFIER)
            .finish();
        format!("/contoso.example/oauth2/v2.0/authorize?{query}{more}")
    }

    fn on_behalf_of(&self, assertion: &str) -> String {
        let parameters = [
            ("grant_type", ON_BEHALF_OF),
            ("requested_token_use", "on_behalf_of"),
            ("scope", "https://graph.microsoft.com/User.Read offline_access"),
            ("assertion", assertion),
        ];
        self.form("orders-api", &parameters)
    }

    /// Hostile tokens as on-behalf-of assertions: those that differ in what this grant reads.
    fn assertions(&self) -> Seeds {
        of_cases(|case, attempt| {
            let looked_at = [
                "control",
                "signature",
                "audience",
                "expiry",
                "not_before",
                "issued_at",
                "permission",
                "subject",
                "tenant",
            ];
            let token = attempt.bearer()?;
            (looked_at.contains(&case.group()) && token.len() <= LONGEST_ASSERTION)
                .then(|| self.on_behalf_of(token).into_bytes())
        })
    }
}

/// The endpoint does not need braces, colons and slashes escaped, and placeholders must not be.
fn readable(form: &str) -> String {
    [("%7B", "{"), ("%7D", "}"), ("%3A", ":"), ("%2F", "/")]
        .into_iter()
        .fold(form.to_owned(), |form, (escaped, plain)| form.replace(escaped, plain))
}
