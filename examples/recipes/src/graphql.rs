//! async-graphql: one endpoint, so what a token permits is decided per field.

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, Error, ErrorExtensions as _, Guard, Object, Schema,
};
use axum::{Json, Router, extract::State, routing::post};
use entra_validator::{Requirement, ResourceServer, VerifiedToken};

/// A field with this guard is resolved only if the token meets the requirement. The code is in the error's extensions.
struct Requires(Requirement);

impl Guard for Requires {
    async fn check(&self, context: &Context<'_>) -> async_graphql::Result<()> {
        let forbidden = match self.0.check(context.data::<VerifiedToken>()?) {
            Ok(()) => return Ok(()),
            Err(forbidden) => forbidden,
        };
        Err(Error::new("forbidden").extend_with(|_, members| members.set("code", forbidden.code().as_str())))
    }
}

/// The queries.
pub struct Query;

#[Object]
#[expect(clippy::unused_async, reason = "a resolver is async, though these await nothing")]
impl Query {
    async fn me<'a>(&self, context: &Context<'a>) -> async_graphql::Result<&'a str> {
        Ok(&context.data::<VerifiedToken>()?.claims().sub)
    }

    #[graphql(guard = r#"Requires(Requirement::scopes(["Orders.Read"]))"#)]
    async fn orders(&self) -> Vec<&'static str> {
        vec!["an order"]
    }
}

type Api = Schema<Query, EmptyMutation, EmptySubscription>;

/// Without a good token nothing is executed; with one, the resolvers and guards find it in the context.
async fn execute(
    token: VerifiedToken,
    State(api): State<Api>,
    Json(request): Json<async_graphql::Request>,
) -> Json<async_graphql::Response> {
    Json(api.execute(request.data(token)).await)
}

/// The API.
pub fn app(server: ResourceServer) -> Router {
    let api = Schema::new(Query, EmptyMutation, EmptySubscription);
    Router::new().route("/graphql", post(execute)).with_state(AppState { api, server })
}

#[derive(Clone, axum::extract::FromRef)]
struct AppState {
    api: Api,
    server: ResourceServer,
}
