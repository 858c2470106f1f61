//! The small part of Microsoft Graph, and managed identities.

use entra_mock_idp::TokenBuilder;
use reqwest::Response;
use serde_json::json;

use crate::support::{Fixture, app_mut, claims, json_of};

const GRAPH: &str = "https://graph.microsoft.com";

fn graph_token(fixture: &Fixture, user: &str, scopes: &[&str]) -> TokenBuilder {
    fixture.idp.token().user(user).audience(GRAPH).scopes(scopes.iter().copied())
}

async fn ask(fixture: &Fixture, method: reqwest::Method, path: &str, token: &str) -> Response {
    let url = format!("{}{path}", fixture.idp.base_url());
    fixture.client.request(method, url).bearer_auth(token).send().await.unwrap()
}

#[tokio::test]
async fn userinfo_says_what_the_scopes_allow() {
    let fixture = Fixture::start();
    let token = graph_token(&fixture, "carol", &["openid", "profile", "email"]).sign();
    let body = json_of(ask(&fixture, reqwest::Method::GET, "/oidc/userinfo", &token).await).await;
    assert_eq!((&body["name"], &body["email"]), (&json!("Carol Clark"), &json!("carol@fabrikam.example")));
    let id_token = fixture.idp.token().user("carol").id_token().sign();
    assert_eq!(body["sub"], claims(&json!(id_token))["sub"], "which clients compare");
    assert_ne!(body["sub"], claims(&json!(token))["sub"], "pairwise");
    let less = graph_token(&fixture, "carol", &["openid"]).sign();
    let body = json_of(ask(&fixture, reqwest::Method::POST, "/oidc/userinfo", &less).await).await;
    assert_eq!(crate::support::names(&body), ["sub"]);
}

#[tokio::test]
async fn a_path_may_end_in_a_slash() {
    let fixture = Fixture::start();
    let token = graph_token(&fixture, "alice", &["openid", "User.Read"]).sign();
    for path in ["/v1.0/me/", "/oidc/userinfo/"] {
        assert_eq!(ask(&fixture, reqwest::Method::GET, path, &token).await.status(), 200, "{path}");
    }
    for path in ["/metadata/identity/oauth2/token", "/metadata/identity/oauth2/token/"] {
        for path in [path.to_owned(), format!("/{path}")] {
            let response = fixture.get(&path).await;
            assert_eq!(response.status(), 400, "{path}: the header is missing, not the endpoint");
        }
    }
}

#[tokio::test]
async fn the_groups_that_did_not_fit_into_the_token_are_where_it_points() {
    let fixture = Fixture::start();
    let overage = claims(&json!(fixture.idp.token().user("dave").sign()));
    let endpoint = overage["_claim_sources"]["src1"]["endpoint"].as_str().unwrap();
    let path = endpoint.strip_prefix(&fixture.idp.base_url()).unwrap();
    let token = graph_token(&fixture, "dave", &["User.Read"]).sign();
    let body = json_of(ask(&fixture, reqwest::Method::POST, path, &token).await).await;
    assert_eq!(body["value"].as_array().unwrap().len(), 251);
    let own = json_of(ask(&fixture, reqwest::Method::POST, "/v1.0/me/getMemberObjects", &token).await).await;
    assert_eq!(own["value"], body["value"]);
    let alice = graph_token(&fixture, "alice", &["User.Read"]).sign();
    assert_eq!(ask(&fixture, reqwest::Method::POST, path, &alice).await.status(), 403, "not her own");
    let app = fixture.idp.token().audience(GRAPH).roles(["User.Read.All"]).sign();
    assert_eq!(ask(&fixture, reqwest::Method::POST, path, &app).await.status(), 200);
}

