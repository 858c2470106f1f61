//! gRPC: `ResourceServer::layer_with_body` refuses bad tokens with a `grpc-status`, and each method says what it requires.
//!
//! ```ignore
//! let layer = server.layer_with_body(tonic::body::Body::new::<String>);
//! tonic::transport::Server::builder().layer(layer).add_service(orders).serve(address).await
//! ```

use entra_validator::{Forbidden, VerifiedToken};
use tonic::{Request, Status};

/// The token of a request that passed the layer.
pub fn caller<T>(request: &Request<T>) -> Result<&VerifiedToken, Status> {
    request.extensions().get().ok_or_else(|| Status::internal("no authentication layer around this service"))
}

/// Status 7 (`PERMISSION_DENIED`) with the code.
pub fn denied(forbidden: &Forbidden) -> Status {
    Status::permission_denied(forbidden.code().as_str())
}

/// What a method begins with.
pub fn authorize<T>(request: &Request<T>) -> Result<String, Status> {
    let token = caller(request)?;
    token.require_scopes(["Orders.Read"]).map_err(|forbidden| denied(&forbidden))?;
    Ok(token.claims().sub.clone())
}
