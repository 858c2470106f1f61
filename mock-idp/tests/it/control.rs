//! The control surface.

use crate::support::{Fixture, NOW, claims, header, names};
use entra_mock_idp::{Endpoint, MockIdp, Rotation, SigningKey};
use serde_json::{Value, json};

async fn forge(fixture: &Fixture, request: Value) -> (u16, Value) {
    let response =
        fixture.client.post(format!("{}/_mock/tokens", fixture.idp.base_url())).json(&request).send();
    let response = response.await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn forged(fixture: &Fixture, request: Value) -> Value {
    let (status, body) = forge(fixture, request).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn send(fixture: &Fixture, method: &str, path: &str, body: &str) -> reqwest::Response {
    let url = format!("{}{path}", fixture.idp.base_url());
    fixture.client.request(method.parse().unwrap(), url).body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn health_reports_status_and_version() {
    let fixture = Fixture::start();
    assert_eq!(
        fixture.get_json("/_mock/health").await,
        json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})
    );
}

#[tokio::test]
async fn the_directory_has_the_promised_form() {
    let fixture = Fixture::start();
    let directory = fixture.get_json("/_mock/directory").await;
    assert_eq!(names(&directory), ["apps", "tenants", "users"]);
    assert_eq!(names(&directory["tenants"][0]), ["domain", "name", "tenant_id"]);
    assert_eq!(
        names(&directory["users"][0]),
        ["display_name", "groups", "guest", "name", "oid", "password", "tenant_id", "upn"]
    );
    let users = directory["users"].as_array().unwrap();
    let flags: Vec<_> = users
        .iter()
        .map(|user| (user["guest"].as_bool().unwrap(), user["groups"].as_u64().unwrap()))
        .collect();
    assert_eq!(flags, [(false, 2), (false, 0), (true, 0), (false, 251)]);
    let apps = directory["apps"].as_array().unwrap();
    let kinds: Vec<_> = apps.iter().map(|app| app["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["api", "public", "confidential", "daemon"]);
    let api = [
        "app_roles",
        "client_id",
        "client_secret",
        "identifier_uri",
        "kind",
        "name",
        "redirect_uris",
        "scopes",
        "tenant_id",
    ];
    assert_eq!(names(&apps[0]), api);
    assert_eq!(apps[2]["redirect_uris"], json!(["http://localhost:3000/callback"]));
}

#[tokio::test]
async fn the_forge_needs_nothing_and_answers_what_it_made() {
    let fixture = Fixture::start();
    let made = forged(&fixture, json!({})).await;
    assert_eq!(names(&made), ["claims", "header", "kid", "token"]);
    assert_eq!(claims(&made["token"]), made["claims"]);
    assert_eq!(header(&made["token"]), made["header"]);
    assert!(made["claims"].get("scp").is_none(), "without a user the token is app-only");
    assert_eq!(send(&fixture, "POST", "/_mock/tokens", "").await.status(), 200);
}

#[tokio::test]
async fn the_forge_bends_every_part_of_a_token() {
    let fixture = Fixture::start();
    let made = forged(
        &fixture,
        json!({
            "tenant": "fabrikam", "client": "orders-web", "user": "bob", "audience": "api://else",
            "scopes": ["A", "B"], "roles": ["R"], "expires_in": 60,
            "claims": {"acct": null, "x": {"y": [1]}}, "without": ["nbf"],
            "header": {"typ": "at+jwt"}, "without_header": ["kid"],
        }),
    )
    .await;
    let (claims, header) = (&made["claims"], &made["header"]);
    assert_eq!(claims["tid"], crate::support::FABRIKAM);
    assert_eq!(claims["azp"], fixture.app("orders-web"));
    assert_eq!(
        (&claims["aud"], &claims["scp"], &claims["roles"]),
        (&json!("api://else"), &json!("A B"), &json!(["R"]))
    );
    assert_eq!(claims["exp"], NOW + 60);
    assert!(claims.get("acct").is_some_and(Value::is_null) && claims.get("nbf").is_none());
    assert_eq!((&header["typ"], header.get("kid")), (&json!("at+jwt"), None));
}

#[tokio::test]
async fn the_forge_makes_both_versions_and_kinds() {
    let fixture = Fixture::start();
    let v1 = forged(&fixture, json!({"user": "alice", "version": "1.0"})).await;
    assert_eq!((&v1["claims"]["ver"], &v1["claims"]["aud"]), (&json!("1.0"), &json!("api://orders")));
    assert!(v1["claims"].get("appid").is_some() && v1["header"].get("x5t").is_some());
    let id = forged(&fixture, json!({"user": "alice", "kind": "id"})).await;
    assert_eq!(id["claims"]["aud"], fixture.app("orders-spa"));
    assert!(id["claims"].get("scp").is_none());
}

#[tokio::test]
async fn the_forge_makes_every_kind_of_signature() {
    let fixture = Fixture::start();
    let mut signatures = Vec::new();
    for kind in ["valid", "tampered", "unknown-key", "none", "empty"] {
        let made = forged(&fixture, json!({"signature": kind})).await;
        let token = made["token"].as_str().unwrap().to_owned();
        signatures.push(token.rsplit_once('.').unwrap().1.to_owned());
        let expected = if kind == "none" { "none" } else { "RS256" };
        assert_eq!(made["header"]["alg"], expected, "{kind}");
        let own = if kind == "unknown-key" { SigningKey::published(3) } else { fixture.idp.signing_key() };
        assert_eq!(made["kid"], own.kid(), "{kind}");
    }
    assert_eq!((signatures[3].as_str(), signatures[4].as_str()), ("", ""));
    assert!(signatures[0] != signatures[1] && signatures[0].len() == signatures[1].len());
}

#[tokio::test]
async fn an_expired_token_was_issued_before_it_ended() {
    let fixture = Fixture::start();
    for (expires_in, issued) in [(3600, 300..301), (-60, 300..301), (-300, 3900..5700), (-3600, 7200..9000)] {
        let claims = forged(&fixture, json!({"expires_in": expires_in})).await["claims"].clone();
        assert_eq!(claims["exp"], NOW + expires_in);
        assert_eq!(claims["iat"], claims["nbf"]);
        assert!(issued.contains(&(NOW - claims["iat"].as_i64().unwrap())), "{claims}");
    }
}

#[tokio::test]
async fn what_the_control_surface_does_the_library_does_too() {
    let fixture = Fixture::start();
    let (idp, request) = (&fixture.idp, json!({"user": "alice", "claims": {"acct": 1}}));
    let forged = forged(&fixture, request.clone()).await;
    assert_eq!(json!(idp.forge(serde_json::from_value(request).unwrap()).unwrap()), forged);
    let unknown = serde_json::from_value(json!({"user": "mallory"})).unwrap();
    assert!(idp.forge(unknown).unwrap_err().to_string().contains("mallory"));
    idp.rotate_keys(Rotation::Planned);
    let published: Vec<Value> = idp.published_keys().iter().map(|key| key.jwk()).collect();
    let keys = json!({"current": idp.signing_key().kid(), "keys": published});
    assert_eq!(fixture.get_json("/_mock/keys").await, keys);
    idp.inject(entra_mock_idp::Fault::Status(503).on(Endpoint::Jwks));
    assert_eq!(json!(idp.faults()), fixture.get_json("/_mock/faults").await);
    fixture.get("/nowhere").await;
    idp.clear_requests();
    assert_eq!(fixture.get_json("/_mock/requests").await, json!({"counts": {}, "requests": []}));
}

#[tokio::test]
async fn the_forge_refuses_what_it_does_not_understand() {
    let fixture = Fixture::start();
    for (request, named) in [
        (json!({"audiense": "x"}), "audiense"),
        (json!({"scopes": "A B"}), "expected a sequence"),
        (json!({"version": "3.0"}), "1.0"),
        (json!({"signature": "bad"}), "tampered"),
        (json!({"user": "mallory"}), "mallory"),
        (json!({"tenant": "nowhere"}), "nowhere"),
        (json!({"client": "nothing"}), "nothing"),
    ] {
        let (status, body) = forge(&fixture, request.clone()).await;
        assert_eq!(status, 400, "{request}");
        assert!(body["message"].as_str().unwrap().contains(named), "{body}");
    }
}

#[tokio::test]
async fn the_clock_dates_the_tokens() {
    let fixture = Fixture::of(MockIdp::builder());
    let set = send(&fixture, "PUT", "/_mock/clock", r#"{"frozen_at": 1000000000}"#).await;
    assert_eq!(set.json::<Value>().await.unwrap()["now"], 1_000_000_000);
    assert_eq!(forged(&fixture, json!({})).await["claims"]["iat"], 1_000_000_000 - 300);
    send(&fixture, "PUT", "/_mock/clock", r#"{"offset_seconds": -86400}"#).await;
    let shifted = fixture.idp.now();
    send(&fixture, "DELETE", "/_mock/clock", "").await;
    let system = fixture.idp.now();
    assert!((86_400..86_410).contains(&(system - shifted)));
    for (setting, words) in [
        (r#"{"ofset": 1}"#, "offset_seconds"),
        (r#"{"offset_seconds": 1, "frozen_at": 2}"#, "one of them"),
        (r#"{"frozen_at": 9223372036854775807}"#, "253402207200"),
    ] {
        let refused = send(&fixture, "PUT", "/_mock/clock", setting).await;
        assert_eq!(refused.status(), 400, "{setting}");
        let message = refused.json::<Value>().await.unwrap()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(words), "{message}");
    }
    assert_eq!((fixture.idp.clock().offset(), fixture.idp.clock().frozen_at()), (0, None));
}

#[tokio::test]
async fn no_time_is_too_far_for_a_token() {
    let fixture = Fixture::of(MockIdp::builder().sign_in_by_hint());
    for seconds in [i64::MIN, i64::MAX] {
        fixture.idp.clock().freeze_at(seconds);
        forged(&fixture, json!({"user": "alice", "expires_in": seconds})).await;
        let form = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];
        assert_eq!(fixture.token_as("orders-daemon", &form).await.status(), 200);
        fixture.code(&[]).await;
    }
}

#[tokio::test]
async fn requests_are_recorded_counted_and_forgotten() {
    let fixture = Fixture::start();
    let tenant = fixture.idp.tenant_id();
    fixture.get(&format!("/{tenant}/discovery/v2.0/keys")).await;
    fixture.get(&format!("/{tenant}/v2.0/.well-known/openid-configuration")).await;
    fixture.token(&[("grant_type", "client_credentials"), ("client_id", "x")], None).await;
    let all = fixture.get_json("/_mock/requests").await;
    assert_eq!(all["counts"], json!({"discovery": 1, "jwks": 1, "token": 1}));
    let token = fixture.get_json("/_mock/requests?endpoint=token").await;
    let expected = json!([{
        "number": 3, "at": NOW, "method": "POST", "path": format!("/{tenant}/oauth2/v2.0/token"), "endpoint": "token", "tenant": tenant,
        "status": 400, "client": "x", "client_auth": "none", "grant": "client_credentials",
        "parameters": {"client_id": "x", "grant_type": "client_credentials"}, "outcome": "refused", "error": "AADSTS700016",
        "reason": token["requests"][0]["reason"],
    }]);
    assert_eq!(token["requests"], expected);
    assert!(token["requests"][0]["reason"].as_str().unwrap().contains("'x'"));
    assert_eq!(fixture.idp.requests().to(Endpoint::Jwks).count(), 1);
    assert_eq!(fixture.idp.request_counts()[&Endpoint::Token], 1);
    for query in ["?endpoint=nowhere", "?endpiont=jwks"] {
        let refused = fixture.get(&format!("/_mock/requests{query}")).await;
        assert_eq!(refused.status(), 400);
        assert!(refused.json::<Value>().await.unwrap()["message"].as_str().unwrap().contains("expected"));
    }
    send(&fixture, "DELETE", "/_mock/requests", "").await;
    assert_eq!(fixture.idp.requests().count(), 0);
}

#[tokio::test]
async fn a_reset_brings_everything_back_to_the_start() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let first = fixture.idp.signing_key();
    let rotated = send(&fixture, "POST", "/_mock/keys/rotate", r#"{"keep_old": false}"#).await;
    assert_ne!(rotated.json::<Value>().await.unwrap()["current"], first.kid());
    assert_eq!(send(&fixture, "POST", "/_mock/reset", "").await.status(), 204);
    assert_eq!(fixture.idp.signing_key().kid(), first.kid());
    assert!(fixture.idp.now() > NOW || fixture.idp.now() < NOW, "the clock shows the system's time");
    assert_eq!(fixture.idp.requests().count(), 0);
    assert_eq!(fixture.redeem(&code, &[]).await.status(), 400);
}

#[tokio::test]
async fn a_hundred_mocks_run_side_by_side() {
    let mocks: Vec<_> = (0..100).map(|_| Fixture::of(MockIdp::builder().frozen_at(NOW))).collect();
    for mock in &mocks {
        assert_eq!(mock.get("/_mock/health").await.status(), 200);
    }
}
