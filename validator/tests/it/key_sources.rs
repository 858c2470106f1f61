//! Sources of keys that go wrong: whatever they do, no token is accepted, none is called bad, and the response comes in time.

use std::time::Duration;

use crate::support::{Clock, remote_keys};
use entra_mock_idp::MockIdp;
use entra_test_harness::{KeySourceFault, World};
use entra_validator::{Authority, CachePolicy, RemoteKeySet, ResourceServer, Validator};

fn api(idp: &MockIdp, policy: CachePolicy) -> ResourceServer {
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let keys = RemoteKeySet::builder(authority.clone()).policy(policy).build();
    ResourceServer::with_keys(Validator::new(authority, World::of(idp).audience()), keys).unwrap()
}

/// Only a slow source is worth less patience than usual: all others are given up at once.
fn patience_for(fault: KeySourceFault) -> CachePolicy {
    match fault {
        KeySourceFault::Slow => CachePolicy::default().timeout(Duration::from_secs(1)),
        _ => CachePolicy::default(),
    }
}

async fn refusal(idp: &MockIdp, fault: KeySourceFault) -> (&'static str, u16) {
    let refusal =
        api(idp, patience_for(fault)).validate(&idp.token().user("alice").sign()).await.unwrap_err();
    (refusal.code().as_str(), refusal.status())
}

#[tokio::test]
async fn metadata_that_goes_wrong_judges_no_token() {
    for fault in KeySourceFault::ALL {
        assert_eq!(refusal(&fault.in_metadata().await, fault).await, ("auth_oidc_error", 503), "{fault:?}");
    }
}

#[tokio::test]
async fn keys_that_go_wrong_judge_no_token() {
    for fault in KeySourceFault::ALL {
        let expected = match fault {
            // Well-formed keys that may not sign for this issuer: that is known of the token.
            KeySourceFault::OtherIssuer => ("auth_token_issuer_untrusted", 401),
            _ => ("auth_jwks_error", 503),
        };
        assert_eq!(refusal(&fault.in_keys().await, fault).await, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_source_that_flaps_is_asked_again_after_a_pause() {
    let idp = KeySourceFault::Flapping.in_keys().await;
    let authority = Authority::from_url(&idp.authority()).unwrap();
    let clock = Clock::new();
    let keys = remote_keys(authority, &clock).build();
    assert!(keys.get().await.is_err());
    clock.set(1);
    assert!(keys.get().await.is_err(), "not asked again so soon");
    clock.set(5);
    assert!(keys.get().await.is_ok());
}
