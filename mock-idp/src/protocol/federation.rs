//! Federated credentials: a token of another issuer, verified with that issuer's keys.

use crate::{
    grant::{ClientAssertion, ForeignSignature, Parameters, federated_credential},
    idp::Idp,
    token::{Jwk, JwkSet, Jws},
};

#[cfg(feature = "federation")]
use super::issuer_documents::read_keys;
#[cfg(not(feature = "federation"))]
use super::no_federation::read_keys;

/// The request's client assertion, with the verdict on its signature if an app trusts another issuer for it. Nothing is
/// fetched from an issuer that no app trusts.
pub(super) async fn client_assertion<'a>(
    idp: &Idp,
    parameters: &'a Parameters,
) -> Option<ClientAssertion<'a>> {
    let text = parameters.get("client_assertion")?;
    let jws = Jws::parse(text);
    let trusted = jws.as_ref().and_then(|jws| Some((trusted_issuer(idp, parameters, jws)?, jws)));
    let foreign = match trusted {
        None => ForeignSignature::Absent,
        Some((issuer, jws)) => match verify(idp, &issuer, jws).await {
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

async fn verify(idp: &Idp, issuer: &str, jws: &Jws<'_>) -> Result<(), String> {
    if issuer.strip_prefix(&idp.base_url).is_some_and(|rest| rest.starts_with('/')) {
        // The mock's own token: it need not ask itself.
        return if jws.is_ours(&idp.keys()) {
            Ok(())
        } else {
            Err("no key of this mock signed it".to_owned())
        };
    }
    verify_by_keys_of(idp, issuer, jws).await
}

/// Issuer, subject, audience and time are the grant's to judge, by the mock's clock.
async fn verify_by_keys_of(idp: &Idp, issuer: &str, jws: &Jws<'_>) -> Result<(), String> {
    let algorithm = jws.header("alg").unwrap_or_default();
    if !matches!(algorithm, "RS256" | "ES256") {
        return Err(format!("it is signed with {algorithm:?}, not with RS256 or ES256"));
    }
    let kid = jws.header("kid").ok_or("its header names no key")?;
    let key = key(idp, issuer, kid).await?;
    if jws.verified_by(|algorithm, input, signature| key.verifies(algorithm, input, signature)) {
        Ok(())
    } else {
        Err(format!("the key {kid:?} did not sign it"))
    }
}

/// The key of that name. Keys that were read before are read again if it is not among them.
async fn key(idp: &Idp, issuer: &str, kid: &str) -> Result<Jwk, String> {
    let mut reading = idp.issuer_keys.of(issuer, idp.clock.seconds());
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

fn find(keys: &Result<JwkSet, String>, kid: &str) -> Result<Jwk, String> {
    let keys = keys.as_ref().map_err(String::clone)?;
    keys.find(kid).cloned().ok_or_else(|| format!("the issuer publishes no key {kid:?}"))
}
