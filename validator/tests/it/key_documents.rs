//! What an identity provider may serve, and where: anything else does not replace the keys that are cached.

use std::{process::Command, sync::Arc};

use crate::support::{Provider, json_answer};
use entra_mock_idp::{MockIdp, Tls};
use entra_validator::{Authority, KeySet, KeySetError, RemoteKeySet};
use serde_json::json;
use wiremock::ResponseTemplate;

fn failing() -> ResponseTemplate {
    ResponseTemplate::new(503)
}

fn reason(result: Result<Arc<KeySet>, KeySetError>) -> String {
    result.expect_err("the keys are refused").to_string()
}

/// Why a cache without keys cannot fetch any.
async fn reason_of(provider: &Provider) -> String {
    reason(provider.keys().0.get().await)
}

#[tokio::test]
async fn a_key_set_that_fails_is_told_apart_from_a_discovery_that_fails() {
    let provider = Provider::silent().await;
    provider.serve_discovery(json_answer(&provider.discovery())).await;
    provider.serve_keys(failing()).await;
    let error = provider.keys().0.get().await.unwrap_err();
    assert_eq!(error.code(), "auth_jwks_error");
}

#[tokio::test]
async fn documents_that_are_too_large_are_not_read() {
    let provider = Provider::silent().await;
    let mut discovery = provider.discovery();
    discovery["padding"] = "x".repeat(64 * 1024).into();
    provider.serve_discovery(json_answer(&discovery)).await;
    let error = reason_of(&provider).await;
    assert!(error.contains("longer than 65536 bytes"), "{error}");

    let mut keys = provider.world.key_set();
    keys["padding"] = "x".repeat(256 * 1024).into();
    provider.change(json_answer(&provider.discovery()), json_answer(&keys)).await;
    let error = reason_of(&provider).await;
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
    assert_eq!(provider.keys().0.get().await.unwrap().len(), 2);
    provider.change(padded(discovery, 64 * 1024 + 1), padded(keys, 256 * 1024)).await;
    assert!(reason_of(&provider).await.contains("longer than 65536 bytes"));
}

#[tokio::test]
async fn redirects_are_not_followed_whatever_the_client_is_set_to() {
    let provider = Provider::honest().await;
    let elsewhere = Provider::honest().await;
    let target = format!("{}{}", elsewhere.server.uri(), elsewhere.discovery_path());
    provider.change(ResponseTemplate::new(302).insert_header("location", target.as_str()), failing()).await;
    let keys = RemoteKeySet::builder(provider.authority())
        .client(|client| client.redirect(reqwest::redirect::Policy::limited(10)))
        .build();
    let error = reason(keys.get().await);
    assert!(error.contains("302"), "{error}");
    assert_eq!(elsewhere.asked().await, (0, 0));
}

#[tokio::test]
async fn keys_of_another_origin_are_not_fetched() {
    let provider = Provider::silent().await;
    let elsewhere = Provider::honest().await;
    for url in [
        format!("{}/keys", elsewhere.server.uri()),
        "file:///etc/passwd".into(),
        "data:,x".into(),
        "keys".into(),
    ] {
        let mut discovery = provider.discovery();
        discovery["jwks_uri"] = url.clone().into();
        provider.change(json_answer(&discovery), failing()).await;
        let error = reason_of(&provider).await;
        assert!(
            error.contains("keys are not fetched") || error.contains("not an http or https URL"),
            "{url}: {error}"
        );
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
        let error = reason_of(&provider).await;
        let expected = format!("its issuer is {}, not {:?}", discovery["issuer"], provider.world.issuer());
        assert!(error.contains(&expected) && !error.contains("use Authority::"), "{error}");
    }
}

#[tokio::test]
async fn an_authority_from_a_discovery_url_keeps_the_first_issuer_and_takes_no_template() {
    let provider = Provider::honest().await;
    let url = format!("{}{}", provider.server.uri(), provider.discovery_path());
    let authority = Authority::from_discovery_url(&url).unwrap();
    let keys = RemoteKeySet::new(authority.clone());
    assert_eq!(keys.get().await.unwrap().issuer(), Some(provider.world.issuer().as_str()));

    let mut discovery = provider.discovery();
    discovery["issuer"] = "https://another.example".into();
    provider.change(json_answer(&discovery), json_answer(&provider.world.key_set())).await;
    let error = reason(keys.refresh().await);
    assert!(error.contains("its issuer has changed"), "{error}");
    assert_eq!(keys.cached().unwrap().issuer(), Some(provider.world.issuer().as_str()));

    discovery["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0".into();
    provider.change(json_answer(&discovery), json_answer(&provider.world.key_set())).await;
    let error = reason(RemoteKeySet::new(authority).get().await);
    assert!(error.contains("is a template for many tenants"), "{error}");
}

#[tokio::test]
async fn a_key_set_with_which_no_token_can_be_verified_is_an_error_and_does_not_replace_a_good_one() {
    let provider = Provider::honest().await;
    let small = provider.world.other_jwk(json!({"n": "AQAB"}));
    for unusable in [
        json!([]),
        json!([{"kid": "x", "kty": "EC", "crv": "P-256"}]),
        json!([small]),
        json!([{"kid": "x", "kty": "RSA", "use": "enc"}, {"kty": "RSA"}]),
    ] {
        let unusable = json!({ "keys": unusable });
        provider.change(json_answer(&provider.discovery()), json_answer(&provider.world.key_set())).await;
        let (keys, _) = provider.keys();
        let good = keys.get().await.unwrap();
        provider.change(json_answer(&provider.discovery()), json_answer(&unusable)).await;
        let error = keys.get_for_unknown_kid("x").await.unwrap_err();
        assert_eq!(error.code(), "auth_jwks_error", "{unusable}");
        assert_eq!(keys.refresh().await.unwrap_err().code(), "auth_jwks_error", "{unusable}");
        assert!(Arc::ptr_eq(&keys.get().await.unwrap(), &good), "{unusable}");
        let keyless = provider.keys().0.get().await.unwrap_err();
        assert_eq!(keyless.code(), "auth_jwks_error", "{unusable}");
    }
}

#[tokio::test]
async fn one_unusable_key_beside_a_good_one_is_no_error() {
    let provider = Provider::honest().await;
    let keys = provider.world.key_set_with(json!({"kid": "x", "kty": "EC"}));
    provider.change(json_answer(&provider.discovery()), json_answer(&keys)).await;
    assert_eq!(provider.keys().0.get().await.unwrap().len(), 3);
}

/// Runs this test again in a process of its own, with a variable that no other test may see; `true` in that process.
fn in_own_process(test: &str, variable: &str, value: &str) -> bool {
    const MARK: &str = "ENTRA_VALIDATOR_TEST_OWN_PROCESS";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let name = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name.as_str(), "--exact"])
        .env(variable, value)
        .env(MARK, "1")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    false
}

