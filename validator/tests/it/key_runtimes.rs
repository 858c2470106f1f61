//! A fetch belongs to the runtime of whoever started it: that may end, or stand still.

use std::{future::poll_fn, pin::Pin, sync::Arc, task::Poll, time::Duration};

use crate::support::{Provider, json_answer};
use entra_validator::RemoteKeySet;
use serde_json::json;
use tokio::runtime::Runtime;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn a_runtime_that_ends_during_a_fetch_does_not_block_the_next_one() {
    let provider = Provider::silent().await;
    provider.serve_discovery(ResponseTemplate::new(503).set_delay(Duration::from_secs(60))).await;
    let (keys, _) = provider.keys();
    let ended = stuck(&keys, get);
    std::thread::spawn(move || drop(ended)).join().unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.get().await.unwrap();
}

#[tokio::test]
async fn whoever_waits_for_a_runtime_that_nobody_drives_has_a_deadline() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let idle = stuck(&keys, get);
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
    let idle = stuck(&keys, get);
    clock.set(25);
    let rotated = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&rotated)).await;
    let new = keys.get().await.unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    drive(idle);
    assert_eq!(provider.asked().await, (1, 1), "it ended after all");
    assert!(Arc::ptr_eq(&new, &keys.cached().unwrap()));
}

#[tokio::test]
async fn a_fetch_that_was_lost_and_found_does_not_replace_the_one_under_way() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let first = stuck(&keys, get);
    clock.set(25);
    let second = stuck(&keys, get);
    drive(first);
    assert!(!keys.is_ready());
    drive(second);
    assert!(keys.is_ready());
}

#[tokio::test]
async fn a_lost_fetch_gives_its_turn_back() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    let mut idle = Vec::new();
    for n in 0..10 {
        clock.set(n * 25);
        idle.push(stuck(&keys, |keys| {
            Box::pin(async move { keys.get_for_unknown_kid("unknown").await.is_ok() })
        }));
    }
    std::thread::spawn(move || drop(idle)).join().unwrap();
    keys.get_for_unknown_kid("unknown").await.unwrap();
    assert_eq!(provider.asked().await, (1, 2));
}

type Use = fn(RemoteKeySet) -> Pin<Box<dyn Future<Output = bool> + Send>>;

fn get(keys: RemoteKeySet) -> Pin<Box<dyn Future<Output = bool> + Send>> {
    Box::pin(async move { keys.get().await.is_ok() })
}

/// Like a worker that is stuck in other work after it started a fetch: the runtime is alive, and its tasks make no progress.
fn stuck(keys: &RemoteKeySet, start: Use) -> Runtime {
    let mut fetch = start(keys.clone());
    let start = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let begun = poll_fn(|context| Poll::Ready(fetch.as_mut().poll(context).is_pending()));
        assert!(runtime.block_on(begun), "the fetch has begun");
        runtime
    };
    std::thread::spawn(start).join().unwrap()
}

/// Until its tasks have ended.
fn drive(runtime: Runtime) {
    let tasks = runtime.metrics();
    let drive = move || {
        runtime.block_on(async {
            while tasks.num_alive_tasks() > 0 {
                tokio::task::yield_now().await;
            }
        });
    };
    std::thread::spawn(drive).join().unwrap();
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
