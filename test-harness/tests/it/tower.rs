//! Services in the same process: good ones pass, holes are found, and nothing is reported of one that refuses everything.

use std::{
    convert::Infallible,
    fs,
    panic::{AssertUnwindSafe, panic_any},
    time::Duration,
};

use axum::{Router, response::IntoResponse, routing::get};
use bytes::Bytes;
use entra_test_harness::{MockIdp, Outcome, Report, Stage};
use entra_validator::{
    AuthError, Authority, CachePolicy, RemoteKeySet, Requirement, ResourceServer, Validator,
};
use futures_util::FutureExt;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use tower::{ServiceBuilder, service_fn};

const ORDERS_API: &str = "dddddddd-0000-4000-8000-00000000a001";

/// A server whose cache of keys reads the identity provider's clock.
fn server(idp: &MockIdp, audience: &str) -> ResourceServer {
    let validator = Validator::new(Authority::from_url(&idp.authority()).unwrap(), audience);
    // What a slow identity provider takes is a moment here: what counts is that the wait ends.
    let policy = CachePolicy::default().timeout(Duration::from_millis(500));
    let keys =
        RemoteKeySet::builder(validator.authority().clone()).policy(policy).wall_clock(idp.clock()).build();
    ResourceServer::with_keys(validator, keys).unwrap()
}

fn on_its_clock(idp: &MockIdp, audience: &str) -> ResourceServer {
    server(idp, audience).clock(idp.clock())
}

fn orders(server: &ResourceServer) -> Router {
    let layer = server.layer().require(Requirement::scopes(["Orders.Read"]));
    Router::new().route("/orders", get(|| async { "orders" })).route_layer(layer)
}

fn skipped(report: &Report) -> Vec<(&str, &str)> {
    let rows = report.results.iter();
    rows.filter_map(|row| match &row.outcome {
        Outcome::Skipped { reason } => Some((row.id, reason.as_str())),
        _ => None,
    })
    .collect()
}