/// An identity provider that everyone reaches as `localhost`.
async fn local() -> (Provider, Authority) {
    let provider = Provider::silent().await;
    let url = provider.server.uri().replace("127.0.0.1", "localhost");
    let world = entra_test_harness::World::fixed(crate::support::NOW, &url);
    let mut discovery = provider.discovery().to_string();
    discovery = discovery.replace(&provider.server.uri(), &url);
    let answer = json_answer(&serde_json::from_str(&discovery).unwrap());
    provider.change(answer, json_answer(&provider.world.key_set())).await;
    (provider, Authority::from_url(&world.authority()).unwrap())
}

#[test]
fn keys_on_loopback_are_fetched_without_a_proxy() {
    // Nobody listens on port 9: a request through it fails.
    if !in_own_process("keys_on_loopback_are_fetched_without_a_proxy", "HTTP_PROXY", "http://127.0.0.1:9") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let proxy = reqwest::Proxy::all("http://127.0.0.1:9").unwrap();
        let by_address = Provider::honest().await;
        let (_by_name, localhost) = local().await;
        for authority in [by_address.authority(), localhost] {
            let from_the_environment = RemoteKeySet::new(authority.clone());
            assert_eq!(from_the_environment.get().await.map(|keys| keys.len()), Ok(2));
            let proxy = proxy.clone();
            let set =
                RemoteKeySet::builder(authority).client(move |client| client.proxy(proxy.clone())).build();
            assert_eq!(set.get().await.map(|keys| keys.len()), Ok(2));
        }
    });
}

#[tokio::test]
async fn localhost_is_this_machine_whatever_a_name_server_says() {
    let (_provider, authority) = local().await;
    let elsewhere = "192.0.2.1:0".parse().unwrap();
    let keys =
        RemoteKeySet::builder(authority).client(move |client| client.resolve("localhost", elsewhere)).build();
    assert_eq!(keys.get().await.map(|keys| keys.len()), Ok(2));
}

#[tokio::test]
async fn an_authority_elsewhere_is_asked_through_the_proxy_that_is_set() {
    let proxy = Provider::silent().await;
    let url = reqwest::Proxy::all(proxy.server.uri()).unwrap();
    let authority = Authority::tenant(proxy.world.tenant_id()).unwrap();
    let keys = RemoteKeySet::builder(authority).client(move |client| client.proxy(url.clone())).build();
    let error = reason(keys.get().await);
    assert!(error.contains("unsuccessful"), "the proxy refuses to connect: {error}");
}

#[tokio::test]
async fn a_ca_of_ones_own_is_trusted_once_the_client_has_it() {
    let state = tempfile::tempdir().unwrap();
    let idp = MockIdp::builder().tls(Tls::LocalCa(state.path().to_owned())).start().unwrap();
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let ca = reqwest::Certificate::from_pem(&std::fs::read(state.path().join("ca.pem")).unwrap()).unwrap();
    let stranger =
        RemoteKeySet::builder(authority.clone()).client(|client| client.tls_certs_only([])).build();
    let error = reason(stranger.get().await);
    assert!(error.contains("certificate"), "{error}");
    let keys =
        RemoteKeySet::builder(authority).client(move |client| client.tls_certs_only([ca.clone()])).build();
    assert!(keys.get().await.is_ok());
}

#[tokio::test]
async fn a_client_that_cannot_be_built_says_why_and_is_built_again() {
    let provider = Provider::honest().await;
    let clock = crate::support::Clock::new();
    let broken = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let breaks = Arc::clone(&broken);
    let keys = crate::support::remote_keys(provider.authority(), &clock)
        .client(move |client| {
            let breaks = breaks.load(std::sync::atomic::Ordering::Relaxed);
            if breaks { client.user_agent("\n") } else { client }
        })
        .build();
    let error = reason(keys.get().await);
    assert!(error.contains("builder error: failed to parse header value"), "{error}");
    broken.store(false, std::sync::atomic::Ordering::Relaxed);
    clock.set(5);
    keys.get().await.unwrap();
}

#[tokio::test]
async fn an_error_names_its_causes() {
    let authority = Authority::from_url("http://127.0.0.1:9/aaaaaaaa-0000-4000-8000-000000000001").unwrap();
    let error = reason(RemoteKeySet::new(authority).get().await);
    assert!(error.contains("error sending request"), "{error}");
    assert!(error.contains("refused"), "{error}");
}
