//! What a client assertion must satisfy: signed with the key of a registered certificate, or a token of another issuer that
//! the app trusts.

use crate::{
    aadsts::Aadsts,
    certificate::Certificate,
    directory::{App, FederatedCredential},
    error::OAuthError,
    token::{Jws, decode_base64},
};

use super::{
    client_assertion::{ClientAssertion, ForeignSignature, federated_credential},
    path_tenant::PathTenant,
    request::TokenRequest,
};

/// How much clocks may differ, in seconds.
pub(super) const SKEW: i64 = 300;

pub(super) fn check(
    request: &TokenRequest<'_>,
    app: &App,
    assertion: &ClientAssertion<'_>,
) -> Result<(), OAuthError> {
    let jws = assertion.jws.as_ref().ok_or_else(|| {
        Aadsts::AssertionMalformed.because("The client assertion is not a signed JSON Web Token.")
    })?;
    let own = jws.claim("iss").is_some_and(|iss| iss.eq_ignore_ascii_case(&app.client_id));
    if own {
        check_certificate(request, app, jws)?;
    } else {
        check_federated(app, jws, &assertion.foreign)?;
    }
    check_time(jws, request.now)
}

/// Signed with the key of a certificate ([certificate
/// credentials](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)).
fn check_certificate(request: &TokenRequest<'_>, app: &App, jws: &Jws<'_>) -> Result<(), OAuthError> {
    let unsigned = |why: &str| {
        Aadsts::AssertionUnverified
            .because(format!("The client assertion's signature cannot be verified: {why}."))
    };
    if jws.claim("sub").is_none_or(|sub| !sub.eq_ignore_ascii_case(&app.client_id)) {
        return Err(
            Aadsts::AssertionSubjectWrong.because("The client assertion's 'sub' is not the client's id.")
        );
    }
    if !["x5t", "x5t#S256", "kid"].iter().any(|name| jws.header.contains_key(*name)) {
        return Err(Aadsts::AssertionUnnamed.because(
            "The client assertion's header has no SHA-1 thumbprint (x5t), no SHA-256 thumbprint (x5t#S256) and no key id (kid).",
        ));
    }
    let certificate = app
        .certificates
        .iter()
        .filter_map(|pem| Certificate::from_pem(pem))
        .find(|known| names(jws, known))
        .ok_or_else(|| {
            unsigned("no certificate of the app has the header's thumbprint (x5t, x5t#S256, kid)")
        })?;
    if !jws.verified_by(|algorithm, input, signature| certificate.verifies(algorithm, input, signature)) {
        return Err(unsigned("it was not made with RS256 or PS256 by the certificate's key"));
    }
    certificate.check_time(request.now).map_err(|why| {
        Aadsts::CertificateOutOfTime
            .because(format!("The certificate of the client assertion {why} by this mock's clock."))
    })?;
    let audience = jws.claim("aud").unwrap_or_default();
    if !is_our_endpoint(request, audience) {
        return Err(Aadsts::AssertionAudienceWrong
            .because(format!("The client assertion's audience '{audience}' is not this token endpoint.")));
    }
    Ok(())
}

/// Whether the header names the certificate: by one thumbprint, or by both. Some clients spell them in base64's other
/// alphabet, or pad them. Terraform's providers have the SHA-1 in `kid`, which counts where there is nothing else.
fn names(jws: &Jws<'_>, certificate: &Certificate) -> bool {
    let [sha1, sha256] =
        [("x5t", certificate.x5t()), ("x5t#S256", certificate.x5t_s256())].map(|(name, of)| {
            jws.header.get(name).map(|given| given.as_str().and_then(decode_base64) == decode_base64(&of))
        });
    match (sha1, sha256) {
        (None, None) => {
            jws.header("kid").is_some_and(|kid| decode_base64(kid) == decode_base64(&certificate.x5t()))
        }
        _ => sha1.unwrap_or(true) && sha256.unwrap_or(true),
    }
}

/// The token endpoint, in either version, or the tenant's issuer: of this tenant under any of its names.
fn is_our_endpoint(request: &TokenRequest<'_>, audience: &str) -> bool {
    let path = audience.strip_prefix(request.base_url).and_then(|rest| rest.strip_prefix('/'));
    path.and_then(|path| path.split_once('/')).is_some_and(|(tenant, rest)| {
        let ours = match request.tenant {
            PathTenant::One(ours) => request.directory.tenant(tenant).is_some_and(|named| named == ours),
            PathTenant::Any(_) => matches!(tenant, "common" | "organizations"),
        };
        ours && matches!(rest, "oauth2/v2.0/token" | "oauth2/token" | "v2.0" | "")
    })
}

/// A token of another issuer, whose keys were fetched before.
fn check_federated(app: &App, jws: &Jws<'_>, signature: &ForeignSignature) -> Result<(), OAuthError> {
    let Some(credential) = federated_credential(app, jws) else {
        let claim = |name| jws.claim(name).unwrap_or_default();
        let (issuer, subject, audience) = (claim("iss"), claim("sub"), claim("aud"));
        let of_issuer: Vec<&FederatedCredential> =
            app.federated_credentials.iter().filter(|known| known.issuer == issuer).collect();
        let (code, what) = match of_issuer.first() {
            None => (Aadsts::FederatedIssuerUnknown, format!("issuer '{issuer}'")),
            Some(_) if of_issuer.iter().all(|known| known.subject != subject) => {
                (Aadsts::FederatedSubjectUnknown, format!("subject '{subject}'"))
            }
            Some(_) => (Aadsts::FederatedAudienceUnknown, format!("audience '{audience}'")),
        };
        return Err(code.because(format!(
            "No federated identity credential of the app has the presented assertion's {what}."
        )));
    };
    match signature {
        ForeignSignature::Good => Ok(()),
        ForeignSignature::Unverified(why) => Err(Aadsts::UserAssertionInvalid.because(format!(
            "The assertion is not signed by a key of its issuer '{}': {why}.",
            credential.issuer
        ))),
        ForeignSignature::Absent => {
            Err(Aadsts::UserAssertionInvalid.because("The assertion was not verified."))
        }
    }
}

fn check_time(jws: &Jws<'_>, now: i64) -> Result<(), OAuthError> {
    let time = |name| jws.time_or_digits(name);
    let (from, until) = (time("nbf").or_else(|| time("iat")), time("exp"));
    let begun = from.is_none_or(|from| from.saturating_sub(SKEW) <= now);
    if begun && until.is_some_and(|until| until.saturating_add(SKEW) > now) {
        return Ok(());
    }
    let text = |time: Option<i64>| time.map_or("unset".to_owned(), |time| time.to_string());
    Err(Aadsts::AssertionOutOfTime.because(format!(
            "The client assertion is not within its valid time range: it is {now}, the assertion is valid from {} to {}.",
            text(from),
            text(until)
        )))
}
