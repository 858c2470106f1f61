//! Entra's endpoints over HTTP. A handler extracts, calls, maps.

mod asked;
mod authorize;
mod cookie;
mod correlation;
mod cors;
mod device_authorization;
mod device_page;
mod discovery;
mod extract;
mod federation;
mod graph;
mod instance;
#[cfg(feature = "federation")]
mod issuer_documents;
mod keys;
mod logout;
mod managed_identity;
#[cfg(not(feature = "federation"))]
mod no_federation;
mod page;
mod record;
mod response;
mod routes;
mod token;
mod token_request;

pub(crate) use routes::router;
