//! Keys that are there before they are needed, what a probe learns of them, and sources of other kinds.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{Clock, Provider, at, json_answer, remote_keys};
use entra_validator::{
    Authority, KeyFuture, KeySet, KeySetError, KeySource, RemoteKeySet, ResourceServer, Validator,
};
use serde_json::json;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn keys_age_by_a_clock_that_the_identity_provider_shares_and_a_step_back_stands_still() {
    let idp = entra_mock_idp::MockIdp::start().await;
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let keys = RemoteKeySet::builder(authority).wall_clock(idp.clock()).build();
    keys.get().await.unwrap();
    idp.clock().advance(Duration::from_secs(3600));
    assert!(keys.status().age.unwrap() >= Duration::from_secs(3600));
    idp.clock().set(std::time::UNIX_EPOCH);
    assert_eq!(keys.status().age, Some(Duration::ZERO));
    idp.clock().reset();
    idp.clock().advance(Duration::from_secs(25 * 3600));
    assert!(!keys.is_ready(), "they are too old");
}

fn saved(provider: &Provider) -> KeySet {
    KeySet::from_jwks(provider.world.key_set().to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_probe_learns_whether_there_are_keys_and_causes_no_fetch() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    for _ in 0..100 {
        assert!(!keys.is_ready());
        assert_eq!((keys.status().age, keys.status().next_refresh), (None, Duration::ZERO));
    }
    assert_eq!(provider.asked().await, (0, 0));
    keys.get().await.unwrap();
    clock.set(5000);
    assert!(keys.is_ready());
    let status = keys.status();
    assert_eq!((status.age, status.next_refresh), (Some(Duration::from_secs(5000)), Duration::ZERO));
    assert!(status.kids.contains(&provider.world.kid().to_owned()) && status.kids.len() == 2);
    assert_eq!(provider.asked().await, (1, 1), "a refresh is due, but a probe does not start it");
    clock.set(24 * 3600);
    assert!(!keys.is_ready() && keys.status().kids.is_empty(), "they are too old");
}

#[tokio::test]
async fn a_probe_learns_why_the_last_fetch_failed_until_one_succeeds() {
    let provider = Provider::silent().await;
    let (keys, _) = provider.keys();
    let error = keys.get().await.unwrap_err();
    assert_eq!(keys.status().last_error, Some(error));
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.refresh().await.unwrap();
    assert_eq!(keys.status().last_error, None);
}

#[tokio::test]
async fn seed_keys_serve_at_once_and_until_the_identity_provider_is_up() {
    let provider = Provider::silent().await;
    let clock = Clock::new();
    let keys = remote_keys(provider.authority(), &clock).seed(saved(&provider)).build();
    assert!(keys.is_ready());
    let server = ResourceServer::with_keys(provider.validator(), keys.clone()).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    provider.wait_until_asked((1, 0)).await;
    let new = provider.world.token().signed_by(provider.world.other_key()).sign();
    assert_eq!(server.validate(&new).await.unwrap_err().code(), "auth_oidc_error");
    let rotated = json!({"keys": [provider.world.other_jwk(json!({}))]});
    provider.change(json_answer(&provider.discovery()), json_answer(&rotated)).await;
    clock.set(5);
    server.validate(&new).await.unwrap();
    let old = server.validate(&provider.world.token().sign()).await.unwrap_err();
    assert_eq!(old.code(), "auth_token_key_unknown", "what was fetched replaces them");
}

#[tokio::test]
async fn seed_keys_do_not_serve_forever() {
    let provider = Provider::silent().await;
    let clock = Clock::new();
    let keys = remote_keys(provider.authority(), &clock).seed(saved(&provider)).build();
    clock.set(24 * 3600);
    keys.get().await.unwrap_err();
}

#[tokio::test]
async fn a_refresh_fetches_at_once_even_in_the_pause_after_a_failure() {
    let provider = Provider::silent().await;
    let (keys, _) = provider.keys();
    keys.refresh().await.unwrap_err();
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    keys.refresh().await.unwrap();
    keys.refresh().await.unwrap();
    assert_eq!(provider.asked().await, (2, 2));
}

/// Lets time pass for the tasks of this runtime. Nothing waits for a socket meanwhile.
async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_refresh_task_fetches_when_it_is_due_without_any_request_until_it_is_dropped() {
    let provider = Provider::honest().await;
    let (keys, clock) = provider.keys();
    let task = keys.spawn_refresh();
    provider.wait_until_asked((1, 1)).await;
    while !keys.is_ready() {
        tokio::task::yield_now().await;
    }
    for hours in 1..4 {
        tokio::task::yield_now().await;
        clock.set(hours * 3600);
        pass(3600).await;
        let times = usize::try_from(hours).unwrap() + 1;
        provider.wait_until_asked((times, times)).await;
        while keys.status().age != Some(Duration::ZERO) {
            tokio::task::yield_now().await;
        }
    }
    drop(task);
    tokio::task::yield_now().await;
    clock.set(4 * 3600);
    pass(3600).await;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(provider.asked().await, (4, 4));
}

#[tokio::test]
async fn a_refresh_task_pauses_after_a_failure() {
    let provider = Provider::silent().await;
    let (keys, clock) = provider.keys();
    let _task = keys.spawn_refresh();
    while keys.status().last_error.is_none() {
        tokio::task::yield_now().await;
    }
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(provider.asked().await, (1, 0));
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    clock.set(5);
    pass(5).await;
    provider.wait_until_asked((1, 1)).await;
}

#[tokio::test]
async fn a_server_accepts_keys_that_never_change() {
    let provider = Provider::silent().await;
    let server =
        ResourceServer::with_keys(provider.validator(), Arc::new(saved(&provider))).unwrap().clock(|| at(0));
    server.validate(&provider.world.token().sign()).await.unwrap();
    let forged = provider.world.token().header("kid", "unknown").sign();
    assert_eq!(server.validate(&forged).await.unwrap_err().code(), "auth_token_key_unknown");
}

/// A source of one's own that has no keys until it is asked for one.
struct Vault {
    keys: Mutex<Option<Arc<KeySet>>>,
    asked: Mutex<Vec<String>>,
    document: Option<KeySet>,
}

impl Vault {
    fn with(document: Option<KeySet>) -> Self {
        Self { keys: Mutex::default(), asked: Mutex::default(), document }
    }
}

impl KeySource for Vault {
    fn cached(&self) -> Option<Arc<KeySet>> {
        self.keys.lock().unwrap().clone()
    }

    fn get_for_unknown_kid<'a>(&'a self, kid: &'a str) -> KeyFuture<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.asked.lock().unwrap().push(kid.to_owned());
            let document = self.document.clone();
            let keys = document.ok_or(KeySetError::Jwks { reason: "the vault is sealed".into() })?;
            Ok(Arc::clone(self.keys.lock().unwrap().insert(Arc::new(keys))))
        })
    }
}

