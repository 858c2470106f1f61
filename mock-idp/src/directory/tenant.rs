//! Tenants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tenant {
    /// The name by which other entries refer to it.
    pub name: String,
    /// Its GUID.
    pub tenant_id: String,
    /// Its verified domain.
    pub domain: String,
}
