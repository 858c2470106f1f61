//! Any bytes as a discovery document.

use std::sync::LazyLock;

use entra_validator::{Authority, KeySet, ProviderMetadata};
use url::{Host, Url};

use crate::fixture::{BASE_URL, FIXTURE, authority};

/// Authorities of every kind, each with the only issuer that its document may name, or `None` if the document decides.
static AUTHORITIES: LazyLock<Vec<(Authority, Option<String>)>> = LazyLock::new(|| {
    let world = &FIXTURE.world;
    let of_url = |url: String| Authority::from_url(&url).expect("an authority of the usual form");
    let of_document = |url: &str| Authority::from_discovery_url(url).expect("an address of the usual form");
    vec![
        (authority(world), Some(world.issuer())),
        (of_url(format!("{BASE_URL}/organizations")), Some(format!("{BASE_URL}/{{tenantid}}/v2.0"))),
        (of_document("https://mock-idp.example/.well-known/openid-configuration"), None),
        (of_document("http://127.0.0.1:8400/.well-known/openid-configuration"), None),
    ]
});

/// Any bytes as a discovery document, for authorities of every kind.
///
/// # Panics
///
/// If a document is accepted that names another issuer, or a template where one issuer is expected, or a `jwks_uri` that keys
/// must not come from; or if the error is not the one for discovery documents.
pub fn discovery(input: &[u8]) {
    for (authority, issuer) in AUTHORITIES.iter() {
        match ProviderMetadata::parse(input, authority) {
            Ok(metadata) => check(&metadata, authority, issuer.as_deref()),
            Err(error) => assert_eq!(error.code(), "auth_oidc_error"),
        }
    }
}

fn check(metadata: &ProviderMetadata, authority: &Authority, issuer: Option<&str>) {
    let of = authority.discovery_url();
    let address = |text: &str| Url::parse(text).expect("an address that is taken is one");
    let (discovery, keys) = (address(of), address(metadata.jwks_uri()));
    if let Some(issuer) = issuer {
        assert_eq!(metadata.issuer(), issuer);
        assert_eq!(keys.origin(), discovery.origin(), "{of}: {keys}");
    } else {
        assert!(!metadata.issuer().contains(['{', '}']), "{}", metadata.issuer());
        let plain = keys.scheme() == "http" && is_loopback(&keys) && discovery.scheme() == "http";
        assert!(keys.scheme() == "https" || plain, "{of}: {keys}");
    }
    assert_eq!(KeySet::empty().with_metadata(metadata).issuer(), Some(metadata.issuer()));
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
