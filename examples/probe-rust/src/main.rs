//! An API that is protected by Microsoft Entra ID: axum and `jsonwebtoken`.

mod keys;
mod token;

use std::{env, sync::Arc};

use axum::{
    Extension, Json, Router,
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    keys::Keys,
    token::{Claims, Policy},
};

/// Why a request is refused.
#[derive(Debug, Clone, Copy)]
enum Refused {
    NoCredentials,
    BadToken(&'static str),
    NoPermission,
    NoKeys,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        // The reason goes to the log only, because it says what was in the token.
        if let Self::BadToken(reason) = self {
            tracing::info!(reason, "refused");
        }
        let (status, header, value) = match self {
            Self::NoCredentials => (StatusCode::UNAUTHORIZED, WWW_AUTHENTICATE, "Bearer"),
            Self::BadToken(_) => {
                (StatusCode::UNAUTHORIZED, WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
            }
            Self::NoPermission => {
                (StatusCode::FORBIDDEN, WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"")
            }
            Self::NoKeys => (StatusCode::SERVICE_UNAVAILABLE, RETRY_AFTER, "2"),
        };
        (status, [(header, value)]).into_response()
    }
}

struct Api {
    policy: Policy,
    keys: Keys,
}

/// One header, one scheme, one space, one token.
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refused::NoCredentials)?;
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(Refused::BadToken("not one bearer token"))?;
    if values.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") || token.contains([' ', ',']) {
        return Err(Refused::BadToken("not one bearer token"));
    }
    Ok(token)
}

async fn authenticate(
    State(api): State<Arc<Api>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let token = bearer(request.headers())?;
    let kid = token::key_id(token)?;
    let key = api.keys.find(&kid).await?;
    let claims = api.policy.validate(token, &key)?;
    request.extensions_mut().insert(claims);
    Ok(next.run(request).await)
}

async fn orders(Extension(claims): Extension<Claims>) -> Json<Value> {
    Json(json!({"subject": claims.sub}))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::new(env::var("ISSUER")?, env::var("AUDIENCE")?, &env::var("AUTHORITY")?);
    let keys = Keys::new(env::var("JWKS_URI")?)?;
    let api = Arc::new(Api { policy, keys });
    let router =
        Router::new().route("/orders", get(orders)).route_layer(from_fn_with_state(api, authenticate));
    let port = env::var("PORT").unwrap_or_else(|_| "3013".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
