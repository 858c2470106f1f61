//! Federated credentials: a token of another issuer, verified with that issuer's keys.

use std::{net::IpAddr, time::Duration};

use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use reqwest::{Client, redirect::Policy};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{
    grant::{ClientAssertion, ForeignSignature, Parameters, federated_credential},
    idp::Idp,
    token::Jws,
};

/// How long another issuer may take for a document.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a document may be. Key sets have some thousand bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The request's client assertion, with the verdict on its signature if an app trusts another issuer for it. Nothing is
/// fetched from an issuer that no app trusts.
pub(super) async fn client_assertion<'a>(
    idp: &Idp,
    parameters: &'a Parameters,
) -> Option<ClientAssertion<'a>> {
    let text = parameters.get("client_assertion")?;
    let jws = Jws::parse(text);
    let foreign = match jws.as_ref().and_then(|jws| trusted_issuer(idp, parameters, jws)) {
        None => ForeignSignature::Absent,
        Some(issuer) => match verify(idp, &issuer, text, jws.as_ref()).await {
            Ok(()) => ForeignSignature::Good,
            Err(why) => ForeignSignature::Unverified(why),
        },
    };
    Some(ClientAssertion { jws, foreign })
}

fn trusted_issuer(idp: &Idp, parameters: &Parameters, jws: &Jws<'_>) -> Option<String> {
    let directory = idp.directory();
    let client = directory.app(parameters.get("client_id")?)?;
    Some(federated_credential(client, jws)?.issuer.clone())
}

async fn verify(idp: &Idp, issuer: &str, text: &str, jws: Option<&Jws<'_>>) -> Result<(), String> {
    if issuer.strip_prefix(&idp.base_url).is_some_and(|rest| rest.starts_with('/')) {
        // The mock's own token: it need not ask itself.
        let ours = jws.is_some_and(|jws| jws.is_ours(&idp.keys()));
        return if ours { Ok(()) } else { Err("no key of this mock signed it".to_owned()) };
    }
    verify_by_keys_of(idp, issuer, text).await
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

async fn verify_by_keys_of(idp: &Idp, issuer: &str, assertion: &str) -> Result<(), String> {
    let header = jsonwebtoken::decode_header(assertion).map_err(|error| error.to_string())?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(format!("it is signed with {:?}, not with RS256 or ES256", header.alg));
    }
    let kid = header.kid.ok_or("its header names no key")?;
    let key = key(idp, issuer, &kid).await?;
    let mut validation = Validation::new(header.alg);
    // Issuer, subject, audience and time are the grant's to judge, by the mock's clock.
    validation.validate_aud = false;
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(assertion, &key, &validation).map_err(|error| error.to_string())?;
    Ok(())
}

/// The key of that name. Keys that were read before are read again if it is not among them.
async fn key(idp: &Idp, issuer: &str, kid: &str) -> Result<DecodingKey, String> {
    let mut reading = idp.issuer_keys.of(issuer, idp.clock.now());
    let read_before = reading.initialized();
    let found = find(reading.get_or_init(|| read_keys(issuer)).await, kid);
    match found {
        Err(_) if read_before => {
            reading = idp.issuer_keys.again(issuer, &reading).ok_or_else(|| {
                format!("the issuer was asked often enough in this minute and publishes no key {kid:?}")
            })?;
            find(reading.get_or_init(|| read_keys(issuer)).await, kid)
        }
        found => found,
    }
}

fn find(keys: &Result<JwkSet, String>, kid: &str) -> Result<DecodingKey, String> {
    let keys = keys.as_ref().map_err(String::clone)?;
    let jwk = keys.find(kid).ok_or_else(|| format!("the issuer publishes no key {kid:?}"))?;
    DecodingKey::from_jwk(jwk).map_err(|error| error.to_string())
}

async fn read_keys(issuer: &str) -> Result<JwkSet, String> {
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
