//! Keys over HTTP: one cache, few requests. Clocks are set, nobody waits.

use std::{sync::Arc, time::Duration};

use crate::support::{NOW, Provider, at, json_answer, remote_keys};
use entra_mock_idp::SigningKey;
use entra_validator::{CachePolicy, RemoteKeySet, ResourceServer};
use http::HeaderMap;
use serde_json::json;
use wiremock::ResponseTemplate;

fn failing() -> ResponseTemplate {
    ResponseTemplate::new(503)
}

#[tokio::test]
async fn a_thousand_tasks_at_a_cold_start_make_one_discovery_and_one_key_request() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            tokio::spawn({
                let keys = keys.clone();
                async move { keys.get().await.map(|keys| keys.len()) }
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(2));
    }
    assert_eq!(provider.asked().await, (1, 1));
}

#[tokio::test]
async fn ten_thousand_tokens_with_one_unknown_kid_make_one_more_request() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let server = ResourceServer::with_keys(provider.validator(), keys).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    let forged = provider.world.token().header("kid", "unknown").sign();
    for _ in 0..10_000 {
        assert_eq!(server.validate(&forged).await.unwrap_err().code(), "auth_token_key_unknown");
    }
    assert_eq!(provider.asked().await, (1, 2));
}

#[tokio::test]
async fn ten_thousand_unknown_kids_make_three_more_requests_and_one_more_each_five_minutes() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    for (seconds, requests) in [(0, 4), (1, 4), (299, 4), (300, 5), (301, 5), (600, 6)] {
        clock.set(seconds);
        for n in 0..10_000 {
            keys.get_for_unknown_kid(&format!("unknown-{n}")).await.unwrap();
        }
        assert_eq!(provider.asked().await, (1, requests), "after {seconds} seconds");
    }
}

#[tokio::test]
async fn a_strangers_kid_does_not_delay_an_emergency_rotation() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let server = ResourceServer::with_keys(provider.validator(), keys).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    server.validate(&provider.world.token().header("kid", "unknown").sign()).await.unwrap_err();
    let rotated = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&rotated)).await;
    let token = provider.world.token().signed_by(provider.world.other_key()).sign();
    server.validate(&token).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_published_late_is_looked_for_again_after_ten_seconds() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let new = &provider.world.other_key();
    let new = new.kid();
    keys.get().await.unwrap();
    keys.get_for_unknown_kid(new).await.unwrap();
    let rotated = provider.world.key_set_with(provider.world.other_jwk(json!({})));
    provider.change(failing(), json_answer(&rotated)).await;
    for (seconds, keys_known) in [(9, 2), (10, 3)] {
        clock.set(seconds);
        assert_eq!(keys.get_for_unknown_kid(new).await.unwrap().len(), keys_known, "at {seconds} seconds");
    }
}

#[tokio::test]
async fn a_token_that_no_key_could_save_causes_no_request() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    for token in [
        "junk",
        "a.b.c",
        &provider.world.forge().hs256("secret"),
        &provider.world.token().without_header("kid").sign(),
    ] {
        server.validate(token).await.unwrap_err();
    }
    server.authenticate(&HeaderMap::new()).await.unwrap_err();
    assert_eq!(provider.asked().await, (0, 0));
}

#[tokio::test]
async fn a_rotated_key_is_found_within_one_refresh() {
    let provider = Provider::honest().await;
    let server = ResourceServer::new(provider.validator()).clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    let rotated = provider.world.key_set_with(provider.world.other_jwk(json!({})));
    provider.change(failing(), json_answer(&rotated)).await;
    let token = provider.world.token().signed_by(provider.world.other_key()).sign();
    server.validate(&token).await.unwrap();
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_refused_once_the_keys_are_refreshed() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let old = keys.get().await.unwrap();
    assert!(old.key_ids().any(|kid| kid == provider.world.kid()));
    keys.get_for_unknown_kid(provider.world.kid()).await.unwrap();
    assert_eq!(provider.asked().await, (1, 1), "a key that was fetched meanwhile is not fetched again");
    let emergency = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&emergency)).await;
    let new = keys.get_for_unknown_kid("new").await.unwrap();
    assert!(new.key_ids().all(|kid| kid == SigningKey::published(2).kid()));
}

#[tokio::test]
async fn keys_are_refreshed_in_the_background_and_nobody_waits_for_it() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    clock.set(3599);
    assert!(keys.cached().is_some());
    assert_eq!(provider.asked().await, (1, 1));
    clock.set(3600);
    assert!(keys.cached().is_some());
    clock.set(3601);
    assert!(keys.cached().is_some(), "one refresh is under way, and it is enough");
    provider.wait_until_asked((2, 2)).await;
}

