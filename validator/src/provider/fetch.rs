//! Fetches the discovery document and the key set, with every limit that an untrusted response needs.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};

use crate::{Authority, KeySet, KeySetError, jose::MAX_KEY_SET_BYTES};

use super::metadata::{MAX_METADATA_BYTES, ProviderMetadata};

#[derive(Debug)]
pub(crate) struct Fetcher {
    authority: Authority,
    client: Result<Client, String>,
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

    /// The discovery document, if it is this authority's, and after the first time names the same issuer as then.
    pub(crate) async fn metadata(&self, known_issuer: Option<&str>) -> Result<ProviderMetadata, KeySetError> {
        let url = self.authority.discovery_url();
        let document = self
            .get(url, MAX_METADATA_BYTES)
            .await
            .map_err(|reason| KeySetError::Discovery { reason: format!("{url}: {reason}") })?;
        let metadata = ProviderMetadata::parse(&document, &self.authority)?;
        if let Some(known) = known_issuer {
            metadata.check_issuer_is_still(known, &self.authority)?;
        }
        Ok(metadata)
    }

    pub(crate) async fn keys(&self, jwks_uri: &str) -> Result<KeySet, KeySetError> {
        let document = self
            .get(jwks_uri, MAX_KEY_SET_BYTES)
            .await
            .map_err(|reason| KeySetError::Jwks { reason: format!("{jwks_uri}: {reason}") })?;
        KeySet::from_jwks(&document)
    }

    async fn get(&self, url: &str, limit: usize) -> Result<Vec<u8>, String> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let mut response = client.get(url).send().await.map_err(|error| describe(&error))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("the status is {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| describe(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(format!("the response is longer than {limit} bytes"));
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
    if error.is_timeout() { "no response in time".to_owned() } else { cause.to_string() }
}
