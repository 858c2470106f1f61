//! Keys over HTTP: one cache, few requests, and what a provider may do wrong. The time is told, nobody waits.

use std::{sync::Arc, time::Duration};

use crate::support::{Provider, at, json_answer};
use entra_mock_idp::SigningKey;
use entra_validator::{Authority, CachePolicy, KeySetError, RemoteKeySet, ResourceServer};
use http::HeaderMap;
use serde_json::json;
use wiremock::ResponseTemplate;

fn failing() -> ResponseTemplate {
    ResponseTemplate::new(503)
}

fn reason(result: Result<Arc<entra_validator::KeySet>, KeySetError>) -> String {
    result.expect_err("the keys are refused").to_string()
}

/// Lets the tasks in the background go as far as they can.
async fn settle(provider: &Provider, wanted: (usize, usize)) {
    for _ in 0..10_000 {
        if provider.asked().await == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the provider was asked {:?} times, not {wanted:?}", provider.asked().await);
}

#[tokio::test]
async fn a_thousand_tasks_at_a_cold_start_make_one_discovery_and_one_key_request() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            tokio::spawn({
                let keys = keys.clone();
                async move { keys.get(at(0)).await.map(|keys| keys.len()) }
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(2));
    }
    assert_eq!(provider.asked().await, (1, 1));
}

#[tokio::test]
async fn ten_thousand_unknown_kids_make_one_more_request() {
    let provider = Provider::honest().await;
    let server = ResourceServer::with_keys(provider.validator(), RemoteKeySet::new(provider.authority()))
        .clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    let forged = provider.world.token().header("kid", "unknown").sign();
    for _ in 0..10_000 {
        let refusal = server.validate(&forged).await.unwrap_err();
        assert_eq!(refusal.code(), "auth_token_key_unknown");
    }
    assert_eq!(provider.asked().await, (1, 2));
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
async fn an_unknown_kid_after_the_cool_down_is_looked_for_again() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    for (seconds, requests) in [(1, 2), (2, 2), (300, 2), (301, 3), (302, 3)] {
        keys.get_for_unknown_kid(at(seconds)).await.unwrap();
        assert_eq!(provider.asked().await, (1, requests), "after {seconds} seconds");
    }
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
    let keys = RemoteKeySet::new(provider.authority());
    let old = keys.get(at(0)).await.unwrap();
    assert!(old.key_ids().any(|kid| kid == provider.world.kid()));
    let emergency = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&emergency)).await;
    let new = keys.get_for_unknown_kid(at(1)).await.unwrap();
    assert!(new.key_ids().all(|kid| kid == SigningKey::published(2).kid()));
}

#[tokio::test]
async fn keys_are_refreshed_in_the_background_and_nobody_waits_for_it() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    assert!(keys.cached(at(3599)).is_some());
    assert_eq!(provider.asked().await, (1, 1));
    assert!(keys.cached(at(3600)).is_some());
    assert!(keys.cached(at(3601)).is_some(), "one refresh is under way, and it is enough");
    settle(&provider, (2, 2)).await;
}

#[tokio::test]
async fn a_provider_that_is_down_for_an_hour_costs_no_token_of_a_known_key() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    provider.change(failing(), failing()).await;
    let validator = provider.validator();
    for minute in 60..120 {
        let now = at(minute * 60);
        let keys = keys.get(now).await.expect("the last good keys serve");
        let token = provider.world.token().claim("exp", crate::support::NOW + 10_000).sign();
        validator.validate(&token, &keys, now).unwrap();
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn keys_that_are_too_old_do_not_serve_and_the_error_says_why() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    provider.change(failing(), failing()).await;
    let error = reason(keys.get(at(24 * 3600)).await);
    assert!(error.contains("503"), "{error}");
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    assert!(keys.get(at(24 * 3600 + 5)).await.is_ok(), "it recovers at the next need");
}

#[tokio::test]
async fn after_a_failed_fetch_the_next_one_waits_and_everybody_is_told_at_once() {
    let provider = Provider::silent().await;
    let keys = RemoteKeySet::new(provider.authority());
    for _ in 0..1000 {
        assert_eq!(keys.get(at(0)).await.unwrap_err().code(), "auth_oidc_error");
    }
    assert_eq!(provider.asked().await, (1, 0));
    keys.get(at(4)).await.unwrap_err();
    assert_eq!(provider.asked().await, (1, 0));
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.get(at(5)).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_set_back_neither_panics_nor_keeps_keys_for_ever() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    assert!(keys.cached(at(-3600)).is_some());
    settle(&provider, (2, 2)).await;
    assert!(keys.get(std::time::UNIX_EPOCH - Duration::from_secs(1)).await.is_ok());
}

#[tokio::test]
async fn a_request_that_gives_up_does_not_stop_the_fetch_for_the_others() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    let impatient = tokio::spawn({
        let keys = keys.clone();
        async move { keys.get(at(0)).await.map(|_| ()) }
    });
    tokio::task::yield_now().await;
    impatient.abort();
    keys.get(at(0)).await.unwrap();
    assert_eq!(provider.asked().await, (1, 1));
}

