//! The decoder.

use entra_mock_idp::{MockIdp, Rotation};
use serde_json::{Value, json};

use crate::support::{FABRIKAM, Fixture, NOW};

async fn decode(fixture: &Fixture, request: &Value) -> (u16, Value) {
    let url = format!("{}/_mock/decode", fixture.idp.base_url());
    let response = fixture.client.post(url).json(request).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn decoded(fixture: &Fixture, token: &str) -> Value {
    let (status, body) = decode(fixture, &json!({"token": token})).await;
    assert_eq!(status, 200, "{body}");
    body
}

fn words<'a>(decoded: &'a Value, claim: &str) -> &'a str {
    let all = decoded["words"].as_array().unwrap();
    all.iter()
        .find(|words| words["claim"] == claim)
        .and_then(|words| words["words"].as_str())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_token_is_put_into_words() {
    let fixture = Fixture::start();
    let token = fixture.idp.token().user("alice").scopes(["Orders.Read"]).expires_in(3600).sign();
    let decoded = decoded(&fixture, &format!(" {token}\n")).await;
    assert_eq!(decoded["header"]["alg"], "RS256");
    assert_eq!((&decoded["claims"]["scp"], &decoded["now"]), (&json!("Orders.Read"), &json!(NOW)));
    assert_eq!(words(&decoded, "exp"), "Ends 2026-01-01 01:00:00 UTC, in 60 minutes.");
    assert_eq!(words(&decoded, "aud"), "For orders-api.");
    assert_eq!(words(&decoded, "oid"), "The user alice, by the id that is the same in every API.");
    assert_eq!(words(&decoded, "iss"), "Issued by this mock for the tenant contoso.");
}

