//! Recorded requests, live, and the reasons of refusals.

use std::time::Duration;

use entra_mock_idp::{ClientAuth, Endpoint, Fault, MockIdp, Outcome};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};

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
    let expected: Vec<_> =
        codes.iter().map(|code| (Outcome::Refused, Some((*code).to_owned()), true)).collect();
    assert_eq!(errors, expected);
}

#[tokio::test]
async fn a_request_is_recorded_when_it_arrives_and_says_if_its_client_gave_up() {
    let fixture = Fixture::start();
    fixture.idp.inject(Fault::DelayMs(600_000).on(Endpoint::Token).times(1));
    let mut client = TcpStream::connect(fixture.idp.address()).await.unwrap();
    let form = "grant_type=client_credentials&client_id=x&scope=api%3A%2F%2Forders%2F.default";
    let head = format!(
        "POST /common/oauth2/v2.0/token HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        form.len()
    );
    client.write_all(format!("{head}{form}").as_bytes()).await.unwrap();
    let asked = async || {
        while fixture.idp.requests().filter(|request| request.outcome == Outcome::Fault).is_empty() {
            tokio::task::yield_now().await;
        }
        fixture.idp.requests()
    };
    let pending = timeout(Duration::from_secs(30), asked()).await.unwrap();
    assert_eq!((pending[0].number, pending[0].status, pending[0].client.as_deref()), (0, 0, Some("x")));
    assert_eq!(pending[0].scope.as_deref(), Some("api://orders/.default"));
    drop(client);
    let given_up = timeout(Duration::from_secs(30), fixture.idp.requests_after(0)).await.unwrap();
    assert_eq!((given_up[0].outcome, given_up[0].number), (Outcome::Abandoned, 1));
    assert!(given_up[0].reason.as_ref().unwrap().contains("injected fault"));
}

#[tokio::test]
async fn a_client_is_known_however_it_authenticates() {
    let fixture = Fixture::start();
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let form = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];
    fixture.token_as("orders-daemon", &form).await;
    fixture.client.post(fixture.token_url()).basic_auth(&id, Some(&secret)).form(&form).send().await.unwrap();
    let assertion = fixture.idp.token().claim("sub", id.as_str()).sign();
    let asserted = [form[0], form[1], ("client_assertion", assertion.as_str())];
    fixture.token(&asserted, None).await;
    fixture.token(&[form[0], form[1], ("client_id", &id)], None).await;
    let seen: Vec<_> = fixture
        .idp
        .requests()
        .into_iter()
        .map(|request| (request.client.unwrap(), request.client_auth))
        .collect();
    let ways = [
        ClientAuth::ClientSecretPost,
        ClientAuth::ClientSecretBasic,
        ClientAuth::PrivateKeyJwt,
        ClientAuth::None,
    ];
    assert_eq!(seen, ways.map(|way| (id.clone(), Some(way))));
}

#[tokio::test]
async fn a_record_says_who_got_what_and_holds_no_secret() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let body: Value = fixture.redeem(&code, &[]).await.json().await.unwrap();
    let refresh_token = body["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    fixture.token_as("orders-web", &form).await;
    let password = "alice-password-for-tests-only";
    let form = [
        ("grant_type", "password"),
        ("username", "alice@contoso.example"),
        ("password", password),
        ("scope", "openid"),
    ];
    fixture.token_as("orders-web", &form).await;

    let requests = fixture.idp.requests();
    assert!(requests.iter().all(|request| request.user.as_deref() == Some("alice@contoso.example")));
    assert_eq!(requests[0].scope.as_deref(), Some("api://orders/Orders.Read openid profile offline_access"));
    assert_eq!(requests[0].parameters.get("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(requests[1].parameters.get("redirect_uri").as_deref(), Some("http://localhost:3000/callback"));
    let all = format!("{}{requests:?}", fixture.get_json("/_mock/requests").await);
    for secret in [&code, refresh_token, password, crate::support::VERIFIER, &fixture.secret("orders-web")] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_injected_fault_keeps_what_the_request_asked_for() {
    let fixture = Fixture::start();
    fixture.idp.inject(Fault::Status(503).on(Endpoint::Token).times(1));
    fixture.token_as("orders-daemon", &[("grant_type", "client_credentials"), ("scope", "x/.default")]).await;
    let requests = fixture.idp.requests();
    let request = &requests[0];
    assert_eq!((request.outcome, request.status), (Outcome::Fault, 503));
    assert_eq!(request.client.as_deref(), Some(fixture.app("orders-daemon").as_str()));
    assert_eq!(
        (request.grant.as_deref(), request.scope.as_deref()),
        (Some("client_credentials"), Some("x/.default"))
    );
}
