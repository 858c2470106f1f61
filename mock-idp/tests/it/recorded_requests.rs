//! Recorded requests, live, and the reasons of refusals.

use std::time::Duration;

use entra_mock_idp::MockIdp;
use reqwest::Response;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::Fixture;

/// The next event's id and data.
async fn event(stream: &mut Response) -> (u64, Value) {
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        let chunk = timeout(Duration::from_secs(10), stream.chunk()).await.expect("an event comes");
        text.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
    }
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
    (field("id:").parse().unwrap(), serde_json::from_str(field("data:")).unwrap())
}

#[tokio::test]
async fn requests_come_live_with_their_reasons() {
    let fixture = Fixture::start();
    fixture.get("/nowhere").await;
    let mut stream = fixture.get("/_mock/requests/stream").await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    fixture
        .token_as(
            "orders-daemon",
            &[("grant_type", "client_credentials"), ("scope", "api://nothing/.default")],
        )
        .await;
    let (id, request) = event(&mut stream).await;
    assert_eq!((id, &request["number"], &request["error"]), (2, &json!(2), &json!("AADSTS500011")));
    assert!(request["reason"].as_str().unwrap().contains("api://nothing"), "{request}");
}

#[tokio::test]
async fn a_stream_continues_where_another_ended() {
    let fixture = Fixture::start();
    for path in ["/a", "/b", "/c"] {
        fixture.get(path).await;
    }
    let url = format!("{}/_mock/requests/stream", fixture.idp.base_url());
    for request in
        [fixture.client.get(format!("{url}?after=2")), fixture.client.get(&url).header("last-event-id", "2")]
    {
        assert_eq!(event(&mut request.send().await.unwrap()).await.1["path"], "/c");
    }
    // A number of an earlier run, which this one has not reached yet.
    let mut stream = fixture.get("/_mock/requests/stream?after=99").await;
    fixture.get("/d").await;
    assert_eq!(event(&mut stream).await.1["path"], "/d");
    assert_eq!(fixture.get("/_mock/requests/stream?after=x").await.status(), 400);
}

#[tokio::test]
async fn a_stream_gives_every_request_however_many_there_are() {
    let fixture = Fixture::start();
    for _ in 0..250 {
        fixture.get("/a").await;
    }
    let mut stream = fixture.get("/_mock/requests/stream?after=0").await;
    let mut text = String::new();
    while text.matches("\n\n").count() < 250 {
        let chunk = timeout(Duration::from_secs(10), stream.chunk()).await.expect("an event comes");
        text.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
    }
    let ids = text.lines().filter_map(|line| line.strip_prefix("id:")?.trim().parse::<u64>().ok());
    assert!(ids.eq(1..=250), "{text}");
}

#[tokio::test]
async fn numbers_go_on_after_a_reset() {
    let fixture = Fixture::start();
    let mut stream = fixture.get("/_mock/requests/stream").await;
    fixture.get("/a").await;
    event(&mut stream).await;
    fixture.idp.reset();
    fixture.get("/b").await;
    assert_eq!(event(&mut stream).await.0, 2);
    assert_eq!(fixture.idp.requests_after(1).await.iter().next().unwrap().path, "/b");
}

#[tokio::test]
async fn a_mock_stops_while_somebody_listens() {
    let fixture = Fixture::start();
    let mut stream = fixture.get("/_mock/requests/stream").await;
    drop(fixture);
    let rest = timeout(Duration::from_secs(10), stream.chunk()).await.expect("the stream ends");
    assert!(rest.is_err() || rest.unwrap().is_none());
}

#[tokio::test]
async fn every_refusal_has_a_reason() {
    let fixture = Fixture::of(MockIdp::builder());
    let tenant = fixture.idp.tenant_id();
    fixture.get("/nowhere").await;
    fixture.get("/v1.0/me").await;
    fixture.get("/metadata/identity/oauth2/token").await;
    fixture.get("/elsewhere/v2.0/.well-known/openid-configuration").await;
    fixture.get(&format!("/{tenant}/oauth2/v2.0/authorize")).await;
    fixture.authorize(&[("scope", "")]).await;
    fixture.get(&format!("/{tenant}/oauth2/v2.0/token")).await;
    let errors: Vec<_> = fixture
        .idp
        .requests()
        .into_iter()
        .map(|request| {
            (request.outcome, request.error, request.reason.is_some_and(|reason| !reason.is_empty()))
        })
        .collect();
    let codes = [
        "not_found",
        "InvalidAuthenticationToken",
        "invalid_request",
        "AADSTS90002",
        "AADSTS900144",
        "AADSTS900144",
        "AADSTS900561",
    ];
    let expected: Vec<_> = codes.iter().map(|code| ("refused", Some((*code).to_owned()), true)).collect();
    assert_eq!(errors, expected);
}
