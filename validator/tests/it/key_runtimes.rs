//! A fetch belongs to the runtime of whoever started it: that may end, or stand still.

use std::{sync::Arc, time::Duration};

use crate::support::{Provider, json_answer};
use entra_validator::RemoteKeySet;
use serde_json::json;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn a_runtime_that_ends_during_a_fetch_does_not_block_the_next_one() {
    let provider = Provider::silent().await;
    provider.serve_discovery(ResponseTemplate::new(503).set_delay(Duration::from_secs(60))).await;
    let (keys, _) = provider.keys();
    let ended = runtime_that_starts_a_fetch(&keys);
    std::thread::spawn(move || drop(ended)).join().unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.get().await.unwrap();
}

#[tokio::test]
async fn whoever_waits_for_a_runtime_that_nobody_drives_has_a_deadline() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let idle = runtime_that_starts_a_fetch(&keys);
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let error = keys.get().await.unwrap_err().to_string();
    assert!(error.contains("no result after 25 seconds"), "{error}");
    let waited = start.elapsed().as_secs_f64();
    assert!((24.9..25.1).contains(&waited), "two timeouts of 10 seconds, and 5 seconds: {waited}");
    tokio::time::resume();
    clock.set(25);
    keys.get().await.expect("the lost fetch does not block another");
    std::thread::spawn(move || drop(idle)).join().unwrap();
}

#[tokio::test]
async fn a_fetch_that_was_lost_and_found_does_not_replace_newer_keys() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let idle = runtime_that_starts_a_fetch(&keys);
    clock.set(25);
    let rotated = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&rotated)).await;
    let new = keys.get().await.unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    let drive = move || {
        let tasks = idle.metrics();
        idle.block_on(async {
            while tasks.num_alive_tasks() > 0 {
                tokio::task::yield_now().await;
            }
        });
    };
    std::thread::spawn(drive).join().unwrap();
    assert_eq!(provider.asked().await, (1, 1), "it ended after all");
    assert!(Arc::ptr_eq(&new, &keys.cached().unwrap()));
}

/// Like a worker that is stuck in other work: the runtime is alive, and its tasks make no progress.
fn runtime_that_starts_a_fetch(keys: &RemoteKeySet) -> tokio::runtime::Runtime {
    let keys = keys.clone();
    let start = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut get = std::pin::pin!(keys.get());
            let started = std::future::poll_fn(|context| {
                std::task::Poll::Ready(get.as_mut().poll(context).is_pending())
            });
            assert!(started.await, "the fetch has begun");
        });
        runtime
    };
    std::thread::spawn(start).join().unwrap()
}

#[tokio::test]
async fn a_runtime_that_stands_still_does_not_hold_the_connection_of_another() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let first = keys.clone();
    let complete = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(first.get()).unwrap();
        runtime
    };
    let idle = std::thread::spawn(complete).join().unwrap();
    keys.refresh().await.expect("it opens a connection of its own");
    std::thread::spawn(move || drop(idle)).join().unwrap();
}

#[test]
fn keys_can_be_read_outside_of_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let provider = runtime.block_on(Provider::honest());
    let (keys, clock) = provider.keys();
    let fetched = runtime.block_on(keys.get()).unwrap();
    clock.set(3600);
    assert!(Arc::ptr_eq(&keys.cached().unwrap(), &fetched), "a refresh is due, and there is no one to do it");
}
