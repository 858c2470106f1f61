//! Endpoints that fail on purpose.

use entra_mock_idp::{Endpoint, Fault, Outcome};
use serde_json::{Value, json};

use crate::support::Fixture;

fn keys_path(fixture: &Fixture) -> String {
    format!("/{}/discovery/v2.0/keys", fixture.idp.tenant_id())
}

async fn control(fixture: &Fixture, method: &str, body: Value) -> reqwest::Response {
    let url = format!("{}/_mock/faults", fixture.idp.base_url());
    fixture.client.request(method.parse().unwrap(), url).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn a_fault_happens_n_times_at_its_endpoint_and_nowhere_else() {
    let fixture = Fixture::start();
    let path = keys_path(&fixture);
    fixture.idp.inject(Fault::Status(503).on(Endpoint::Jwks).times(2));
    assert_eq!(fixture.get("/common/v2.0/.well-known/openid-configuration").await.status(), 200);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(fixture.get(&path).await.status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 200, 200]);
    let outcomes: Vec<Outcome> =
        fixture.idp.requests().to(Endpoint::Jwks).iter().map(|request| request.outcome).collect();
    assert_eq!(outcomes, [Outcome::Fault, Outcome::Fault, Outcome::Ok, Outcome::Ok]);
    let reason = fixture.idp.requests().to(Endpoint::Jwks).iter().next().unwrap().reason.clone();
    assert_eq!(reason.as_deref(), Some(r#"injected fault: {"status":503}"#));
}

#[tokio::test]
async fn each_kind_of_fault_is_what_it_says() {
    let fixture = Fixture::start();
    let path = keys_path(&fixture);
    let honest = fixture.get(&path).await.text().await.unwrap();
    let mut injected = Vec::new();
    for fault in [
        Fault::Body("<html>".into()),
        Fault::Truncate(10),
        Fault::Redirect("https://evil.example/keys".into()),
        Fault::DelayMs(1),
    ] {
        fixture.idp.inject(fault.on(Endpoint::Jwks).times(1));
        let response = fixture.get(&path).await;
        let (status, location) = (response.status().as_u16(), response.headers().get("location").cloned());
        injected.push((status, location.is_some(), response.text().await.unwrap()));
    }
    let cut = honest[..10].to_owned();
    assert_eq!(
        injected,
        [
            (200, false, "<html>".to_owned()),
            (200, false, cut),
            (302, true, String::new()),
            (200, false, honest),
        ]
    );
    fixture.idp.inject(Fault::Drop.on(Endpoint::Jwks));
    let url = format!("{}{path}", fixture.idp.base_url());
    let dropped = match fixture.client.get(&url).send().await {
        Ok(response) => response.text().await,
        Err(error) => Err(error),
    };
    assert!(dropped.is_err(), "{dropped:?}");
    fixture.idp.heal();
    assert_eq!(fixture.get(&path).await.status(), 200);
}

#[tokio::test]
async fn probability_none_never_happens_and_all_always() {
    let fixture = Fixture::start();
    fixture.idp.inject(Fault::Status(500).on(Endpoint::Jwks).probability(0.0));
    fixture.idp.inject(Fault::Status(502).on(Endpoint::Jwks).probability(1.0));
    for _ in 0..20 {
        assert_eq!(fixture.get(&keys_path(&fixture)).await.status(), 502);
    }
}

#[tokio::test]
async fn faults_are_set_listed_and_ended_over_http() {
    let fixture = Fixture::start();
    let rule = json!({"endpoint": "jwks", "fault": {"status": 500}, "times": 2});
    assert_eq!(control(&fixture, "POST", rule.clone()).await.json::<Value>().await.unwrap(), json!([rule]));
    assert_eq!(fixture.get(&keys_path(&fixture)).await.status(), 500);
    assert_eq!(fixture.get_json("/_mock/faults").await[0]["times"], 1);
    assert_eq!(control(&fixture, "DELETE", Value::Null).await.status(), 204);
    assert_eq!(fixture.get(&keys_path(&fixture)).await.status(), 200);
    control(&fixture, "POST", json!({"endpoint": "token", "fault": {"drop": true}})).await;
    fixture.idp.reset();
    assert_eq!(fixture.get_json("/_mock/faults").await, json!([]));
}

#[tokio::test]
async fn an_invalid_fault_is_refused_with_what_is_expected() {
    let fixture = Fixture::start();
    for (rule, words) in [
        (json!({"endpoint": "jwks", "fault": {"status": 42}}), "200 to 599"),
        (json!({"endpoint": "jwks", "fault": {"status": 500}, "probability": 2}), "0 to 1"),
        (json!({"endpoint": "jwks", "fault": {"drop": false}}), "true is expected"),
        (json!({"endpoint": "jwks", "fault": {"explode": true}}), "unknown variant `explode`"),
        (json!({"endpoint": "nowhere", "fault": {"drop": true}}), "unknown variant `nowhere`"),
        (json!({"endpoint": "jwks", "fault": {"redirect": "a\nb"}}), "a URL is expected"),
        (json!({"endpoint": "jwks", "fault": {"drop": true}, "times": 0}), "1 or more"),
        (json!({"endpoint": "jwks"}), "missing field `fault`"),
    ] {
        let response = control(&fixture, "POST", rule.clone()).await;
        assert_eq!(response.status(), 400, "{rule}");
        let message = response.json::<Value>().await.unwrap()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(fixture.get_json("/_mock/faults").await, json!([]));
}

#[tokio::test]
async fn an_endpoint_flaps() {
    let fixture = Fixture::start();
    let path = keys_path(&fixture);
    let answer = control(
        &fixture,
        "POST",
        json!({"endpoint": "jwks", "fault": {"status": 503}, "every": 2, "times": 2}),
    );
    assert_eq!(answer.await.status(), 200);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(fixture.get(&path).await.status().as_u16());
    }
    assert_eq!(statuses, [503, 200, 503, 200, 200]);
}

#[tokio::test]
async fn an_answer_can_be_endless_or_of_another_type() {
    let fixture = Fixture::start();
    let path = keys_path(&fixture);
    fixture.idp.inject(Fault::Endless.on(Endpoint::Jwks).times(1));
    fixture.idp.inject(Fault::ContentType("text/html".into()).on(Endpoint::Jwks).times(1));
    let mut endless = fixture.get(&path).await;
    let mut received = 0;
    while received < 1_000_000 {
        received += endless.chunk().await.unwrap().expect("there is always more").len();
    }
    drop(endless);
    let other = fixture.get(&path).await;
    assert_eq!(other.headers()["content-type"], "text/html");
    assert!(other.text().await.unwrap().starts_with("{\"keys\""));
}
