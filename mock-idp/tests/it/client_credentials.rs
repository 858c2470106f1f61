//! The token endpoint, client credentials, and who may ask at all.

use crate::support::{Fixture, NOW, app_mut, claims, error, error_of, header, json_of, names};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_mock_idp::SignInAudience;
use serde_json::json;

const DEFAULT: &str = "api://orders/.default";

fn form<'a>(id: &'a str, secret: &'a str, scope: &'a str) -> Vec<(&'a str, &'a str)> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", scope),
    ];
    form.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

#[tokio::test]
async fn a_daemon_gets_exactly_what_entra_sends() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let mut form = form(&id, &secret, DEFAULT);
    form.push(("client_info", "1"));
    let response = fixture.token(&form, None).await;
    assert_eq!(response.headers()["cache-control"], "no-store, no-cache");
    let body = json_of(response).await;
    assert_eq!(names(&body), ["access_token", "expires_in", "ext_expires_in", "token_type"]);
    let token = &body["access_token"];
    assert_eq!(names(&header(token)), ["alg", "kid", "typ"]);
    let claims = claims(token);
    let members = [
        "aio", "aud", "azp", "azpacr", "exp", "iat", "iss", "nbf", "oid", "rh", "roles", "sub", "tid", "uti",
        "ver", "xms_ftd",
    ];
    assert_eq!(names(&claims), members);
    assert_eq!(claims["aud"], fixture.app("orders-api"));
    assert_eq!(claims["roles"], json!(["Orders.Read.All"]));
    assert_eq!((&claims["oid"], &claims["azpacr"]), (&claims["sub"], &json!("1")));
    assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(NOW - 300), &json!(NOW - 300)));
    let lifetime = claims["exp"].as_i64().unwrap() - NOW;
    assert!((3600..5400).contains(&lifetime));
    assert_eq!(body["expires_in"], lifetime - 1);
}

#[tokio::test]
async fn two_tokens_of_one_second_differ() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let mut utis = Vec::new();
    for _ in 0..2 {
        let body = json_of(fixture.token(&form(&id, &secret, DEFAULT), None).await).await;
        utis.push(claims(&body["access_token"])["uti"].clone());
    }
    assert_ne!(utis[0], utis[1]);
}

#[tokio::test]
async fn a_client_without_a_role_gets_a_token_without_roles() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let body = json_of(fixture.token(&form(&id, &secret, DEFAULT), None).await).await;
    assert!(claims(&body["access_token"]).get("roles").is_none());
}

#[tokio::test]
async fn a_secret_may_travel_in_basic_credentials() {
    let fixture = Fixture::start();
    let credentials =
        STANDARD.encode(format!("{}:{}", fixture.app("orders-daemon"), fixture.secret("orders-daemon")));
    let request = |credentials: String| {
        let form = [("grant_type", "client_credentials"), ("scope", DEFAULT)];
        fixture.client.post(fixture.token_url()).header("authorization", credentials).form(&form).send()
    };
    assert_eq!(request(format!("Basic {credentials}")).await.unwrap().status(), 200);
    assert_eq!(request(format!("basic {credentials}")).await.unwrap().status(), 200);
    for malformed in ["Basic", "Basic %%%", "Bearer x", "Basic bm9jb2xvbg=="] {
        let refused = error_of(request(malformed.to_owned()).await.unwrap()).await;
        assert_eq!(refused, error(400, "invalid_request", 9002313), "{malformed}");
    }
}

#[tokio::test]
async fn a_client_proves_itself_in_one_way_and_for_one_client() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let web = fixture.app("orders-web");
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let secret = ("client_secret", secret.as_str());
    let assertion = [("client_assertion_type", kind), ("client_assertion", "a.b.c")];
    for (header, proofs) in [
        (None, vec![secret, assertion[0], assertion[1]]),
        (Some(&basic), vec![secret]),
        (Some(&basic), assertion.to_vec()),
        (Some(&basic), vec![("client_id", web.as_str())]),
    ] {
        let mut form = vec![("grant_type", "client_credentials"), ("scope", DEFAULT)];
        if !proofs.iter().any(|(name, _)| *name == "client_id") {
            form.push(("client_id", &id));
        }
        form.extend(&proofs);
        let mut request = fixture.client.post(fixture.token_url()).form(&form);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let refused = error_of(request.send().await.unwrap()).await;
        assert_eq!(refused, error(400, "invalid_request", 9002313), "{proofs:?}");
    }
    for form in [vec![], vec![("client_id", id.to_uppercase())]] {
        let mut whole = vec![("grant_type", "client_credentials".to_owned()), ("scope", DEFAULT.to_owned())];
        whole.extend(form);
        let request = fixture.client.post(fixture.token_url()).header("authorization", &basic);
        assert_eq!(request.form(&whole).send().await.unwrap().status(), 200);
    }
    let clients: Vec<_> = fixture.idp.requests().into_iter().filter_map(|request| request.client).collect();
    assert_eq!(clients[4], id, "the record names whom the header names");
}