#[tokio::test]
async fn a_key_set_that_fails_is_told_apart_from_a_discovery_that_fails() {
    let provider = Provider::silent().await;
    provider.serve_discovery(json_answer(&provider.discovery())).await;
    provider.serve_keys(failing()).await;
    let error = RemoteKeySet::new(provider.authority()).get(at(0)).await.unwrap_err();
    assert_eq!(error.code(), "auth_jwks_error");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_none() {
    let provider = Provider::silent().await;
    provider.serve_discovery(json_answer(&provider.discovery()).set_delay(Duration::from_secs(60))).await;
    let policy = CachePolicy { timeout: Duration::from_millis(20), ..CachePolicy::default() };
    let error = reason(RemoteKeySet::with_policy(provider.authority(), policy).get(at(0)).await);
    assert!(error.contains("no response in time"), "{error}");
}

#[tokio::test]
async fn documents_that_are_too_large_are_not_read() {
    let provider = Provider::silent().await;
    let mut discovery = provider.discovery();
    discovery["padding"] = "x".repeat(64 * 1024).into();
    provider.serve_discovery(json_answer(&discovery)).await;
    let error = reason(RemoteKeySet::new(provider.authority()).get(at(0)).await);
    assert!(error.contains("longer than 65536 bytes"), "{error}");

    let mut keys = provider.world.key_set();
    keys["padding"] = "x".repeat(256 * 1024).into();
    provider.change(json_answer(&provider.discovery()), json_answer(&keys)).await;
    let error = reason(RemoteKeySet::new(provider.authority()).get(at(0)).await);
    assert!(error.contains("longer than 262144 bytes"), "{error}");
}

#[tokio::test]
async fn documents_of_the_largest_size_are_read() {
    let provider = Provider::silent().await;
    let padded = |document: String, length: usize| {
        let spaces = " ".repeat(length - document.len());
        ResponseTemplate::new(200).set_body_string(document + &spaces)
    };
    let (discovery, keys) = (provider.discovery().to_string(), provider.world.key_set().to_string());
    provider.change(padded(discovery.clone(), 64 * 1024), padded(keys.clone(), 256 * 1024)).await;
    let remote = RemoteKeySet::new(provider.authority());
    assert_eq!(remote.get(at(0)).await.unwrap().len(), 2);
    provider.change(padded(discovery, 64 * 1024 + 1), padded(keys, 256 * 1024)).await;
    assert!(
        reason(RemoteKeySet::new(provider.authority()).get(at(0)).await).contains("longer than 65536 bytes")
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let provider = Provider::honest().await;
    let elsewhere = Provider::honest().await;
    let target = format!("{}{}", elsewhere.server.uri(), elsewhere.discovery_path());
    provider.change(ResponseTemplate::new(302).insert_header("location", target.as_str()), failing()).await;
    let error = reason(RemoteKeySet::new(provider.authority()).get(at(0)).await);
    assert!(error.contains("302"), "{error}");
    assert_eq!(elsewhere.asked().await, (0, 0));
}

#[tokio::test]
async fn keys_of_another_origin_are_not_fetched() {
    let provider = Provider::silent().await;
    let elsewhere = Provider::honest().await;
    for address in [
        format!("{}/keys", elsewhere.server.uri()),
        "file:///etc/passwd".into(),
        "data:,x".into(),
        "keys".into(),
    ] {
        let mut discovery = provider.discovery();
        discovery["jwks_uri"] = address.clone().into();
        provider.change(json_answer(&discovery), failing()).await;
        let error = reason(RemoteKeySet::new(provider.authority()).get(at(0)).await);
        assert!(error.contains("keys are not fetched") || error.contains("not a URL"), "{address}: {error}");
    }
    assert_eq!(elsewhere.asked().await, (0, 0));
}

#[tokio::test]
async fn the_metadata_must_name_the_issuer_that_is_expected() {
    let provider = Provider::silent().await;
    for issuer in [
        "https://login.microsoftonline.com/{tenantid}/v2.0".to_owned(),
        format!("{}/", provider.world.issuer()),
    ] {
        let mut discovery = provider.discovery();
        discovery["issuer"] = issuer.into();
        provider.change(json_answer(&discovery), json_answer(&provider.world.key_set())).await;
        let error = reason(RemoteKeySet::new(provider.authority()).get(at(0)).await);
        assert!(error.contains("its issuer is"), "{error}");
    }
}

#[tokio::test]
async fn an_authority_from_a_discovery_url_keeps_the_first_issuer_and_takes_no_template() {
    let provider = Provider::honest().await;
    let url = format!("{}{}", provider.server.uri(), provider.discovery_path());
    let authority = Authority::from_discovery_url(&url).unwrap();
    let keys = RemoteKeySet::new(authority.clone());
    assert_eq!(keys.get(at(0)).await.unwrap().issuer(), Some(provider.world.issuer().as_str()));

    let mut discovery = provider.discovery();
    discovery["issuer"] = "https://another.example".into();
    provider.change(json_answer(&discovery), json_answer(&provider.world.key_set())).await;
    assert!(keys.cached(at(3600)).is_some());
    settle(&provider, (1, 0)).await;
    assert_eq!(keys.cached(at(3601)).unwrap().issuer(), Some(provider.world.issuer().as_str()));

    discovery["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0".into();
    provider.change(json_answer(&discovery), json_answer(&provider.world.key_set())).await;
    let error = reason(RemoteKeySet::new(authority).get(at(0)).await);
    assert!(error.contains("is a template for many tenants"), "{error}");
}

#[tokio::test]
async fn an_unusable_key_set_does_not_replace_a_good_one() {
    let provider = Provider::honest().await;
    let keys = RemoteKeySet::new(provider.authority());
    keys.get(at(0)).await.unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&json!({"keys": []}))).await;
    assert_eq!(keys.get_for_unknown_kid(at(1)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_runtime_that_ends_during_a_fetch_does_not_block_the_next_one() {
    let provider = Provider::silent().await;
    provider.serve_discovery(json_answer(&provider.discovery()).set_delay(Duration::from_secs(60))).await;
    let keys = RemoteKeySet::new(provider.authority());
    let lost = keys.clone();
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let started = tokio::spawn(async move { lost.get(at(0)).await.map(|_| ()) });
            tokio::task::yield_now().await;
            started.abort();
        });
    })
    .await
    .unwrap();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.get(at(0)).await.unwrap();
}
