//! What operators see, and what they never see.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::support::{NOW, Provider, at, json_answer};
use entra_test_harness::{Provider as Answers, catalogue};
use entra_validator::ResourceServer;
use http::{HeaderMap, HeaderValue};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).unwrap()
    }

    fn events(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Records what this thread logs until the guard is dropped.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        self.listen_from(tracing::Level::TRACE)
    }

    fn listen_from(&self, level: tracing::Level) -> tracing::subscriber::DefaultGuard {
        // With a single subscriber in the process, an event that another thread is the first to reach counts as one that
        // nobody wants: there, nobody listens. With two, all are asked.
        static SECOND: OnceLock<tracing::Dispatch> = OnceLock::new();
        let subscriber =
            tracing_subscriber::fmt().json().with_max_level(level).with_writer(self.clone()).finish();
        SECOND.get_or_init(|| tracing::Dispatch::new(tracing_subscriber::registry()));
        tracing::subscriber::set_default(subscriber)
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn of_validator(events: Vec<Value>, level: &str) -> Vec<Value> {
    let wanted = |event: &Value| {
        event["level"] == level
            && event["target"].as_str().is_some_and(|target| target.starts_with("entra_validator"))
    };
    events.into_iter().filter(wanted).collect()
}

#[tokio::test]
async fn a_refusal_is_one_event_with_code_step_key_expected_and_actual() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let log = Log::default();
    let guard = log.listen();
    server.validate(&provider.world.token().audience("api://another").sign()).await.unwrap_err();
    server.validate(&provider.world.token().sign()).await.unwrap();
    drop(guard);
    let events = of_validator(log.events(), "INFO");
    assert_eq!(events.len(), 1, "{events:?}");
    let fields = &events[0]["fields"];
    assert_eq!((&fields["code"], &fields["step"]), (&"auth_token_audience_invalid".into(), &12.into()));
    assert_eq!(fields["expected"], format!("{:?}", provider.world.audience()));
    assert_eq!(fields["actual"], "\"api://another\"");
    assert_eq!(events[0]["span"]["kid"], provider.world.kid());
}

/// Step, key, expected and actual.
type Event = (u64, Option<String>, Option<String>, Option<String>);

/// One bad token for each step, and what the event says about it.
#[tokio::test]
async fn every_step_says_what_it_expected_and_what_it_found() {
    let provider = Provider::honest().await;
    let world = &provider.world;
    let other = "bbbbbbbb-0000-4000-8000-000000000002";
    let issuer = world.issuer();
    let quoted = |text: &str| Some(format!("{text:?}"));
    let small = world.key_set_with(world.other_jwk(json!({"kid": "small", "n": "AQAB"})));
    let limited = world.other_jwk(json!({"issuer": "https://other.example"}));
    let token = || world.token();
    let kid = world.kid();
    let cases: Vec<(String, Value, Event)> = vec![
        (token().header("alg", "HS256").sign(), world.key_set(), (3, None, quoted("RS256"), quoted("HS256"))),
        (token().header("typ", "at+jwt").sign(), world.key_set(), (4, None, quoted("JWT"), quoted("at+jwt"))),
        (token().header("kid", "k-9").sign(), world.key_set(), (5, quoted("k-9"), None, None)),
        (
            token().header("kid", "small").sign(),
            small,
            (6, quoted("small"), None, quoted("its size is not between 2048 and 8192 bits")),
        ),
        (token().raw_signature([0; 256]).sign(), world.key_set(), (7, quoted(kid), None, None)),
        (token().without("exp").sign(), world.key_set(), (8, None, quoted("exp"), None)),
        (token().claim("ver", "3.0").sign(), world.key_set(), (9, None, None, quoted("3.0"))),
        (token().claim("tid", other).sign(), world.key_set(), (10, None, None, quoted(other))),
        (token().claim("iss", "x").sign(), world.key_set(), (11, None, quoted(&issuer), quoted("x"))),
        (
            token().signed_by(world.other_key()).sign(),
            json!({"keys": [limited]}),
            (11, quoted(world.other_key().kid()), quoted("https://other.example"), None),
        ),
        (
            token().claim("exp", NOW - 400).claim("nbf", NOW - 500).sign(),
            world.key_set(),
            (13, None, Some(format!("after {NOW}")), Some((NOW - 400).to_string())),
        ),
        (
            token().claim("nbf", NOW + 400).sign(),
            world.key_set(),
            (14, None, Some(format!("not after {NOW}")), Some((NOW + 400).to_string())),
        ),
        (
            token().without("scp").sign(),
            world.key_set(),
            (16, None, quoted("scopes (scp) or app roles (roles)"), None),
        ),
    ];
    for (token, keys, (step, kid, expected, actual)) in cases {
        provider.change(json_answer(&provider.discovery()), json_answer(&keys)).await;
        let server = ResourceServer::new(provider.validator()).clock(|| at(0));
        let log = Log::default();
        let guard = log.listen();
        server.validate(&token).await.unwrap_err();
        drop(guard);
        let events = of_validator(log.events(), "INFO");
        let field = |name: &str| events[0]["fields"][name].as_str().map(str::to_owned);
        assert_eq!(events[0]["fields"]["step"], step);
        assert_eq!(
            (field("kid"), field("expected"), field("actual")),
            (kid, expected, actual),
            "step {step}"
        );
    }
    let server = ResourceServer::new(provider.validator().allow_clients(["c-1"])).clock(|| at(0));
    provider.change(json_answer(&provider.discovery()), json_answer(&world.key_set())).await;
    let log = Log::default();
    let guard = log.listen();
    server.validate(&world.token().sign()).await.unwrap_err();
    drop(guard);
    assert_eq!(of_validator(log.events(), "INFO")[0]["fields"]["actual"], format!("{:?}", world.client_id()));
}

