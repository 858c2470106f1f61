//! The two documents that tell the keys, fetched with every limit that a stranger's answer needs.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use url::Url;

use crate::{
    Authority, KeySet, KeySetError,
    address::is_loopback,
    json::{Object, Value},
    keys::MAX_KEY_SET_BYTES,
};

/// The largest discovery document that is read, in bytes. Entra's own have about 2 KiB.
const MAX_METADATA_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Fetcher {
    authority: Authority,
    client: Result<Client, String>,
}

/// What is used of a discovery document.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) jwks_uri: String,
    pub(crate) cloud_instance_name: Option<String>,
}

impl Fetcher {
    pub(crate) fn new(authority: Authority, timeout: Duration) -> Self {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .timeout(timeout)
            .user_agent(concat!("entra-validator/", env!("CARGO_PKG_VERSION")));
        // Reading the machine's trust store takes longer than anything else here, and plain HTTP to a mock on loopback
        // has no use for it.
        if authority.discovery_url().starts_with("http://") {
            builder = builder.tls_certs_only([]);
        }
        Self { authority, client: builder.build().map_err(|error| error.to_string()) }
    }

    /// The discovery document, if it names the issuer that is expected, and after the first time the same as then.
    pub(crate) async fn metadata(&self, known_issuer: Option<&str>) -> Result<Metadata, KeySetError> {
        let url = self.authority.discovery_url();
        let invalid = |reason: String| KeySetError::Discovery { reason: format!("{url}: {reason}") };
        let document = self.get(url, MAX_METADATA_BYTES).await.map_err(invalid)?;
        let members =
            Object::parse(&document).map_err(|reason| invalid(format!("the document is {reason}")))?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let required =
            |name: &str| text(name).ok_or_else(|| invalid(format!("the document has no string `{name}`")));
        let metadata = Metadata {
            issuer: required("issuer")?,
            jwks_uri: required("jwks_uri")?,
            cloud_instance_name: text("cloud_instance_name"),
        };
        self.authority.check_metadata_issuer(&metadata.issuer).map_err(invalid)?;
        if known_issuer.is_some_and(|known| known != metadata.issuer) {
            return Err(invalid(format!("its issuer has changed to {:?}", metadata.issuer)));
        }
        self.check_jwks_uri(url, &metadata.jwks_uri).map_err(invalid)?;
        Ok(metadata)
    }

    pub(crate) async fn keys(&self, jwks_uri: &str) -> Result<KeySet, KeySetError> {
        let document = self
            .get(jwks_uri, MAX_KEY_SET_BYTES)
            .await
            .map_err(|reason| KeySetError::Jwks { reason: format!("{jwks_uri}: {reason}") })?;
        KeySet::from_jwks(&document)
    }

    /// Keys come from where the metadata came from; only where nothing is known of the provider ahead may they come from
    /// another host, and then over TLS.
    fn check_jwks_uri(&self, discovery_url: &str, jwks_uri: &str) -> Result<(), String> {
        let parse = |text: &str| Url::parse(text).map_err(|error| format!("{text:?} is no address: {error}"));
        let (discovery, keys) = (parse(discovery_url)?, parse(jwks_uri)?);
        let loopback = keys.host_str().is_some_and(is_loopback);
        let allowed = if self.authority.requires_tid() {
            keys.origin() == discovery.origin()
        } else {
            keys.scheme() == "https" || (keys.scheme() == "http" && discovery.scheme() == "http" && loopback)
        };
        if allowed { Ok(()) } else { Err(format!("keys are not fetched from {jwks_uri:?}")) }
    }

    async fn get(&self, url: &str, limit: usize) -> Result<Vec<u8>, String> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let mut response = client.get(url).send().await.map_err(|error| describe(&error))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("the answer is {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| describe(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(format!("the answer is longer than {limit} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// reqwest's own text names the outermost layer only; the cause is what helps.
fn describe(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if error.is_timeout() { "no answer in time".to_owned() } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    fn allowed(authority: Authority, jwks_uri: &str) -> bool {
        let url = authority.discovery_url().to_owned();
        Fetcher::new(authority, Duration::from_secs(1)).check_jwks_uri(&url, jwks_uri).is_ok()
    }

    #[test]
    fn an_entra_authoritys_keys_come_from_its_own_origin() {
        let entra = || Authority::tenant(GUID).unwrap();
        assert!(allowed(entra(), "https://login.microsoftonline.com/x/keys"));
        for other in [
            "https://evil.example/keys",
            "http://login.microsoftonline.com/keys",
            "https://login.microsoftonline.com:444/keys",
            "keys",
        ] {
            assert!(!allowed(entra(), other), "{other}");
        }
    }

    #[test]
    fn another_providers_keys_come_over_tls_or_from_loopback_to_loopback() {
        let secure = || Authority::from_discovery_url("https://issuer.example/x").unwrap();
        let local = || Authority::from_discovery_url("http://127.0.0.1:8400/x").unwrap();
        assert!(allowed(secure(), "https://keys.example/jwks"));
        assert!(!allowed(secure(), "http://127.0.0.1:8400/jwks"));
        assert!(!allowed(secure(), "http://keys.example/jwks"));
        assert!(!allowed(secure(), "file:///etc/passwd"));
        assert!(allowed(local(), "http://127.0.0.1:8400/jwks"));
        assert!(allowed(local(), "http://localhost:1/jwks"));
        assert!(allowed(local(), "https://keys.example/jwks"));
        assert!(!allowed(local(), "http://keys.example/jwks"));
        assert!(!allowed(local(), "ftp://127.0.0.1/jwks"));
    }
}
