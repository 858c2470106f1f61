//! Kinds of endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of endpoint, by which requests are recorded and faults injected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Endpoint {
    /// A discovery document.
    Discovery,
    /// A key set.
    Jwks,
    /// The token endpoint.
    Token,
    /// The authorize page.
    Authorize,
    /// Instance discovery.
    Instance,
    /// User realm.
    UserRealm,
    /// The device authorization endpoint, and the page where a person approves a device.
    DeviceCode,
    /// Sign-out.
    Logout,
    /// Userinfo and the rest of Microsoft Graph.
    Graph,
    /// The endpoints of managed identities.
    ManagedIdentity,
    /// A path that no endpoint has.
    Other,
}
