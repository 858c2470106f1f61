//! A validator as careful people write it on top of `jsonwebtoken`, and an API behind it.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header::AUTHORIZATION},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

/// What the API accepts.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The only issuer.
    pub issuer: String,
    /// The only tenant.
    pub tenant_id: String,
    /// The only audience.
    pub audience: String,
}

/// The claims that decisions are made on.
#[derive(Debug, Clone, Deserialize)]
pub struct Claims {
    /// Who the token is about.
    pub sub: String,
    tid: String,
    ver: String,
    azp: String,
    #[serde(default)]
    scp: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// Judges one token with these keys.
///
/// # Errors
///
/// What is wrong with it.
pub fn validate(token: &str, keys: &JwkSet, policy: &Policy) -> Result<Claims, String> {
    let text = |error: jsonwebtoken::errors::Error| error.to_string();
    let header = decode_header(token).map_err(text)?;
    if header.alg != Algorithm::RS256 {
        return Err("another algorithm".to_owned());
    }
    let kid = header.kid.ok_or("no kid")?;
    let mut named = keys.keys.iter().filter(|key| key.common.key_id.as_ref() == Some(&kid));
    let (key, None) = (named.next().ok_or("unknown key")?, named.next()) else {
        return Err("two keys".to_owned());
    };
    let is_for_signatures = !matches!(&key.common.public_key_use, Some(other) if *other != PublicKeyUse::Signature)
        && !matches!(key.common.key_algorithm, Some(other) if other != KeyAlgorithm::RS256)
        && matches!(key.algorithm, AlgorithmParameters::RSA(_));
    if !is_for_signatures {
        return Err("unsuitable key".to_owned());
    }
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[&policy.issuer]);
    validation.set_audience(&[&policy.audience]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    let key = DecodingKey::from_jwk(key).map_err(text)?;
    let claims = decode::<Claims>(token, &key, &validation).map_err(text)?.claims;
    if claims.ver != "2.0" || claims.tid != policy.tenant_id || claims.azp.is_empty() {
        return Err("another tenant, version or kind of token".to_owned());
    }
    if claims.scp.trim().is_empty() && claims.roles.is_empty() {
        return Err("no permission".to_owned());
    }
    Ok(claims)
}

/// An API with one route, which says who called it.
pub fn app(keys: JwkSet, policy: Policy) -> Router {
    let settings = Arc::new((keys, policy));
    Router::new()
        .route(
            "/me",
            get(async |request: Request| {
                request.extensions().get::<Claims>().map(|claims| claims.sub.clone()).unwrap_or_default()
            }),
        )
        .layer(middleware::from_fn_with_state(settings, authenticate))
}

async fn authenticate(
    State(settings): State<Arc<(JwkSet, Policy)>>,
    mut request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default();
    match validate(token, &settings.0, &settings.1) {
        Ok(claims) => {
            request.extensions_mut().insert(claims);
            next.run(request).await
        }
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}
