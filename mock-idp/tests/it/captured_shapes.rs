//! What Entra was seen to send, held against what the mock sends: names and their order, JSON types, statuses, headers. The
//! shapes come from recordings of Microsoft's own tests (azure-sdk-for-js) and of other people's clients; they are facts about the
//! wire, not texts.

use reqwest::{Method, Response};
use serde_json::Value;

use crate::support::{CHALLENGE, Fixture, VERIFIER, claims, json_of, redirect_query, user_mut};

/// The top-level names of a JSON object in the order of the text, each with the type of its value.
fn shape(text: &str) -> Vec<(String, &'static str)> {
    let object: Value = serde_json::from_str(text).unwrap();
    let object = object.as_object().unwrap();
    let mut names: Vec<_> = object.keys().cloned().collect();
    // No value of ours quotes a member's name with its colon.
    names.sort_by_key(|name| text.find(&format!("\"{name}\":")).unwrap());
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    names.into_iter().map(|name| (name.clone(), kind(&object[&name]))).collect()
}

#[track_caller]
fn assert_shape(text: &str, expected: &[(&str, &'static str)]) {
    let shape = shape(text);
    let shape: Vec<_> = shape.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
    assert_eq!(shape, expected, "{text}");
}

const ERROR: [(&str, &str); 7] = [
    ("error", "string"),
    ("error_description", "string"),
    ("error_codes", "array"),
    ("timestamp", "string"),
    ("trace_id", "string"),
    ("correlation_id", "string"),
    ("error_uri", "string"),
];

fn with<'a>(more: &[(&'a str, &'static str)]) -> Vec<(&'a str, &'static str)> {
    ERROR.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn an_error_has_entras_members_in_entras_order_with_suberror_where_it_was_captured() {
    let fixture = Fixture::with(|directory| {
        user_mut(directory, "bob").sign_in = entra_mock_idp::SignIn::MfaRequired;
    });
    let client = fixture.app("orders-spa");
    let password = |user: &'static str, password: &'static str| {
        let client = client.clone();
        let fixture = &fixture;
        async move {
            let form = [
                ("grant_type", "password"),
                ("client_id", client.as_str()),
                ("username", user),
                ("password", password),
                ("scope", "openid"),
            ];
            fixture.token(&form, None).await.text().await.unwrap()
        }
    };
    assert_shape(&password("nobody@contoso.example", "x").await, &with(&[("suberror", "string")]));
    let mfa = password("bob@contoso.example", "bob-password-for-tests-only").await;
    assert_shape(&mfa, &with(&[("suberror", "string"), ("claims", "string")]));
    assert_shape(&password("alice@contoso.example", "x").await, &with(&[]));
    let body = fixture.token(&[("grant_type", "magic")], None).await.text().await.unwrap();
    assert_shape(&body, &ERROR[..6]);
}

#[tokio::test]
async fn an_error_can_be_found_again_by_its_identifiers() {
    let fixture = Fixture::start();
    let response = fixture.client.post(fixture.token_url()).query(&[("client-request-id", "of-the-client")]);
    let response = response
        .header("return-client-request-id", "true")
        .form(&[("grant_type", "magic")])
        .send()
        .await
        .unwrap();
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-ms-clitelem"], "1,70003,0,,");
    assert_eq!(headers["client-request-id"], "of-the-client");
    assert!(headers.contains_key("x-ms-ests-server") && headers.contains_key("x-ms-srs"));
    assert!(!headers.contains_key("strict-transport-security"), "it would hold for all of localhost");
    let body = json_of(response).await;
    assert_eq!(headers["x-ms-request-id"], body["trace_id"].as_str().unwrap());
    assert_eq!(body["correlation_id"], "of-the-client");
}

#[tokio::test]
async fn every_success_has_an_identifier_too() {
    let fixture = Fixture::start();
    let form = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];
    let response = fixture.token_as("orders-daemon", &form).await;
    assert_eq!(response.headers()["x-ms-clitelem"], "1,0,0,,");
    assert_eq!(response.headers()["x-ms-request-id"].len(), 36);
    assert!(!response.headers().contains_key("client-request-id"), "only if it is asked for");
    let keys = fixture.get("/common/discovery/v2.0/keys").await;
    assert_eq!(keys.headers()["x-ms-request-id"].len(), 36);
}

#[tokio::test]
async fn the_page_of_error_uri_explains_the_number() {
    let fixture = Fixture::start();
    let body = json_of(fixture.token(&[], None).await).await;
    let uri = body["error_uri"].as_str().unwrap();
    let page = fixture.client.get(uri).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let text = page.text().await.unwrap();
    assert!(text.contains("AADSTS900144") && text.contains("A required parameter is missing."), "{text}");
    for unknown in ["/error?code=1", "/error?code=%3Cscript%3E", "/error"] {
        let page = fixture.get(unknown).await;
        assert_eq!(page.status(), 404, "{unknown}");
        assert!(!page.text().await.unwrap().contains("<script>"));
    }
    assert_eq!(fixture.get("/error?code=AADSTS50126").await.status(), 200);
}

const DELEGATED: [(&str, &str); 7] = [
    ("token_type", "string"),
    ("scope", "string"),
    ("expires_in", "number"),
    ("ext_expires_in", "number"),
    ("access_token", "string"),
    ("refresh_token", "string"),
    ("id_token", "string"),
];

#[tokio::test]
async fn token_responses_have_entras_members_in_entras_order() {
    let fixture = Fixture::start();
    let form = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];
    let text = fixture.token_as("orders-daemon", &form).await.text().await.unwrap();
    let app_only = [
        ("token_type", "string"),
        ("expires_in", "number"),
        ("ext_expires_in", "number"),
        ("access_token", "string"),
    ];
    assert_shape(&text, &app_only);

    let code = fixture.code(&[]).await;
    assert_shape(&fixture.redeem(&code, &[]).await.text().await.unwrap(), &DELEGATED);

    let (client, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client.as_str()),
        ("client_secret", secret.as_str()),
        ("resource", "api://orders"),
    ];
    let v1 = fixture
        .post(&format!("/{}/oauth2/token", fixture.idp.tenant_id()), &form)
        .await
        .text()
        .await
        .unwrap();
    let names = [
        "token_type",
        "expires_in",
        "ext_expires_in",
        "expires_on",
        "not_before",
        "resource",
        "access_token",
    ];
    assert_shape(&v1, &names.map(|name| (name, "string")));
}

