//! Federated credentials: a token of another issuer, held against that issuer's keys.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    grant::{Parameters, federated_credential},
    idp::Idp,
    token::Jws,
};

/// How long another issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a key of its issuer signed the request's assertion; `None` if it carries none that an app trusts another
/// issuer for. Nothing is fetched from an issuer that no app trusts.
pub(super) async fn verify(idp: &Idp, parameters: &Parameters) -> Option<Result<(), String>> {
    let assertion = parameters.get("client_assertion")?;
    let jws = Jws::parse(assertion)?;
    let directory = idp.directory();
    let client = parameters.get("client_id").and_then(|id| directory.app(id))?;
    let issuer = &federated_credential(client, &jws)?.issuer;
    if issuer.strip_prefix(&idp.base_url).is_some_and(|rest| rest.starts_with('/')) {
        // The mock's own token: it need not ask itself.
        let ours = jws.is_ours(&idp.keys());
        return Some(if ours { Ok(()) } else { Err("no key of this mock signed it".to_owned()) });
    }
    Some(verify_by_keys_of(issuer, assertion).await)
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

async fn verify_by_keys_of(issuer: &str, assertion: &str) -> Result<(), String> {
    let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|error| error.to_string())?;
    let metadata_url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let metadata: Metadata = fetch(&client, &metadata_url).await?;
    if metadata.issuer != issuer {
        return Err(format!("the document at {metadata_url} is of the issuer {:?}", metadata.issuer));
    }
    let keys: JwkSet = fetch(&client, &metadata.jwks_uri).await?;
    let header = jsonwebtoken::decode_header(assertion).map_err(|error| error.to_string())?;
    let kid = header.kid.ok_or("its header names no key")?;
    let jwk = keys.find(&kid).ok_or_else(|| format!("the issuer publishes no key {kid:?}"))?;
    let key = DecodingKey::from_jwk(jwk).map_err(|error| error.to_string())?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(format!("it is signed with {:?}, not with RS256 or ES256", header.alg));
    }
    let mut validation = Validation::new(header.alg);
    // Issuer, subject, audience and time are the grant's to judge, by the mock's clock.
    validation.validate_aud = false;
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(assertion, &key, &validation).map_err(|error| error.to_string())?;
    Ok(())
}

async fn fetch<T: serde::de::DeserializeOwned>(client: &reqwest::Client, url: &str) -> Result<T, String> {
    let answer = client.get(url).send().await.and_then(reqwest::Response::error_for_status);
    let answer = answer.map_err(|error| format!("{url} cannot be read: {error}"))?;
    answer.json().await.map_err(|error| format!("{url} is not what is expected: {error}"))
}