#[tokio::test]
async fn services_that_start_together_do_not_refresh_together() {
    let provider = Provider::honest().await;
    for (chance, due) in [(0.0, 3600), (0.5, 3420), (1.0, 3240), (f64::INFINITY, 3240)] {
        let clock = crate::support::Clock::new();
        let keys = remote_keys(provider.authority(), &clock).chance(move || chance).build();
        keys.get().await.unwrap();
        assert_eq!(keys.status().next_refresh, Duration::from_secs(due), "{chance}");
    }
    let by_chance = || async {
        let keys = RemoteKeySet::new(provider.authority());
        keys.get().await.unwrap();
        keys.status().next_refresh.as_secs()
    };
    let mut dues = Vec::new();
    for _ in 0..10 {
        dues.push(by_chance().await);
    }
    dues.dedup();
    assert!(dues.len() > 1, "{dues:?}");
    assert!(dues.iter().all(|due| (3239..=3600).contains(due)), "{dues:?}");
}

#[tokio::test]
async fn equal_keys_stay_the_same_arc_however_they_are_written() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let first = keys.get().await.unwrap();
    let mut document = provider.world.key_set();
    document["keys"].as_array_mut().unwrap().reverse();
    provider.change(json_answer(&provider.discovery()), json_answer(&document)).await;
    assert!(Arc::ptr_eq(&first, &keys.get_for_unknown_kid("unknown").await.unwrap()));
    assert!(Arc::ptr_eq(&first, &keys.refresh().await.unwrap()));
    let others = provider.world.key_set_with(provider.world.other_jwk(json!({})));
    for changed in [others, json!({"keys": [provider.world.other_jwk(json!({"kid": provider.world.kid()}))]})]
    {
        provider.change(json_answer(&provider.discovery()), json_answer(&changed)).await;
        assert!(!Arc::ptr_eq(&first, &keys.refresh().await.unwrap()), "{changed}");
    }
}

#[tokio::test]
async fn no_setting_makes_a_cache_ask_without_a_pause() {
    let provider = Provider::honest().await;
    let clock = crate::support::Clock::new();
    let zero = Duration::ZERO;
    let policy = CachePolicy::default().refresh_after(zero).retry_after(zero).unknown_kid_interval(zero);
    let keys = remote_keys(provider.authority(), &clock).policy(policy).build();
    for n in 0..1000 {
        keys.get().await.unwrap();
        keys.get_for_unknown_kid(&n.to_string()).await.unwrap();
    }
    assert_eq!(provider.asked().await, (1, 4));
    provider.change(failing(), failing()).await;
    clock.set(59);
    for _ in 0..1000 {
        keys.get().await.unwrap();
    }
    assert_eq!(provider.asked().await, (0, 0), "keys serve for a minute at least");
    for _ in 0..1000 {
        keys.get_for_unknown_kid("new").await.unwrap();
    }
    assert_eq!(provider.asked().await, (0, 0), "the next turn comes after a minute");
    clock.set(60);
    for _ in 0..1000 {
        keys.get_for_unknown_kid("new").await.unwrap_err();
    }
    assert_eq!(provider.asked().await, (0, 1), "a failure is followed by a pause");
}

#[tokio::test]
async fn keys_are_refreshed_before_they_are_too_old_whatever_the_settings() {
    let provider = Provider::honest().await;
    for (policy, due) in [
        (CachePolicy::default().max_age(Duration::from_secs(3600)), 1800),
        (CachePolicy::default().max_age(Duration::ZERO), 60),
        (CachePolicy::default().refresh_after(Duration::MAX), 12 * 3600),
        (CachePolicy::default().refresh_after(Duration::MAX).max_age(Duration::MAX), 24 * 3600),
    ] {
        let clock = crate::support::Clock::new();
        let keys = remote_keys(provider.authority(), &clock).policy(policy).build();
        keys.get().await.unwrap();
        assert_eq!(keys.status().next_refresh, Duration::from_secs(due), "{policy:?}");
    }
}

#[tokio::test]
async fn the_system_time_has_no_influence_on_how_often_keys_are_fetched() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let time = Arc::new(std::sync::atomic::AtomicI64::new(NOW));
    let now = Arc::clone(&time);
    let server = ResourceServer::with_keys(provider.validator(), keys)
        .unwrap()
        .clock(move || at(now.load(std::sync::atomic::Ordering::Relaxed) - NOW));
    for n in 0..50 {
        time.fetch_add(if n % 2 == 0 { -90_000 } else { 3600 }, std::sync::atomic::Ordering::Relaxed);
        let forged = provider.world.token().header("kid", format!("unknown-{n}")).sign();
        server.validate(&forged).await.unwrap_err();
    }
    assert_eq!(provider.asked().await, (1, 4), "one fetch at the start, and three for unknown keys");
}