/// The message with which it panics.
async fn panic_of(run: impl Future<Output = Report>) -> String {
    let panic = AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn a_router_behind_the_validator_passes_every_case_and_every_scenario() {
    let stage = Stage::tower(|idp: &MockIdp| orders(&on_its_clock(idp, ORDERS_API)));
    let report = stage.route("/orders").scopes(["Orders.Read"]).run().await;
    report.assert_no_findings();
    assert!(report.counts.passed > 500, "{:?}", report.counts);
    let scenarios: Vec<_> =
        skipped(&report).into_iter().filter(|(id, _)| id.starts_with("scenario")).collect();
    assert!(scenarios.is_empty(), "{scenarios:?}");
}

#[tokio::test]
async fn scenarios_that_pass_time_are_skipped_for_an_api_with_another_clock() {
    let stage = Stage::tower(|idp: &MockIdp| orders(&server(idp, ORDERS_API)));
    let report = stage.route("/orders").scopes(["Orders.Read"]).run().await;
    report.assert_no_findings();
    let skipped = skipped(&report);
    let by_clock: Vec<_> = skipped.iter().filter(|(_, reason)| reason.contains("idp.clock()")).collect();
    assert!(by_clock.len() > 4, "{skipped:?}");
    assert!(by_clock.iter().all(|(id, _)| id.starts_with("scenario::")), "{by_clock:?}");
}

#[tokio::test]
async fn the_layer_around_a_function_passes() {
    let stage = Stage::tower(|idp: &MockIdp| {
        let layer = on_its_clock(idp, ORDERS_API).layer_with_body(Full::<Bytes>::from);
        ServiceBuilder::new().layer(layer).service(service_fn(async |_: Request<Full<Bytes>>| {
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        }))
    });
    stage.run().await.assert_no_findings();
}

#[tokio::test]
async fn a_tonic_service_is_judged_by_its_grpc_status() {
    let stage = Stage::tower(|idp: &MockIdp| {
        let (_, health) = tonic_health::server::health_reporter();
        let layer = on_its_clock(idp, ORDERS_API).layer_with_body(tonic::body::Body::new::<String>);
        ServiceBuilder::new().layer(layer).service(health)
    });
    let call = Request::post("/grpc.health.v1.Health/Check")
        .header("content-type", "application/grpc")
        .body(vec![0; 5])
        .unwrap();
    stage.request(call).run().await.assert_no_findings();
}

/// An API that accepts what it must refuse for this reason.
fn with_hole(idp: &MockIdp, hole: fn(&AuthError) -> bool) -> Router {
    let server = on_its_clock(idp, ORDERS_API);
    let orders = async move |headers: HeaderMap| match server.authenticate(&headers).await {
        Err(refused) if !hole(&refused) => refused.into_response(),
        _ => "orders".into_response(),
    };
    Router::new().route("/orders", get(orders))
}

fn any_audience(idp: &MockIdp) -> Router {
    with_hole(idp, |refused| refused.code() == "auth_token_audience_invalid")
}

#[tokio::test]
async fn an_api_that_accepts_any_audience_is_found_in_a_table() {
    let report = Stage::tower(any_audience).route("/orders").run().await;
    let failed: Vec<_> = report.failures().map(|row| row.id).collect();
    assert!(failed.contains(&"audience::another-api"), "{failed:?}");
    assert!(failed.iter().all(|id| id.contains("aud")), "{failed:?}");
    let message = panic_of(async {
        report.assert_no_findings();
        report
    })
    .await;
    let line = message.lines().find(|line| line.contains("audience::another-api ")).unwrap();
    for cell in
        ["critical ", " refuse (auth_token_audience_invalid) ", " accepted (200) ", " `aud` is another API"]
    {
        assert!(line.contains(cell), "{line}");
    }
}

#[tokio::test]
async fn an_api_that_accepts_everything_while_keys_are_missing_is_found() {
    let fails_open = |idp: &MockIdp| with_hole(idp, |refused| matches!(refused, AuthError::Keys(_)));
    let report = Stage::tower(fails_open).route("/orders").run().await;
    let failed: Vec<_> = report.failures().map(|row| row.id).collect();
    for id in ["provider::discovery-404", "scenario::slow-keys", "scenario::connection-dropped"] {
        assert!(failed.contains(&id), "{failed:?}");
    }
}

#[tokio::test]
async fn a_known_divergence_is_excused_and_a_stale_one_is_not() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let entry = |id| format!("[[divergence]]\nid = '{id}'\nreason = 'as the test has it'\n");
    fs::write(&file, ["audience::*", "signature::*"].map(entry).concat()).unwrap();
    let report = Stage::tower(any_audience).route("/orders").known(file.path()).run().await;
    let failed: Vec<_> = report.failures().map(|row| row.id).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(report.counts.known > 5, "{:?}", report.counts);
    assert_eq!(report.stale, ["signature::*"]);
    assert!(!report.is_clean(), "the stale entry is a finding");
}

#[tokio::test]
async fn a_service_that_panics_fails_or_hangs_has_failed_and_the_run_goes_on() {
    let broken = |idp: &MockIdp| {
        let server = on_its_clock(idp, ORDERS_API);
        service_fn(move |request: Request<Full<Bytes>>| {
            let server = server.clone();
            async move {
                match server
                    .authenticate(request.headers())
                    .await
                    .map_err(|refused| refused.code().to_string())
                {
                    Ok(_) => Ok(Response::new(Full::<Bytes>::default())),
                    Err(code) if code.contains("audience") => panic_any(()),
                    Err(code) if code.contains("header_missing") => std::future::pending().await,
                    Err(code) => Err(code),
                }
            }
        })
    };
    let report = Stage::tower(broken).timeout(Duration::from_secs(2)).run().await;
    let outcome = |id: &str| report.results.iter().find(|row| row.id == id).unwrap().outcome.to_string();
    assert_eq!(outcome("audience::another-api"), "crashed (panicked)");
    assert_eq!(outcome("authorization::missing"), "no response in time");
    assert_eq!(outcome("signature::tampered"), "crashed (auth_token_signature_untrusted)");
}

#[tokio::test]
async fn nothing_is_reported_of_a_service_that_refuses_everything() {
    let wrong = |idp: &MockIdp| orders(&on_its_clock(idp, "another-api"));
    let message = panic_of(Stage::tower(wrong).route("/orders").run()).await;
    assert!(
        message.contains("does not accept an honest token (refused (401, auth_token_audience"),
        "{message}"
    );
    assert!(message.contains("/orders") && message.contains(ORDERS_API), "{message}");
}
