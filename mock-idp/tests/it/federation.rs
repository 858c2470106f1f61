//! Clients that bring a token of another issuer: another mock.

use std::net::TcpListener;

use entra_mock_idp::{Directory, Endpoint, Fault, MockIdp, Rotation, SigningKey};
use serde_json::{Value, json};

use crate::{
    client_assertion::{NOW, fixture, present},
    process::{Folder, Served, program},
    support::{Fixture, app_mut, claims, error_of, json_of},
};

const SUBJECT: &str = "system:serviceaccount:orders:daemon";

fn federate(directory: &mut Directory, issuer: &str) {
    app_mut(directory, "orders-daemon").federated_credentials =
        serde_json::from_value(json!([{"issuer": issuer, "subject": SUBJECT}])).unwrap();
}

fn workload_token(issuer: &MockIdp) -> entra_mock_idp::TokenBuilder {
    issuer.token().claim("sub", SUBJECT).claim("aud", "api://AzureADTokenExchange")
}

/// An issuer, and a mock whose daemon trusts it.
fn federated() -> (MockIdp, Fixture) {
    let issuer = MockIdp::builder().frozen_at(NOW).fresh_keys().start().unwrap();
    let fixture = fixture(|directory| federate(directory, &issuer.issuer()));
    (issuer, fixture)
}

/// The number and the reason of a refusal.
async fn refused(fixture: &Fixture, token: &str) -> (u64, String) {
    let (_, _, number) = error_of(present(fixture, token).await).await;
    let last = fixture.idp.requests().into_iter().last().unwrap();
    (number, last.reason.unwrap())
}

/// How often the issuer was asked for its documents.
fn asked(issuer: &MockIdp) -> [usize; 2] {
    [Endpoint::Discovery, Endpoint::Jwks].map(|endpoint| issuer.requests().to(endpoint).count())
}

#[tokio::test]
async fn a_token_of_a_trusted_issuer_replaces_a_secret_and_is_verified_with_its_keys() {
    let (issuer, fixture) = federated();
    let good = workload_token(&issuer).sign();
    let body = json_of(present(&fixture, &good).await).await;
    assert_eq!(claims(&body["access_token"])["azpacr"], "2");
    // Kubernetes writes its one audience into an array.
    let in_array = workload_token(&issuer).claim("aud", vec!["api://AzureADTokenExchange"]).sign();
    assert_eq!(present(&fixture, &in_array).await.status(), 200);

    for (name, token, number) in [
        ("another subject", workload_token(&issuer).claim("sub", "other").sign(), 700213),
        ("another audience", workload_token(&issuer).claim("aud", "api://orders").sign(), 700212),
        ("another key", workload_token(&issuer).signed_by(SigningKey::published(0)).sign(), 50013),
        ("expired", workload_token(&issuer).expires_in(-301).sign(), 700024),
    ] {
        assert_eq!(refused(&fixture, &token).await.0, number, "{name}");
    }
}

#[tokio::test]
async fn keys_are_kept_for_a_minute_so_a_request_costs_the_issuer_nothing() {
    let (issuer, fixture) = federated();
    let good = workload_token(&issuer).sign();
    for _ in 0..20 {
        assert_eq!(present(&fixture, &good).await.status(), 200);
    }
    assert_eq!(asked(&issuer), [1, 1]);
    fixture.idp.clock().freeze_at(NOW + 60);
    assert_eq!(present(&fixture, &good).await.status(), 200);
    assert_eq!(asked(&issuer), [2, 2]);
    drop(issuer);
    assert_eq!(present(&fixture, &good).await.status(), 200, "its keys are kept");
    fixture.idp.clock().freeze_at(NOW + 120);
    assert_eq!(refused(&fixture, &good).await.0, 50013, "its issuer is gone");
}

#[tokio::test]
async fn a_new_key_is_found_at_once_and_made_up_ones_cost_ten_readings_a_minute() {
    let (issuer, fixture) = federated();
    assert_eq!(present(&fixture, &workload_token(&issuer).sign()).await.status(), 200);
    issuer.rotate_keys(Rotation::Emergency);
    assert_eq!(present(&fixture, &workload_token(&issuer).sign()).await.status(), 200);
    for n in 0..30 {
        let made_up = workload_token(&issuer).header("kid", format!("made-up-{n}")).sign();
        assert_eq!(refused(&fixture, &made_up).await.0, 50013);
    }
    assert_eq!(asked(&issuer), [10, 10]);
    assert_eq!(present(&fixture, &workload_token(&issuer).sign()).await.status(), 200);
}

#[tokio::test]
async fn a_document_has_a_limit_and_leads_nowhere_else() {
    let elsewhere = MockIdp::start().await;
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        for (fault, said) in [
            (Fault::Endless, "longer than 65536 bytes"),
            (Fault::Redirect(elsewhere.jwks_uri()), "it responds 302"),
            (Fault::Status(500), "it responds 500"),
        ] {
            let (issuer, fixture) = federated();
            issuer.inject(fault.on(endpoint));
            let (number, reason) = refused(&fixture, &workload_token(&issuer).sign()).await;
            assert!(number == 50013 && reason.contains(said), "{reason}");
            issuer.heal();
            let good = workload_token(&issuer).sign();
            assert_eq!(present(&fixture, &good).await.status(), 200, "the next request asks again");
        }
    }
    assert_eq!(elsewhere.requests().count(), 0);
}

#[tokio::test]
async fn an_issuer_on_this_machine_is_asked_without_the_environments_proxy() {
    let (issuer, fixture) = federated();
    let folder = Folder::new("proxy");
    let config = folder.0.join("directory.json");
    std::fs::write(&config, serde_json::to_string(&*fixture.idp.directory()).unwrap()).unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let mut command = program(&["--listen", "127.0.0.1:0", "--config", config.to_str().unwrap()]);
    let served = Served::of(command.env("http_proxy", &url).env("all_proxy", &url));
    let clock = format!("{}/_mock/clock", served.base_url);
    let body = json!({"frozen_at": NOW}).to_string();
    assert_eq!(fixture.client.put(clock).body(body).send().await.unwrap().status(), 200);
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "api://orders/.default"),
        ("client_id", &fixture.app("orders-daemon")),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &workload_token(&issuer).sign()),
    ];
    let url = format!("{}/contoso.example/oauth2/v2.0/token", served.base_url);
    let response = fixture.client.post(url).form(&form).send().await.unwrap();
    let (status, body) = (response.status(), response.json::<Value>().await.unwrap());
    assert_eq!(status, 200, "{body}");
    proxy.set_nonblocking(true).unwrap();
    assert!(proxy.accept().is_err(), "nobody asked the proxy");
}