#[tokio::test]
async fn a_single_page_app_gets_the_members_that_msal_browser_was_seen_to_get() {
    let fixture = Fixture::start();
    let (client, redirect) = (fixture.app("orders-spa"), ("redirect_uri", "http://localhost:5173/"));
    let code = fixture.code(&[("client_id", &client), redirect, ("code_challenge", CHALLENGE)]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client.as_str()),
        ("code", code.as_str()),
        redirect,
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ];
    let text = fixture.token(&form, Some("http://localhost:5173")).await.text().await.unwrap();
    let mut expected = DELEGATED.to_vec();
    expected.insert(6, ("refresh_token_expires_in", "number"));
    expected.push(("client_info", "string"));
    assert_shape(&text, &expected);
}

#[tokio::test]
async fn an_authorize_error_is_named_for_that_endpoint_and_can_be_found_again() {
    let fixture = Fixture::with(|directory| {
        crate::support::app_mut(directory, "orders-api").assignment_required = true;
        user_mut(directory, "bob").sign_in = entra_mock_idp::SignIn::Disabled;
    });
    let refused = redirect_query(&fixture.authorize(&[("client-request-id", "of-the-client")]).await);
    assert_eq!(refused["error"], "interaction_required");
    let description = &refused["error_description"];
    assert!(description.starts_with("AADSTS50105: ") && description.contains(" Trace ID: "), "{description}");
    assert!(description.contains(" Correlation ID: of-the-client Timestamp: "), "{description}");
    assert_eq!(refused["state"], "the-state");

    let bob = ("login_hint", "bob@contoso.example");
    assert_eq!(fixture.authorize(&[bob]).await.status(), 400, "a person reads that the account is disabled");
}

#[tokio::test]
async fn graph_refuses_in_its_own_form() {
    let fixture = Fixture::start();
    let url = format!("{}/v1.0/me", fixture.idp.base_url());
    let response: Response =
        fixture.client.request(Method::GET, url).bearer_auth("x.y.z").send().await.unwrap();
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
    let expected = format!(
        r#"Bearer realm="", authorization_uri="{}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000""#,
        fixture.idp.base_url()
    );
    assert_eq!(challenge, expected);
    assert!(response.headers().contains_key("request-id"));
    let body = json_of(response).await;
    assert_eq!(crate::support::names(&body["error"]), ["code", "innerError", "message"]);
    assert_eq!(
        crate::support::names(&body["error"]["innerError"]),
        ["client-request-id", "date", "request-id"]
    );
}

#[tokio::test]
async fn a_default_port_stays_out_of_every_url() {
    for (public, expected) in [
        ("https://localhost:443", "https://localhost"),
        ("https://idp.example:443/entra/", "https://idp.example/entra"),
        ("http://idp.example:80", "http://idp.example"),
        ("https://idp.example:8443", "https://idp.example:8443"),
    ] {
        let idp = entra_mock_idp::MockIdp::builder().public_url(public).start().unwrap();
        assert_eq!(idp.base_url(), expected);
        let issuer = claims(&idp.token().sign().into())["iss"].as_str().unwrap().to_owned();
        assert!(issuer.starts_with(&format!("{expected}/")), "{issuer}");
    }
}
