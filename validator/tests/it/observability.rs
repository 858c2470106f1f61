//! What operators are told, and what never.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use crate::support::{Provider, at};
use entra_test_harness::{Provider as Answers, catalogue};
use entra_validator::ResourceServer;
use http::{HeaderMap, HeaderValue};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde_json::Value;
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

    /// Everything that this thread tells until the guard is dropped.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(self.clone())
            .finish();
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
    server.validate(&provider.scene.token().audience("api://another").sign()).await.unwrap_err();
    server.validate(&provider.scene.token().sign()).await.unwrap();
    drop(guard);
    let events = of_validator(log.events(), "INFO");
    assert_eq!(events.len(), 1, "{events:?}");
    let fields = &events[0]["fields"];
    assert_eq!((&fields["code"], &fields["step"]), (&"auth_token_audience_invalid".into(), &12.into()));
    assert_eq!(fields["expected"], format!("{:?}", provider.scene.audience()));
    assert_eq!(fields["actual"], "\"api://another\"");
    assert_eq!(events[0]["span"]["kid"], provider.scene.kid());
}

#[tokio::test]
async fn neither_a_token_nor_a_person_is_ever_told_of() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let log = Log::default();
    let guard = log.listen();
    let mut refused = 0;
    for case in catalogue() {
        let attempt = (case.forge)(&provider.scene);
        if attempt.provider != Answers::Honest {
            continue;
        }
        let mut headers = HeaderMap::new();
        for value in &attempt.authorization {
            headers.append("authorization", HeaderValue::from_bytes(value).unwrap());
        }
        match server.authenticate(&headers).await {
            Ok(token) => tracing::info!(?token, ?server, "let in"),
            Err(refusal) => {
                refused += 1;
                _ = server.refuse(&refusal);
            }
        }
    }
    drop(guard);
    assert_eq!(of_validator(log.events(), "INFO").len(), refused, "one event for each refusal");
    let honest = provider.scene.token().sign();
    let (_, signature) = honest.rsplit_once('.').unwrap();
    let payload: Value = serde_json::from_str(&provider.scene.payload_json()).unwrap();
    let person = ["sub", "oid", "name", "preferred_username", "uti"]
        .into_iter()
        .filter_map(|claim| payload[claim].as_str());
    let text = log.text();
    for secret in person.chain([&signature[..40], "eyJ"]) {
        assert!(!text.contains(secret), "the log tells {secret:?}");
    }
}

#[tokio::test]
async fn what_a_handler_asks_in_vain_is_told_when_it_is_answered() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    let token = server.validate(&provider.scene.token().sign()).await.unwrap();
    let log = Log::default();
    let guard = log.listen();
    let forbidden = token.require_scopes(["Orders.Delete"]).unwrap_err();
    _ = server.refuse(&forbidden.into());
    drop(guard);
    let events = of_validator(log.events(), "INFO");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["fields"]["code"], "auth_token_insufficient_scopes");
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
            server.validate(&provider.scene.token().sign()).await.unwrap();
            for _ in 0..2 {
                server.validate("junk").await.unwrap_err();
            }
            server.authenticate(&HeaderMap::new()).await.unwrap_err();
            let silent = Provider::silent().await;
            let keyless = ResourceServer::new(silent.validator()).clock(|| at(0));
            keyless.validate(&silent.scene.token().sign()).await.unwrap_err();
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
