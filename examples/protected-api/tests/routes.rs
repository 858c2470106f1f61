//! The API's routes, with the tokens of flask-entra-auth's mocks and a discovery document of our own.

use entra_test_harness::{MockClaims, MockJwks, MockJwtClient};
use protected_api::{Settings, app};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const ISSUER: &str = "https://issuer.auth.example.com";

struct Api {
    base: String,
    client: Client,
    tokens: MockJwtClient,
    _provider: MockServer,
}

impl Api {
    async fn start(settings: &[(&'static str, &'static str)]) -> Self {
        let jwks = MockJwks::published();
        let provider = MockServer::start().await;
        let metadata = json!({"issuer": ISSUER, "jwks_uri": format!("{}/keys", provider.uri())});
        for (place, body) in [("/.well-known/openid-configuration", metadata), ("/keys", jwks.to_json())] {
            Mock::given(path(place))
                .respond_with(ResponseTemplate::new(200).set_body_json(body))
                .mount(&provider)
                .await;
        }
        let endpoint = format!("{}/.well-known/openid-configuration", provider.uri());
        let settings = Settings::from_lookup(|name| match name {
            "ENTRA_AUTH_CLIENT_ID" => Some("test_app_1".to_owned()),
            "ENTRA_AUTH_OIDC_ENDPOINT" => Some(endpoint.clone()),
            _ => settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        })
        .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app(settings.server)).await });
        let client = Client::builder().tls_certs_only([]).build().unwrap();
        Self {
            base,
            client,
            tokens: MockJwtClient::new(jwks.key(), MockClaims::new("test_app_1")),
            _provider: provider,
        }
    }

    async fn get(&self, path: &str, token: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).bearer_auth(token).send().await.unwrap()
    }

    async fn introspect(&self, token: &str) -> Value {
        let request = self.client.post(format!("{}/introspect", self.base)).form(&[("token", token)]);
        request.send().await.unwrap().json().await.unwrap()
    }
}

