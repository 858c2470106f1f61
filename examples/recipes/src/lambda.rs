//! AWS Lambda behind an API Gateway. Make the server once, outside of the handler: it keeps the keys from one invocation to
//! the next.
//!
//! ```ignore
//! let server = ResourceServer::new(Validator::for_app(authority, client_id));
//! lambda_http::run(service_fn(|request| handle(&server, request))).await
//! ```

use entra_validator::{AuthError, ResourceServer};
use lambda_http::{Error, Request, Response};

/// A protected function.
pub async fn handle(server: &ResourceServer, request: Request) -> Result<Response<String>, Error> {
    match orders(server, &request).await {
        Ok(orders) => Ok(Response::new(orders)),
        Err(error) => Ok(server.refuse(&error)),
    }
}

async fn orders(server: &ResourceServer, request: &Request) -> Result<String, AuthError> {
    let token = server.authenticate(request.headers()).await?;
    token.require_scopes(["Orders.Read"])?;
    Ok(format!("orders of {}", token.claims().sub))
}
