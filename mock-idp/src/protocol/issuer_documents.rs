//! The documents of another issuer, within limits.

use std::{net::IpAddr, time::Duration};

use axum::http::StatusCode;
use reqwest::{Client, redirect::Policy};
use serde::Deserialize;
use url::Url;

use crate::token::JwkSet;

/// How long another issuer may take for a document.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a document may be. Key sets have some thousand bytes.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// The keys that the issuer's metadata leads to.
pub(super) async fn read_keys(issuer: &str) -> Result<JwkSet, String> {
    let metadata_url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let metadata: Metadata = fetch(&metadata_url).await?;
    if metadata.issuer != issuer {
        return Err(format!("the document at {metadata_url} is of the issuer {:?}", metadata.issuer));
    }
    fetch(&metadata.jwks_uri).await
}

async fn fetch<T: serde::de::DeserializeOwned>(url: &str) -> Result<T, String> {
    let unreadable = |error: reqwest::Error| format!("{url} cannot be read: {error}");
    let mut response = client(url).map_err(unreadable)?.get(url).send().await.map_err(unreadable)?;
    // A redirect is an error, too: it may lead anywhere.
    if response.status() != StatusCode::OK {
        return Err(format!("{url} cannot be read: it responds {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreadable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            return Err(format!("{url} cannot be read: it is longer than {MOST_BYTES} bytes"));
        }
    }
    serde_json::from_slice(&body).map_err(|error| format!("{url} is not the expected document: {error}"))
}

/// Follows no redirects, and asks this machine without a proxy, whatever the environment names.
fn client(url: &str) -> reqwest::Result<Client> {
    let builder = Client::builder().timeout(PATIENCE).redirect(Policy::none());
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_local = host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback());
    if is_local { builder.no_proxy().build() } else { builder.build() }
}
