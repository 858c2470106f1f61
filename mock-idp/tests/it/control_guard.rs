//! Who may use the control surface, and who may not.

use entra_mock_idp::MockIdp;
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::support::Fixture;

async fn ask(fixture: &Fixture, method: Method, headers: &[(&str, String)]) -> Response {
    let url = format!("{}/_mock/directory", fixture.idp.base_url());
    let mut request = fixture.client.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.send().await.unwrap()
}

async fn status(fixture: &Fixture, headers: &[(&str, String)]) -> u16 {
    ask(fixture, Method::GET, headers).await.status().as_u16()
}

fn with_token() -> Fixture {
    Fixture::of(MockIdp::builder().control_token("open-sesame"))
}

#[tokio::test]
async fn pages_of_other_origins_and_names_of_other_machines_are_refused() {
    let fixture = Fixture::start();
    let port = fixture.idp.address().port();
    for (expected, headers) in [
        (403, vec![("origin", "https://evil.example".to_owned())]),
        (403, vec![("origin", "null".to_owned())]),
        (403, vec![("origin", format!("http://localhost:{}", port ^ 1))]),
        (200, vec![("origin", fixture.idp.base_url())]),
        (403, vec![("host", "evil.example".to_owned())]),
        (403, vec![("host", "evil.example".to_owned()), ("origin", "http://evil.example".to_owned())]),
        (200, vec![("host", format!("localhost:{port}"))]),
        (200, vec![("host", format!("localhost:{port}")), ("origin", format!("http://localhost:{port}"))]),
        (403, vec![("x-forwarded-for", "192.0.2.1".to_owned())]),
        (403, vec![("forwarded", "for=192.0.2.1".to_owned())]),
        (403, vec![("via", "1.1 proxy".to_owned())]),
        (403, vec![("x-real-ip", "192.0.2.1".to_owned())]),
        (403, vec![("x-forwarded-host", "localhost".to_owned())]),
        (403, vec![("x-forwarded-port", "80".to_owned())]),
        (403, vec![("x-forwarded-proto", "https".to_owned())]),
    ] {
        assert_eq!(status(&fixture, &headers).await, expected, "{headers:?}");
    }
}

/// nginx by default speaks HTTP/1.0, names the mock as the host, and says nothing of its client.
#[tokio::test]
async fn a_proxy_that_does_not_say_so_is_known_by_its_http_1_0() {
    use std::io::{Read as _, Write as _};
    let idp = MockIdp::start().await;
    for (version, expected) in [("1.0", "403"), ("1.1", "200")] {
        let mut stream = std::net::TcpStream::connect(idp.address()).unwrap();
        let (host, close) = (idp.address(), "connection: close");
        write!(stream, "GET /_mock/directory HTTP/{version}\r\nhost: {host}\r\n{close}\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!(text.split(' ').nth(1), Some(expected), "{text}");
    }
}

/// Over HTTPS it is not offered, and no client of Entra speaks it in clear.
#[tokio::test]
async fn http_2_in_clear_is_not_spoken() {
    let idp = MockIdp::start().await;
    let client = Client::builder().http2_prior_knowledge().tls_certs_only([]).build().unwrap();
    assert!(client.get(format!("{}/_mock/health", idp.base_url())).send().await.is_err());
}

#[tokio::test]
async fn a_preflight_gives_no_page_leave() {
    for fixture in [Fixture::start(), with_token()] {
        let headers = [
            ("origin", "https://evil.example".to_owned()),
            ("access-control-request-method", "POST".to_owned()),
            ("access-control-request-headers", "authorization".to_owned()),
        ];
        let response = ask(&fixture, Method::OPTIONS, &headers).await;
        assert_eq!(response.status(), 403);
        assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")));
    }
}

#[tokio::test]
async fn whoever_has_the_token_may_use_it_and_no_one_else() {
    let fixture = with_token();
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    for (expected, headers) in [
        (401, vec![]),
        (401, vec![bearer("open-sesam")]),
        (401, vec![bearer("open-sesame-")]),
        (401, vec![("authorization", "Basic open-sesame".to_owned())]),
        (401, vec![("authorization", "open-sesame".to_owned())]),
        (200, vec![bearer("open-sesame")]),
        (200, vec![("authorization", "bearer open-sesame".to_owned())]),
        (200, vec![bearer("open-sesame"), ("host", "mock-idp:8400".to_owned())]),
        (200, vec![bearer("open-sesame"), ("x-forwarded-for", "192.0.2.1".to_owned())]),
        (
            200,
            vec![
                bearer("open-sesame"),
                ("host", "mock-idp:8400".to_owned()),
                ("origin", "http://mock-idp:8400".to_owned()),
            ],
        ),
        (403, vec![bearer("open-sesame"), ("origin", "https://evil.example".to_owned())]),
    ] {
        assert_eq!(status(&fixture, &headers).await, expected, "{headers:?}");
    }
    let refused = ask(&fixture, Method::GET, &[]).await;
    assert_eq!(refused.headers()["www-authenticate"], "Bearer realm=\"mock-idp control\"");
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "unauthorized");
}

#[tokio::test]
async fn another_machine_needs_the_token() {
    let Some(other) = address_beside_loopback() else { return };
    for (builder, expected) in
        [(MockIdp::builder(), 403), (MockIdp::builder().control_token("open-sesame"), 200)]
    {
        let fixture = Fixture::of(builder.listen(format!("{other}:0").parse().unwrap()));
        let bearer = [("authorization", "Bearer open-sesame".to_owned())];
        assert_eq!(status(&fixture, &bearer).await, expected);
        assert_eq!(fixture.get("/").await.status(), 200);
    }
}

/// An address of this machine outside the loopback network, if there is one to send requests from.
fn address_beside_loopback() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: connecting picks the local address.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback())
}

#[test]
fn a_token_that_no_header_can_carry_is_refused_at_the_start() {
    for token in ["", "two words", "tschüß", "a\nb"] {
        let error = MockIdp::builder().control_token(token).start().unwrap_err();
        assert!(error.to_string().contains("letters, digits"), "{token:?}: {error}");
    }
}

#[test]
fn the_token_is_not_printed() {
    let idp = MockIdp::builder().control_token("open-sesame").start().unwrap();
    assert!(!format!("{idp:?}").contains("open-sesame"));
}
