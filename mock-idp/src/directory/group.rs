//! Security groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Group {
    /// The name by which users' entries refer to it.
    pub name: String,
    /// The tenant's name.
    pub tenant: String,
    /// Its object id, a GUID: what tokens carry.
    pub id: String,
}
