//! The version of an endpoint.

/// The version of an endpoint. It decides the form of requests and responses; the version of an access token is decided
/// by the API's registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ProtocolVersion {
    V1,
    #[default]
    V2,
}