#[tokio::test]
async fn a_server_accepts_a_source_of_ones_own() {
    let provider = Provider::silent().await;
    let vault = Arc::new(Vault::with(Some(saved(&provider))));
    let server = ResourceServer::with_keys(provider.validator(), Arc::clone(&vault)).unwrap().clock(|| at(0));
    for _ in 0..3 {
        server.validate(&provider.world.token().sign()).await.unwrap();
    }
    assert_eq!(*vault.asked.lock().unwrap(), [provider.world.kid()]);
    let sealed = ResourceServer::with_keys(provider.validator(), Vault::with(None)).unwrap().clock(|| at(0));
    let error = sealed.validate(&provider.world.token().sign()).await.unwrap_err();
    assert_eq!((error.status(), error.to_string().contains("sealed")), (503, true));
}

#[tokio::test]
async fn keys_of_another_authority_are_refused_when_the_server_is_made() {
    let authority = |tenant: &str| Authority::tenant(tenant).unwrap();
    let a = authority("aaaaaaaa-0000-4000-8000-000000000001");
    let b = authority("bbbbbbbb-0000-4000-8000-000000000002");
    let named_by_url = Authority::from_discovery_url(a.discovery_url()).unwrap();
    for (ours, theirs) in [(&a, &b), (&a, &named_by_url), (&named_by_url, &a)] {
        let keys = RemoteKeySet::new(theirs.clone());
        let error = ResourceServer::with_keys(Validator::new(ours.clone(), "api"), keys.clone()).unwrap_err();
        assert!(error.to_string().contains(theirs.discovery_url()), "{error}");
        let shared: Arc<dyn KeySource> = Arc::new(keys);
        assert!(ResourceServer::with_keys(Validator::new(ours.clone(), "api"), shared).is_err());
    }
    assert!(ResourceServer::with_keys(Validator::new(a.clone(), "api"), RemoteKeySet::new(a)).is_ok());
}

#[tokio::test]
async fn servers_of_different_tenants_may_share_the_keys_of_their_cloud() {
    let cloud = entra_validator::Cloud::Public;
    let keys = RemoteKeySet::new(cloud.any_organization());
    let tenants = cloud.tenants(["aaaaaaaa-0000-4000-8000-000000000001"]).unwrap();
    assert!(ResourceServer::with_keys(Validator::new(tenants, "api"), keys).is_ok());
}

#[tokio::test]
async fn discover_fails_at_the_start_rather_than_at_the_first_request() {
    let provider = Provider::silent().await;
    provider.serve_discovery(ResponseTemplate::new(503)).await;
    assert_eq!(ResourceServer::discover(provider.validator()).await.unwrap_err().code(), "auth_oidc_error");
    provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
    ResourceServer::discover(provider.validator()).await.unwrap();
    assert_eq!(provider.asked().await, (1, 1));
}
