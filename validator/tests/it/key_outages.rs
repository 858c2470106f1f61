//! The identity provider is down, slow or comes back: good tokens are accepted as long as keys serve, and nobody learns that
//! a token is bad when that is not known.

use std::time::{Duration, SystemTime};

use crate::support::{Clock, NOW, Provider, at, json_answer, remote_keys};
use entra_validator::{CachePolicy, RemoteKeySet, ResourceServer};
use serde_json::json;
use wiremock::{Request, ResponseTemplate};

fn failing() -> ResponseTemplate {
    ResponseTemplate::new(503)
}

fn late() -> ResponseTemplate {
    failing().set_delay(Duration::from_secs(60))
}

async fn heal(provider: &Provider) {
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
}

/// All keys are replaced.
async fn rotate(provider: &Provider) {
    let rotated = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&rotated)).await;
}

#[tokio::test]
async fn one_failed_refresh_costs_a_new_key_seconds_and_answers_503() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let server = ResourceServer::with_keys(provider.validator(), keys).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    provider.change(failing(), failing()).await;
    let new = provider.world.token().signed_by(provider.world.other_key()).sign();
    let code =
        async || server.validate(&new).await.map_or_else(|error| error.code().as_str(), |_| "accepted");
    clock.set(1);
    assert_eq!(code().await, "auth_jwks_error");
    rotate(&provider).await;
    for (seconds, expected) in [(2, "auth_jwks_error"), (5, "auth_jwks_error"), (6, "accepted")] {
        clock.set(seconds);
        assert_eq!(code().await, expected, "at {seconds} seconds");
    }
    assert_eq!(provider.asked().await, (1, 1), "the metadata, too: the URL of the keys may have changed");
}

#[tokio::test]
async fn an_unknown_kid_is_no_unknown_key_while_the_keys_cannot_be_refreshed() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let server = ResourceServer::with_keys(provider.validator(), keys).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    let unknown = async |n: u64| {
        let token = provider.world.token().header("kid", format!("unknown-{n}")).sign();
        server.validate(&token).await.unwrap_err().status()
    };
    for n in 0..4 {
        assert_eq!(unknown(n).await, 401, "no turn is left after three");
    }
    provider.change(failing(), failing()).await;
    clock.set(3600);
    for n in 0..100 {
        assert_eq!(unknown(n).await, 503);
        server.validate(&provider.world.token().sign()).await.unwrap();
    }
    assert_eq!(provider.asked().await.0 + provider.asked().await.1, 1, "a stranger cannot make it ask again");
}

#[tokio::test]
async fn an_unknown_kid_that_has_no_turn_after_a_failed_refresh_is_no_unknown_key() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    for n in 0..3 {
        keys.get_for_unknown_kid(&format!("unknown-{n}")).await.unwrap();
    }
    provider.change(failing(), failing()).await;
    keys.refresh().await.unwrap_err();
    clock.set(299);
    keys.get_for_unknown_kid("new").await.unwrap_err();
    assert_eq!(provider.asked().await, (1, 0));
    heal(&provider).await;
    clock.set(300);
    keys.get_for_unknown_kid("new").await.expect("the next turn");
}

#[tokio::test]
async fn a_failed_fetch_gives_its_turn_back() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    provider.change(failing(), failing()).await;
    for seconds in [0, 5, 15, 35, 75] {
        clock.set(seconds);
        keys.get_for_unknown_kid("new").await.unwrap_err();
    }
    rotate(&provider).await;
    clock.set(155);
    for n in 0..10 {
        keys.get_for_unknown_kid(&format!("unknown-{n}")).await.unwrap();
    }
    assert_eq!(provider.asked().await, (1, 3));
}

#[tokio::test]
async fn the_pause_after_a_failure_begins_when_the_fetch_ends() {
    let provider = Provider::silent().await;
    let (keys, clock) = provider.keys();
    let slow = clock.clone();
    provider
        .answer_discovery(move |_: &Request| {
            slow.set(12);
            failing()
        })
        .await;
    keys.get().await.unwrap_err();
    heal(&provider).await;
    clock.set(16);
    keys.get().await.unwrap_err();
    assert_eq!(provider.asked().await, (0, 0));
    clock.set(17);
    keys.get().await.unwrap();
}