#[tokio::test]
async fn neither_a_token_nor_a_person_is_ever_logged() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let log = Log::default();
    let guard = log.listen();
    let mut refused = 0;
    for case in catalogue() {
        let attempt = case.forge(&provider.world);
        if attempt.provider != Answers::Honest {
            continue;
        }
        let mut headers = HeaderMap::new();
        for value in &attempt.authorization {
            headers.append("authorization", HeaderValue::from_bytes(value).unwrap());
        }
        match server.authenticate(&headers).await {
            Ok(token) => tracing::info!(?token, ?server, "accepted"),
            Err(refusal) => {
                refused += 1;
                _ = server.refuse(&refusal);
            }
        }
    }
    drop(guard);
    assert_eq!(of_validator(log.events(), "INFO").len(), refused, "one event for each refusal");
    let honest = provider.world.token().sign();
    let (_, signature) = honest.rsplit_once('.').unwrap();
    let payload: Value = serde_json::from_str(&provider.world.forge().payload_json()).unwrap();
    let person = ["sub", "oid", "name", "preferred_username", "uti"]
        .into_iter()
        .filter_map(|claim| payload[claim].as_str());
    let text = log.text();
    for secret in person.chain([&signature[..40], "eyJ"]) {
        assert!(!text.contains(secret), "the log shows {secret:?}");
    }
}

#[tokio::test]
async fn a_requirement_of_a_handler_is_logged_when_the_request_is_answered() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let token = server.validate(&provider.world.token().sign()).await.unwrap();
    let log = Log::default();
    let guard = log.listen();
    let forbidden = token.require_scopes(["Orders.Delete"]).unwrap_err();
    _ = server.refuse(&forbidden.into());
    drop(guard);
    let events = of_validator(log.events(), "INFO");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["fields"]["code"], "auth_token_insufficient_scopes");
}

/// A span of the application that happens to have a field `kid`, with our own spans turned off.
#[tokio::test]
async fn the_callers_span_is_not_written_to() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let log = Log::default();
    let guard = log.listen_from(tracing::Level::INFO);
    let span = tracing::info_span!("request", kid = tracing::field::Empty);
    let token = provider.world.token().sign();
    tracing::Instrument::instrument(server.validate(&token), span.clone()).await.unwrap();
    span.in_scope(|| tracing::info!("done"));
    drop(guard);
    assert!(!log.text().contains(provider.world.kid()), "{}", log.text());
}

#[test]
fn refusals_are_counted_by_code_and_key_fetches_by_outcome() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let provider = Provider::honest().await;
            let server = ResourceServer::new(provider.validator()).clock(|| at(0));
            server.validate(&provider.world.token().sign()).await.unwrap();
            for _ in 0..2 {
                server.validate("junk").await.unwrap_err();
            }
            server.authenticate(&HeaderMap::new()).await.unwrap_err();
            let silent = Provider::silent().await;
            let keyless = ResourceServer::new(silent.validator()).clock(|| at(0));
            keyless.validate(&silent.world.token().sign()).await.unwrap_err();
        });
    });
    let counts: Vec<(String, u64)> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let DebugValue::Counter(count) = value else { panic!("{key:?} is no counter") };
            let label = key.key().labels().map(|label| format!(" {}={}", label.key(), label.value()));
            (key.key().name().to_owned() + &label.collect::<String>(), count)
        })
        .collect();
    for (counter, expected) in [
        ("entra_validator_refusals_total code=auth_token_invalid", 2),
        ("entra_validator_refusals_total code=auth_header_missing", 1),
        ("entra_validator_refusals_total code=auth_oidc_error", 1),
        ("entra_validator_key_fetches_total outcome=ok", 1),
        ("entra_validator_key_fetches_total outcome=auth_oidc_error", 1),
    ] {
        assert!(counts.contains(&(counter.to_owned(), expected)), "{counter}: {counts:?}");
    }
    assert_eq!(counts.len(), 5, "{counts:?}");
}
