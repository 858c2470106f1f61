//! Client assertions (RFC 7521, RFC 7523), read once.

use crate::{
    directory::{App, FederatedCredential},
    token::Jws,
};

#[derive(Debug)]
pub(crate) struct ClientAssertion<'a> {
    /// `None`: the text is not a signed JSON Web Token.
    pub(crate) jws: Option<Jws<'a>>,
    pub(crate) foreign: ForeignSignature,
}

/// The signature of an assertion by another issuer, whose keys were fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ForeignSignature {
    /// No app trusts another issuer for this assertion.
    Absent,
    /// By a key of its issuer.
    Good,
    /// Not verified, and why.
    Unverified(String),
}

/// The credential that an assertion fits: issuer, subject and audience, each byte for byte.
pub(crate) fn federated_credential<'a>(app: &'a App, jws: &Jws<'_>) -> Option<&'a FederatedCredential> {
    let audience = |credential: &FederatedCredential| match jws.claims.get("aud") {
        // Kubernetes writes its one audience into an array.
        Some(serde_json::Value::Array(one)) if one.len() == 1 => one[0] == credential.audience.as_str(),
        Some(audience) => *audience == credential.audience.as_str(),
        None => false,
    };
    app.federated_credentials.iter().find(|credential| {
        jws.claim("iss") == Some(&credential.issuer)
            && jws.claim("sub") == Some(&credential.subject)
            && audience(credential)
    })
}
