//! Federated credentials: a token of another issuer, verified with that issuer's keys.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    grant::{ClientAssertion, ForeignSignature, Parameters, federated_credential},
    idp::Idp,
    token::Jws,
};

/// How long another issuer may take to respond.
const PATIENCE: Duration = Duration::from_secs(10);

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
    verify_by_keys_of(issuer, text).await
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
    let response = client.get(url).send().await.and_then(reqwest::Response::error_for_status);
    let response = response.map_err(|error| format!("{url} cannot be read: {error}"))?;
    response.json().await.map_err(|error| format!("{url} is not the expected document: {error}"))
}