#[tokio::test]
async fn it_says_who_signed() {
    let fixture = Fixture::start();
    let mut tokens = Vec::new();
    for signature in ["valid", "tampered", "unknown-key", "none", "empty"] {
        let request = serde_json::from_value(json!({"signature": signature})).unwrap();
        tokens.push(fixture.idp.forge(request).unwrap().token);
    }
    tokens.push(fixture.idp.token().without_header("kid").sign());
    tokens.push(fixture.idp.token().header("alg", "HS256").sign());
    let mut states = Vec::new();
    for token in &tokens {
        states.push(decoded(&fixture, token).await["signature"]["state"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["valid", "tampered", "unknown-key", "none", "none", "unknown-key", "tampered"]);
    fixture.idp.rotate_keys(Rotation::Planned);
    let old = decoded(&fixture, &tokens[0]).await;
    assert_eq!(
        (&old["signature"]["state"], &old["signature"]["kid"]),
        (&json!("valid"), &old["header"]["kid"])
    );
    assert!(old["signature"]["words"].as_str().unwrap().contains("does not sign with now"));
    fixture.idp.rotate_keys(Rotation::Emergency);
    assert_eq!(decoded(&fixture, &tokens[0]).await["signature"]["state"], "unknown-key");
}

#[tokio::test]
async fn a_malformed_token_is_read_as_far_as_possible() {
    let fixture = Fixture::start();
    for (token, problem) in [
        ("", "1 parts"),
        ("a.b", "2 parts"),
        ("e30.*.x", "the payload is not base64url"),
        ("e30.W10.x", "not a JSON object"),
        ("a.b.c.d.e", "encrypted"),
    ] {
        let decoded = decoded(&fixture, token).await;
        assert!(decoded["problem"].as_str().unwrap().contains(problem), "{token}: {decoded}");
        assert!(decoded["claims"].is_null());
    }
    assert_eq!(decoded(&fixture, "e30.*.x").await["header"], json!({}));
}

#[tokio::test]
async fn invalid_requests_are_refused_with_what_is_expected() {
    let fixture = Fixture::start();
    for (request, named) in [
        (json!({}), "missing field `token`"),
        (json!({"token": 1}), "expected a string"),
        (json!({"token": "x", "tenant": "nowhere"}), "nowhere"),
        (json!({"token": "x", "audiense": "x"}), "audience"),
    ] {
        let (status, body) = decode(&fixture, &request).await;
        assert_eq!(status, 400, "{request}");
        assert!(body["message"].as_str().unwrap().contains(named), "{body}");
    }
}

#[tokio::test]
async fn the_library_alone_judges_nothing() {
    let fixture = Fixture::start();
    let decoded = decoded(&fixture, &fixture.idp.token().sign()).await;
    assert!(decoded.get("steps").is_none());
    assert!(decoded["no_steps_because"].as_str().unwrap().contains("without the validator"));
    let idp = MockIdp::builder()
        .validator(|request| Err(format!("{} is beyond me", request.audience)))
        .start()
        .unwrap();
    let request =
        serde_json::from_value(json!({"token": "x", "audience": "api://else", "tenant": FABRIKAM})).unwrap();
    assert_eq!(idp.decode(&request).unwrap().steps_error.as_deref(), Some("api://else is beyond me"));
}

/// The program, which has somebody to judge.
#[cfg(feature = "validator")]
mod steps {
    use entra_validator::Step;
    use serde_json::{Map, Value, json};

    use crate::process::Served;

    struct Program(Served, reqwest::Client);

    impl Program {
        fn start() -> Self {
            let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
            Self(Served::start(&["--listen", "127.0.0.1:0"]), client)
        }

        async fn post(&self, path: &str, body: &Value) -> Value {
            let url = format!("{}/_mock/{path}", self.0.base_url);
            self.1.post(url).json(body).send().await.unwrap().json().await.unwrap()
        }

        async fn forge(&self, request: &Value) -> String {
            self.post("tokens", request).await["token"].as_str().unwrap().to_owned()
        }

        /// Step, outcome and code of each step that does not pass.
        async fn not_passed(&self, token: &str, more: Value) -> Vec<(u64, String, String)> {
            let mut request = Map::from_iter([("token".to_owned(), json!(token))]);
            request.extend(more.as_object().cloned().unwrap_or_default());
            let decoded = self.post("decode", &Value::Object(request)).await;
            let steps = decoded["steps"].as_array().unwrap_or_else(|| panic!("{decoded}"));
            assert_eq!(steps.len(), Step::ALL.len());
            let failed = steps.iter().filter(|step| step["outcome"] != "passed");
            let text = |step: &Value, name: &str| step[name].as_str().unwrap_or_default().to_owned();
            failed
                .map(|step| {
                    let explained = ["detail", "advice"].iter().all(|name| step[name].is_string());
                    assert_eq!(explained, step["outcome"] == "failed", "{step}");
                    (step["step"].as_u64().unwrap(), text(step, "outcome"), text(step, "code"))
                })
                .collect()
        }
    }

    fn failed(step: u64, code: &str) -> (u64, String, String) {
        (step, "failed".to_owned(), format!("auth_token_{code}"))
    }

    fn last_step() -> u64 {
        Step::ALL.len() as u64
    }

    fn not_judged(steps: std::ops::RangeInclusive<u64>) -> Vec<(u64, String, String)> {
        steps.map(|step| (step, "not-judged".to_owned(), String::new())).collect()
    }

    #[tokio::test]
    async fn a_good_token_passes_every_step() {
        let program = Program::start();
        for request in [json!({}), json!({"user": "alice"}), json!({"user": "dave"})] {
            let token = program.forge(&request).await;
            assert_eq!(program.not_passed(&token, json!({})).await, []);
        }
    }

    #[tokio::test]
    async fn every_defect_of_the_claims_is_reported_at_once() {
        let program = Program::start();
        for (request, expected) in [
            (json!({"expires_in": -3600}), vec![failed(13, "expired")]),
            (
                json!({"expires_in": -3600, "audience": "api://else", "roles": ["R"]}),
                vec![failed(12, "audience_invalid"), failed(13, "expired")],
            ),
            (
                json!({"tenant": "fabrikam"}),
                vec![failed(10, "tenant_not_trusted"), failed(11, "issuer_untrusted")],
            ),
            (
                json!({"version": "1.0"}),
                vec![
                    failed(9, "ver_not_supported"),
                    failed(11, "issuer_untrusted"),
                    failed(12, "audience_invalid"),
                ],
            ),
            (json!({"without": ["nbf", "tid"]}), vec![failed(8, "claim_missing")]),
            (json!({"roles": []}), vec![failed(16, "permissions_missing")]),
            (
                json!({"claims": {"nbf": 4_000_000_000_u64, "iat": 4_000_000_000_u64, "exp": 4_000_003_600_u64}}),
                vec![failed(14, "immature"), failed(15, "issued_in_future")],
            ),
            (
                json!({"user": "alice", "kind": "id"}),
                vec![
                    failed(8, "claim_missing"),
                    failed(12, "audience_invalid"),
                    failed(16, "permissions_missing"),
                ],
            ),
        ] {
            let token = program.forge(&request).await;
            assert_eq!(program.not_passed(&token, json!({})).await, expected, "{request}");
        }
    }

    #[tokio::test]
    async fn claims_behind_a_bad_header_or_signature_are_judged_too() {
        let program = Program::start();
        let of = |step: u64, code: &str| {
            let mut expected = vec![failed(step, code)];
            expected.extend(not_judged(step + 1..=Step::Signature.number().into()));
            expected.push(failed(13, "expired"));
            expected
        };
        for (request, expected) in [
            (json!({"header": {"crit": ["x"]}}), of(2, "header_invalid")),
            (json!({"signature": "none"}), of(3, "algorithm_not_allowed")),
            (json!({"header": {"typ": "at+jwt"}}), of(4, "type_not_allowed")),
            (json!({"signature": "unknown-key"}), of(5, "key_unknown")),
            (json!({"signature": "tampered"}), of(7, "signature_untrusted")),
            (json!({"signature": "empty"}), of(7, "signature_untrusted")),
        ] {
            let mut request = request;
            request["expires_in"] = json!(-3600);
            let token = program.forge(&request).await;
            assert_eq!(program.not_passed(&token, json!({})).await, expected, "{request}");
        }
        let mut expected = vec![failed(1, "invalid")];
        expected.extend(not_judged(2..=last_step()));
        assert_eq!(program.not_passed("rubbish", json!({})).await, expected);
    }

    #[tokio::test]
    async fn claims_of_a_wrong_type_end_the_judgement() {
        let program = Program::start();
        let token = program.forge(&json!({"claims": {"exp": "soon"}, "version": "1.0"})).await;
        let mut expected = vec![failed(8, "claims_invalid")];
        expected.extend(not_judged(9..=last_step()));
        assert_eq!(program.not_passed(&token, json!({})).await, expected);
    }

    #[tokio::test]
    async fn it_is_judged_for_the_api_and_the_tenant_that_are_named() {
        let program = Program::start();
        let fabrikam = program.forge(&json!({"tenant": "fabrikam"})).await;
        assert_eq!(program.not_passed(&fabrikam, json!({"tenant": "fabrikam"})).await, []);
        let other = program.forge(&json!({"audience": "api://else", "roles": ["R"]})).await;
        assert_eq!(program.not_passed(&other, json!({"audience": "api://else"})).await, []);
        assert_eq!(
            program.not_passed(&other, json!({"audience": "orders-api"})).await,
            [failed(12, "audience_invalid")]
        );
    }
}
