//! Tokens: what `jsonwebtoken` checks, and what it leaves to its caller.

use std::collections::HashMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::AlgorithmParameters};
use serde::Deserialize;
use serde_json::Value;

use crate::{Refused, keys::Key};

const LONGEST: usize = 16 * 1024;

/// `jsonwebtoken` leaves the types of claims to its caller. With these, a claim that is missing, of another type, or
/// duplicated is an error.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    iss: String,
    tid: String,
    ver: String,
    /// An ID token does not have `azp`. It says who signed in to a client, and must not open an API.
    azp: String,
    oid: Option<String>,
    #[serde(default)]
    scp: String,
    #[serde(default)]
    roles: Vec<String>,
    /// A token that is bound to a key requires a proof, which a bearer token does not have.
    cnf: Option<Value>,
    exp: f64,
    nbf: f64,
    iat: f64,
    /// Unknown claims are skipped unread, however deeply nested.
    #[serde(flatten)]
    _others: HashMap<String, Value>,
}

#[derive(Debug)]
pub(crate) struct Policy {
    issuer: String,
    tenant_id: String,
    validation: Validation,
}

impl Policy {
    pub(crate) fn new(issuer: String, audience: String, authority: &str) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[audience]);
        // By default only `exp` is required, and `nbf` is not checked.
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        let tenant_id = authority.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        Self { issuer, tenant_id, validation }
    }

    pub(crate) fn validate(&self, token: &str, key: &Key) -> Result<Claims, Refused> {
        self.check_key(key)?;
        let key =
            DecodingKey::from_jwk(&key.jwk).map_err(|_| Refused::BadToken("a key that does not work"))?;
        let claims = decode::<Claims>(token, &key, &self.validation)
            .map_err(|_| Refused::BadToken("jsonwebtoken refuses it"))?
            .claims;
        self.check_entra(&claims)?;
        Ok(claims)
    }

    /// `jsonwebtoken` verifies with the key that it is given. Its caller must choose the right one.
    fn check_key(&self, Key { jwk, issuer }: &Key) -> Result<(), Refused> {
        let AlgorithmParameters::RSA(rsa) = &jwk.algorithm else {
            return Err(Refused::BadToken("no RSA key"));
        };
        let ours =
            issuer.as_ref().is_none_or(|issuer| issuer.replace("{tenantid}", &self.tenant_id) == self.issuer);
        if rsa.e != "AQAB" || !ours {
            return Err(Refused::BadToken("a key that must not sign for this issuer"));
        }
        Ok(())
    }

    /// What makes a token an access token of Entra's. No general library checks it.
    fn check_entra(&self, claims: &Claims) -> Result<(), Refused> {
        let named = |text: &str| !text.trim().is_empty();
        if claims.tid != self.tenant_id || claims.iss != self.issuer {
            return Err(Refused::BadToken("another tenant"));
        }
        if claims.ver != "2.0" {
            return Err(Refused::BadToken("not a v2.0 token"));
        }
        if !named(&claims.azp) || !named(&claims.sub) || claims.oid.as_deref().is_some_and(|oid| !named(oid))
        {
            return Err(Refused::BadToken("no client or no subject"));
        }
        if ![claims.exp, claims.nbf, claims.iat].iter().all(|date| date.is_finite()) || claims.cnf.is_some() {
            return Err(Refused::BadToken("a date that is none, or bound to a key"));
        }
        // Entra gives any client of the tenant a token for any API, without permissions. A slash means no scope.
        let scopes = claims.scp.split_whitespace().filter(|scope| *scope != "/").count();
        if scopes == 0 && !claims.roles.iter().any(|role| named(role)) {
            return Err(Refused::NoPermission);
        }
        Ok(())
    }
}

/// The `kid` of the token, which is not verified yet.
pub(crate) fn key_id(token: &str) -> Result<String, Refused> {
    if token.len() > LONGEST {
        return Err(Refused::BadToken("too long"));
    }
    let header = decode_header(token).map_err(|_| Refused::BadToken("no header"))?;
    // RFC 9068 defines the second form.
    let usual = header
        .typ
        .as_deref()
        .is_none_or(|typ| ["jwt", "at+jwt"].iter().any(|usual| typ.eq_ignore_ascii_case(usual)));
    let other = header.cty.is_some() || header.zip.is_some() || header.enc.is_some();
    if !usual || other || header.crit.is_some() {
        return Err(Refused::BadToken("another kind of token"));
    }
    header.kid.ok_or(Refused::BadToken("no key named"))
}