#[tokio::test]
async fn the_pauses_grow_from_five_seconds_to_five_minutes_and_a_success_ends_them() {
    let provider = Provider::silent().await;
    let (keys, clock) = provider.keys();
    let mut now = 0;
    for pause in [5, 10, 20, 40, 80, 160, 300, 300] {
        keys.get().await.unwrap_err();
        assert_eq!(keys.status().next_refresh, Duration::from_secs(pause));
        now += pause;
        clock.set(now - 1);
        keys.get().await.unwrap_err();
        assert_eq!(keys.status().next_refresh, Duration::from_secs(1), "nothing was tried");
        clock.set(now);
    }
    heal(&provider).await;
    keys.get().await.unwrap();
    provider.change(failing(), failing()).await;
    keys.refresh().await.unwrap_err();
    clock.set(now + 4);
    keys.get_for_unknown_kid("new").await.unwrap_err();
    assert_eq!(provider.asked().await, (1, 0));
    clock.set(now + 5);
    keys.get_for_unknown_kid("new").await.unwrap_err();
    assert_eq!(provider.asked().await, (2, 0));
}

#[tokio::test]
async fn services_that_fail_together_do_not_try_again_together() {
    let provider = Provider::silent().await;
    let clock = Clock::new();
    let keys = remote_keys(provider.authority(), &clock).chance(|| 1.0).build();
    keys.get().await.unwrap_err();
    assert_eq!(keys.status().next_refresh, Duration::from_secs(6));
}

#[tokio::test]
async fn the_identity_provider_says_when_to_try_again() {
    let provider = Provider::silent().await;
    let in_a_minute = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
    for (retry_after, pause) in [
        ("1", 5..=5),
        ("60", 60..=60),
        ("86400", 300..=300),
        (&in_a_minute, 55..=60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 300..=300),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 5..=5),
        ("soon", 5..=5),
        ("-1", 5..=5),
        ("99999999999999999999999999", 5..=5),
    ] {
        let busy = ResponseTemplate::new(429).insert_header("retry-after", retry_after);
        provider.change(busy.clone(), busy).await;
        let (keys, _) = provider.keys();
        keys.get().await.unwrap_err();
        let next = keys.status().next_refresh.as_secs_f64().ceil();
        assert!(
            (f64::from(*pause.start())..=f64::from(*pause.end())).contains(&next),
            "{retry_after}: {next}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_is_down_for_a_day_costs_no_token_of_a_known_key() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    provider.change(failing(), failing()).await;
    let validator = provider.validator();
    let token = provider.world.token().claim("exp", NOW + 100_000).sign();
    for minute in 60..24 * 60 {
        clock.set(minute * 60);
        let served = keys.get().await.expect("the last good keys serve");
        validator.validate(&token, &served, at(60)).unwrap();
        while keys.status().next_refresh.is_zero() {
            tokio::task::yield_now().await;
        }
    }
    let (discovery, keys) = provider.asked().await;
    assert!(discovery + keys <= 23 * 12 + 10, "about one attempt every five minutes: {discovery}, {keys}");
}

#[tokio::test]
async fn keys_that_are_too_old_do_not_serve_and_the_error_says_why() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    keys.get().await.unwrap();
    provider.change(failing(), failing()).await;
    clock.set(24 * 3600);
    assert!(!keys.is_ready());
    let error = keys.get().await.unwrap_err().to_string();
    assert!(error.contains("503"), "{error}");
    heal(&provider).await;
    clock.set(24 * 3600 + 5);
    assert!(keys.get().await.is_ok(), "it recovers at the next need");
}

#[tokio::test]
async fn after_a_failed_fetch_the_next_one_waits_and_everybody_learns_it_at_once() {
    let provider = Provider::silent().await;
    let (keys, clock) = provider.keys();
    for _ in 0..1000 {
        assert_eq!(keys.get().await.unwrap_err().code(), "auth_oidc_error");
    }
    assert_eq!(provider.asked().await, (1, 0));
    clock.set(4);
    keys.get().await.unwrap_err();
    assert_eq!(provider.asked().await, (1, 0));
    heal(&provider).await;
    clock.set(5);
    keys.get().await.unwrap();
}

#[tokio::test]
async fn a_request_that_gives_up_does_not_stop_the_fetch_for_the_others() {
    let provider = Provider::honest().await;
    let (keys, _) = provider.keys();
    let impatient = tokio::spawn({
        let keys = keys.clone();
        async move { keys.get().await.map(|_| ()) }
    });
    tokio::task::yield_now().await;
    impatient.abort();
    keys.get().await.unwrap();
    assert_eq!(provider.asked().await, (1, 1));
}

#[tokio::test]
async fn a_response_that_comes_too_late_is_none() {
    let provider = Provider::silent().await;
    provider.serve_discovery(late()).await;
    let policy = CachePolicy::default().timeout(Duration::from_millis(20));
    let keys = RemoteKeySet::builder(provider.authority()).policy(policy).build();
    let error = keys.get().await.unwrap_err().to_string();
    assert!(error.contains("no response in time"), "{error}");
}