async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let problem: Value = response.json().await.unwrap();
    (status, problem["type"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_default_token_opens_every_route() {
    let api = Api::start(&[]).await;
    let token = api.tokens.generate();
    for route in [
        "/unrestricted",
        "/restricted",
        "/restricted/current-token",
        "/restricted/scopes/scps-and",
        "/restricted/scopes/scps-or",
        "/restricted/scopes/scps-and-or",
        "/restricted/scopes/roles-and",
        "/restricted/scopes/roles-or",
        "/restricted/scopes/roles-and-or",
        "/restricted/scopes/scopes-and",
        "/restricted/scopes/scopes-or",
        "/restricted/scopes/scopes-and-or",
    ] {
        assert_eq!(api.get(route, &token).await.status(), 200, "{route}");
    }
}

#[tokio::test]
async fn each_route_asks_for_its_own_alternatives() {
    let api = Api::start(&[]).await;
    for (route, scps, roles, opens) in [
        ("scps-and", "A B", "", true),
        ("scps-and", "A", "", false),
        ("scps-or", "B", "", true),
        ("scps-or", "C", "", false),
        ("scps-and-or", "A C", "", true),
        ("scps-and-or", "B C", "", true),
        ("scps-and-or", "A B", "", false),
        ("roles-and", "", "1 2", true),
        ("roles-and", "", "1 3", false),
        ("roles-or", "", "2", true),
        ("roles-or", "", "3", false),
        ("roles-and-or", "", "2 3", true),
        ("roles-and-or", "", "1 2", false),
        ("scopes-and", "A", "1", true),
        ("scopes-and", "A", "2", false),
        ("scopes-or", "", "1", true),
        ("scopes-or", "B", "2", false),
        ("scopes-and-or", "A C", "1 3", true),
        ("scopes-and-or", "B C", "2 3", true),
        ("scopes-and-or", "A C", "2 3", false),
    ] {
        let list = |prefix: &str, names: &str| {
            names.split_whitespace().map(|name| format!("{prefix}_{name}")).collect::<Vec<_>>()
        };
        let mut token =
            api.tokens.token().claim("scps", list("SCOPE", scps)).claim("roles", list("ROLE", roles));
        if roles.is_empty() {
            token = token.without("roles");
        }
        let response = api.get(&format!("/restricted/scopes/{route}"), &token.sign()).await;
        if opens {
            assert_eq!(response.status(), 200, "{route} {scps} {roles}");
        } else {
            assert_eq!(
                refusal(response).await,
                (403, "auth_token_insufficient_scopes".into()),
                "{route} {scps} {roles}"
            );
        }
    }
}

#[tokio::test]
async fn scopes_in_scp_count_as_well() {
    let api = Api::start(&[]).await;
    let token = api.tokens.token().without("scps").claim("scp", "SCOPE_A SCOPE_B").sign();
    assert_eq!(api.get("/restricted/scopes/scps-and", &token).await.status(), 200);
}

#[tokio::test]
async fn the_current_token_is_told_with_all_its_claims() {
    let api = Api::start(&[]).await;
    let answer: Value =
        api.get("/restricted/current-token", &api.tokens.generate()).await.json().await.unwrap();
    assert_eq!(answer["claims"]["sub"], "test_subject");
    assert_eq!(answer["claims"]["scps"], json!(["SCOPE_A", "SCOPE_B", "SCOPE_C"]));
}

#[tokio::test]
async fn tokens_that_are_no_good_are_refused_for_their_own_reason() {
    let api = Api::start(&[]).await;
    let token = || api.tokens.token();
    for (token, code) in [
        (api.tokens.generate_empty(), "auth_token_kid_missing"),
        (api.tokens.generate_kid(), "auth_token_claim_missing"),
        (token().claim("iss", "https://evil.example").sign(), "auth_token_issuer_untrusted"),
        (token().claim("aud", "another").sign(), "auth_token_audience_invalid"),
        // flask-entra-auth's own example, `generate(exp=1)`, whose `nbf` is later.
        (token().claim("exp", 1).sign(), "auth_token_expired"),
        (token().claim("ver", "1.0").sign(), "auth_token_ver_not_supported"),
        (token().without("azp").sign(), "auth_token_claim_missing"),
    ] {
        assert_eq!(refusal(api.get("/restricted", &token).await).await, (401, code.to_owned()));
    }
}

#[tokio::test]
async fn allow_lists_and_the_contact_come_from_the_environment() {
    let api = Api::start(&[
        ("ENTRA_AUTH_ALLOWED_APPS", "another, test_app_2"),
        ("ENTRA_AUTH_ALLOWED_SUBJECTS", "test_subject"),
        ("ENTRA_AUTH_CONTACT", "mailto:support@example.com"),
    ])
    .await;
    assert_eq!(api.get("/restricted", &api.tokens.generate()).await.status(), 200);
    let stranger = api.tokens.token().claim("sub", "stranger").sign();
    assert_eq!(
        refusal(api.get("/restricted", &stranger).await).await,
        (403, "auth_token_subject_not_trusted".into())
    );
    let app = api.tokens.token().claim("azp", "test_app_3").sign();
    let problem: Value = api.get("/restricted", &app).await.json().await.unwrap();
    assert_eq!(
        (&problem["type"], &problem["contact"]),
        (&json!("auth_token_azp_not_trusted"), &json!("mailto:support@example.com"))
    );
    let forbidden = api.tokens.token().without("scps").claim("roles", json!(["X"])).sign();
    let problem: Value = api.get("/restricted/scopes/scps-or", &forbidden).await.json().await.unwrap();
    assert_eq!(problem["contact"], "mailto:support@example.com");
}

#[tokio::test]
async fn a_token_is_introspected_and_a_bad_one_is_inactive_and_nothing_else() {
    let api = Api::start(&[]).await;
    let good = api.introspect(&api.tokens.generate()).await;
    assert_eq!((&good["active"], &good["client_id"]), (&json!(true), &json!("test_app_2")));
    assert_eq!(good["scope"], "SCOPE_A SCOPE_B SCOPE_C");
    assert_eq!(good["roles"], json!(["ROLE_1", "ROLE_2", "ROLE_3"]));
    assert_eq!(
        api.introspect(&api.tokens.token().claim("exp", 1).claim("nbf", 0).sign()).await,
        json!({"active": false})
    );
}

#[test]
fn a_setting_that_cannot_be_meant_is_named() {
    for (name, value) in [
        ("LISTEN", "here"),
        ("AUTHORITY", "http://example.com/x"),
        ("ENTRA_AUTH_OIDC_ENDPOINT", "http://example.com/x"),
        ("ENTRA_AUTH_ALLOWED_APPS", "a,,b"),
    ] {
        let error = Settings::from_lookup(|known| (known == name).then(|| value.to_owned())).unwrap_err();
        assert!(error.contains(name) && error.lines().count() == 1, "{error}");
    }
}
