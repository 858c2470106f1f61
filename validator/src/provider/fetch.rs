//! Fetches the discovery document and the key set, with every limit that an untrusted response needs.

use std::{
    error::Error,
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use reqwest::{Client, ClientBuilder, Response, StatusCode, header::RETRY_AFTER, redirect::Policy};

use crate::{Authority, KeySet, KeySetError, authority::Origin, jose::MAX_KEY_SET_BYTES};

use super::metadata::{MAX_METADATA_BYTES, ProviderMetadata};

pub(super) type Customize = Box<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

pub(super) struct Fetcher {
    authority: Authority,
    timeout: Duration,
    customize: Customize,
    client: OnceLock<Client>,
}

/// A fetch that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: KeySetError,
    /// The pause that the identity provider asks for.
    pub(super) retry_after: Option<Duration>,
}

impl From<KeySetError> for Failure {
    fn from(error: KeySetError) -> Self {
        Self { error, retry_after: None }
    }
}

impl Fetcher {
    pub(super) fn new(authority: Authority, timeout: Duration, customize: Customize) -> Self {
        let fetcher = Self { authority, timeout, customize, client: OnceLock::new() };
        // Reading the machine's trust store takes longer than anything else here: better now than in a request. If it
        // fails, the fetch tries again and reports why.
        _ = fetcher.client();
        fetcher
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The discovery document, if it is this authority's, and after the first time names the same issuer as then.
    pub(super) async fn metadata(&self, known_issuer: Option<&str>) -> Result<ProviderMetadata, Failure> {
        let url = self.authority.discovery_url();
        let document = self.get(url, MAX_METADATA_BYTES, |reason| KeySetError::Discovery { reason }).await?;
        let metadata = ProviderMetadata::parse(&document, &self.authority)?;
        if let Some(known) = known_issuer {
            metadata.check_issuer_is_still(known, &self.authority)?;
        }
        Ok(metadata)
    }

    /// The key set, if a token can be verified with any of its keys.
    pub(super) async fn keys(&self, metadata: &ProviderMetadata) -> Result<KeySet, Failure> {
        let url = metadata.jwks_uri();
        let document = self.get(url, MAX_KEY_SET_BYTES, |reason| KeySetError::Jwks { reason }).await?;
        let keys = KeySet::from_jwks(&document)?;
        if !keys.has_suitable_key() {
            let reason = format!("{url}: none of its keys can verify a token");
            return Err(KeySetError::Jwks { reason }.into());
        }
        Ok(keys.with_metadata(metadata))
    }

    /// Kept once it could be built: what is missing, the machine's certificates for example, may be there the next time.
    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.builder().build()?;
        Ok(self.client.get_or_init(|| client))
    }

    fn builder(&self) -> ClientBuilder {
        let origin = Origin::of(self.authority.discovery_url());
        let mut builder =
            Client::builder().user_agent(concat!("entra-validator/", env!("CARGO_PKG_VERSION")));
        // Plain HTTP to a mock on loopback has no use for the machine's trust store.
        if origin.as_ref().is_some_and(|origin| !origin.is_tls()) {
            builder = builder.tls_certs_only([]);
        }
        let mut builder = (self.customize)(builder)
            .redirect(Policy::none())
            // A connection belongs to the runtime that opened it, which need not be the next one's.
            .pool_max_idle_per_host(0)
            .resolve_to_addrs(
                "localhost",
                &[(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()],
            );
        // Plain HTTP is trusted because it does not leave this machine.
        if origin.is_some_and(|origin| origin.is_loopback()) {
            builder = builder.no_proxy();
        }
        builder
    }

    async fn get(
        &self,
        url: &str,
        limit: usize,
        error: fn(String) -> KeySetError,
    ) -> Result<Vec<u8>, Failure> {
        let failed = |reason: String| Failure::from(error(format!("{url}: {reason}")));
        let broken = |error: reqwest::Error| failed(describe(error));
        let client = self.client().map_err(broken)?;
        let mut response = client.get(url).timeout(self.timeout).send().await.map_err(broken)?;
        if response.status() != StatusCode::OK {
            let retry_after = retry_after(&response);
            return Err(Failure { retry_after, ..failed(format!("the status is {}", response.status())) });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > limit {
                return Err(failed(format!("the response is longer than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Seconds or a date ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::now()).ok()
}

/// The whole chain: reqwest's own text names the outermost layer only, and the cause is what helps.
fn describe(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no response in time".to_owned();
    }
    let error = error.without_url();
    let chain = std::iter::successors(Some::<&dyn Error>(&error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Fetcher").field("authority", &self.authority).finish_non_exhaustive()
    }
}