#[tokio::test]
async fn every_mistake_of_a_client_has_its_own_number() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let spa = fixture.app("orders-spa");
    let nobody = "99999999-0000-4000-8000-000000000000";
    let nil = "00000000-0000-0000-0000-000000000000";
    for (form, expected) in [
        (form(&id, "wrong", DEFAULT), error(401, "invalid_client", 7000215)),
        (form(&id, "", DEFAULT), error(401, "invalid_client", 7000218)),
        (form(&spa, "", DEFAULT), error(401, "invalid_client", 7000218)),
        (form(&spa, "x", DEFAULT), error(401, "invalid_client", 700025)),
        (form(nobody, "x", DEFAULT), error(400, "unauthorized_client", 700016)),
        (form("orders-daemon", &secret, DEFAULT), error(400, "unauthorized_client", 700016)),
        (form(nil, "x", DEFAULT), error(400, "unauthorized_client", 700038)),
        (form("", "", DEFAULT), error(400, "invalid_request", 900144)),
        (form(&id, &secret, ""), error(400, "invalid_request", 900144)),
        (form(&id, &secret, "api://orders/Orders.Read"), error(400, "invalid_scope", 1002012)),
        (form(&id, &secret, "api://nothing/.default"), error(400, "invalid_resource", 500011)),
        (
            form(&id, &secret, "api://orders/.default api://orders/Orders.Read"),
            error(400, "invalid_scope", 70011),
        ),
        (vec![("client_id", id.as_str())], error(400, "invalid_request", 900144)),
        (vec![("grant_type", "magic")], error(400, "unsupported_grant_type", 70003)),
        (vec![("grant_type", "a"), ("grant_type", "b")], error(400, "invalid_request", 9002313)),
    ] {
        assert_eq!(error_of(fixture.token(&form, None).await).await, expected, "{form:?}");
    }
    let from_a_page = fixture.token(&form(&id, &secret, DEFAULT), Some("https://evil.example")).await;
    assert_eq!(error_of(from_a_page).await, error(400, "invalid_request", 9002326));
}

#[tokio::test]
async fn a_tenant_must_be_named() {
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-daemon").sign_in_audience = SignInAudience::MultipleOrgs;
    });
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let ask = |segment: &str| {
        let url = format!("{}/{segment}/oauth2/v2.0/token", fixture.idp.base_url());
        fixture.client.post(url).form(&form(&id, &secret, DEFAULT)).send()
    };
    assert_eq!(error_of(ask("common").await.unwrap()).await, error(400, "invalid_request", 9001023));
    assert_eq!(
        error_of(ask(crate::support::FABRIKAM).await.unwrap()).await,
        error(400, "invalid_resource", 500011),
        "the API is of one tenant"
    );
    assert_eq!(ask("contoso.example").await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_endpoint_accepts_posts_only() {
    let fixture = Fixture::start();
    let response = fixture.client.get(fixture.token_url()).send().await.unwrap();
    assert_eq!(error_of(response).await, error(400, "invalid_request", 900561));
}

#[tokio::test]
async fn an_error_echoes_the_clients_request_id_and_some_have_no_address() {
    let fixture = Fixture::start();
    let ask = |form: &[(&str, &str)]| {
        let request = fixture.client.post(fixture.token_url()).header("client-request-id", "my-own-id");
        request.form(form).send()
    };
    let body = json_of(ask(&[("grant_type", "magic")]).await.unwrap()).await;
    assert_eq!(body["correlation_id"], "my-own-id");
    assert_eq!(body["timestamp"], "2026-01-01 00:00:00Z");
    assert!(body.get("error_uri").is_none());
    let body = json_of(ask(&[("client_id", "x")]).await.unwrap()).await;
    assert_eq!(body["error_uri"], format!("{}/error?code=900144", fixture.idp.base_url()));
}
