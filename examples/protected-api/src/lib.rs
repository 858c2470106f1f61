//! An API protected by `entra-validator`: the routes of flask-entra-auth's own test application.

mod settings;

use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entra_validator::{AuthError, Introspection, ResourceServer, VerifiedToken};
use serde::Deserialize;
use serde_json::{Value, json};

pub use settings::Settings;

/// The routes and what each requires: alternatives of scopes and app roles in one list, as in flask-entra-auth. Your own API
/// should require scopes and app roles separately, with `require_scopes` and `require_roles`.
const GUARDED: [(&str, &[&str]); 9] = [
    ("/restricted/scopes/scps-and", &["SCOPE_A SCOPE_B"]),
    ("/restricted/scopes/scps-or", &["SCOPE_A", "SCOPE_B"]),
    ("/restricted/scopes/scps-and-or", &["SCOPE_A SCOPE_C", "SCOPE_B SCOPE_C"]),
    ("/restricted/scopes/roles-and", &["ROLE_1 ROLE_2"]),
    ("/restricted/scopes/roles-or", &["ROLE_1", "ROLE_2"]),
    ("/restricted/scopes/roles-and-or", &["ROLE_1 ROLE_3", "ROLE_2 ROLE_3"]),
    ("/restricted/scopes/scopes-and", &["SCOPE_A ROLE_1"]),
    ("/restricted/scopes/scopes-or", &["SCOPE_A", "ROLE_1"]),
    ("/restricted/scopes/scopes-and-or", &["SCOPE_A SCOPE_C ROLE_1 ROLE_3", "SCOPE_B SCOPE_C ROLE_2 ROLE_3"]),
];

/// The whole API.
pub fn app(server: ResourceServer) -> Router {
    let mut router = Router::new()
        .route("/unrestricted", get(unrestricted))
        .route("/restricted", get(restricted))
        .route("/restricted/current-token", get(current_token))
        .route("/introspect", post(introspect));
    for (path, alternatives) in GUARDED {
        router = router
            .route(path, get(move |server, token| async move { guarded(&server, &token, alternatives) }));
    }
    router.with_state(server)
}

async fn unrestricted() -> &'static str {
    "Unrestricted route.\n"
}

/// A route is protected by taking the token as an argument.
async fn restricted(token: VerifiedToken) -> String {
    format!(
        "Restricted route. Hello {}.\n",
        token.claim::<String>("name").unwrap_or_else(|| token.claims().sub.clone())
    )
}

async fn current_token(token: VerifiedToken) -> Json<Value> {
    Json(json!({"claims": token.all_claims()}))
}

fn guarded(
    State(server): &State<ResourceServer>,
    token: &VerifiedToken,
    alternatives: &'static [&'static str],
) -> Response {
    match token.require_permissions(alternatives) {
        Ok(()) => "Restricted route with scopes.\n".into_response(),
        Err(forbidden) => server.refuse(&AuthError::from(forbidden)).into_response(),
    }
}

#[derive(Deserialize)]
struct IntrospectionRequest {
    token: String,
}

/// RFC 7662. A real API must authenticate its caller here (§2.1). This one reproduces a test application that does not.
async fn introspect(
    State(server): State<ResourceServer>,
    Form(request): Form<IntrospectionRequest>,
) -> Result<Json<Introspection>, Response> {
    match server.validate(&request.token).await {
        Ok(token) => Ok(Json(token.introspection())),
        // "Unknown" is not the same as "inactive".
        Err(refusal @ AuthError::Keys(_)) => Err(server.refuse(&refusal).into_response()),
        Err(_) => Ok(Json(Introspection::inactive())),
    }
}