#[tokio::test]
async fn ones_own_profile_is_for_a_graph_token_with_the_scope() {
    let fixture = Fixture::start();
    let me = async |token: String| ask(&fixture, reqwest::Method::GET, "/v1.0/me", &token).await;
    let body = json_of(me(graph_token(&fixture, "alice", &["User.Read"]).sign()).await).await;
    assert_eq!(body["userPrincipalName"], "alice@contoso.example");
    assert_eq!(me(graph_token(&fixture, "alice", &["Mail.Read"]).sign()).await.status(), 403);
    for (name, token) in [
        ("for our own API", fixture.idp.token().user("alice").sign()),
        ("expired", graph_token(&fixture, "alice", &["User.Read"]).expires_in(0).sign()),
        (
            "tampered",
            graph_token(&fixture, "alice", &["User.Read"])
                .signature(entra_mock_idp::Signature::Tampered)
                .sign(),
        ),
        ("none", "junk".to_owned()),
    ] {
        let response = me(token).await;
        assert_eq!(response.status(), 401, "{name}");
        assert_eq!(json_of(response).await["error"]["code"], "InvalidAuthenticationToken", "{name}");
    }
}

fn on_a_machine() -> Fixture {
    Fixture::with(|directory| {
        let daemon = app_mut(directory, "orders-daemon");
        daemon.managed_identity = true;
        daemon.resource_id = Some("/subscriptions/x/resourceGroups/y/identities/orders".into());
    })
}

async fn machine(fixture: &Fixture, path: &str, header: Option<(&str, &str)>) -> Response {
    let mut request = fixture.client.get(format!("{}{path}", fixture.idp.base_url()));
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_virtual_machine_gets_its_identitys_token_and_all_values_are_text() {
    let fixture = on_a_machine();
    let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2Forders";
    let body = json_of(machine(&fixture, path, Some(("metadata", "true"))).await).await;
    assert!(body.as_object().unwrap().values().all(serde_json::Value::is_string), "{body}");
    let token = claims(&body["access_token"]);
    assert_eq!((&token["roles"], &token["azpacr"]), (&json!(["Orders.Read.All"]), &json!("2")));
    assert_eq!(body["expires_on"], token["exp"].to_string());
    for (selector, status) in [
        (format!("client_id={}", fixture.app("orders-daemon")), 200),
        ("msi_res_id=/subscriptions/x/resourceGroups/y/identities/orders".to_owned(), 200),
        (format!("client_id={}", fixture.app("orders-web")), 400),
    ] {
        let response = machine(&fixture, &format!("{path}&{selector}"), Some(("metadata", "true"))).await;
        assert_eq!(response.status(), status, "{selector}");
    }
}

#[tokio::test]
async fn a_request_that_a_page_was_tricked_into_sending_gets_no_token() {
    let fixture = on_a_machine();
    let imds = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api://orders";
    let response = machine(&fixture, imds, None).await;
    assert_eq!(response.status(), 400);
    assert_eq!(json_of(response).await["error_description"], "Required metadata header not specified");
    let app_service = "/msi/token?api-version=2019-08-01&resource=api://orders";
    assert_eq!(machine(&fixture, app_service, None).await.status(), 401);
}

#[tokio::test]
async fn an_app_service_gets_its_identitys_token_in_its_own_form() {
    let fixture = on_a_machine();
    let path = "/msi/token?api-version=2019-08-01&resource=api://orders";
    let body = json_of(machine(&fixture, path, Some(("x-identity-header", "any"))).await).await;
    assert_eq!(
        crate::support::names(&body),
        ["access_token", "client_id", "expires_on", "resource", "token_type"]
    );
    let unknown = "/msi/token?api-version=2019-08-01&resource=api://nothing";
    let response = machine(&fixture, unknown, Some(("x-identity-header", "any"))).await;
    assert_eq!(json_of(response).await["error"], "invalid_resource");
    let without = Fixture::start();
    let response = machine(&without, path, Some(("x-identity-header", "any"))).await;
    assert_eq!(json_of(response).await["error_description"], "Identity not found");
}
