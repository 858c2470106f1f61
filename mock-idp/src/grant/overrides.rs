//! Claims that a request, a user or an app asks to set or to leave out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{aadsts::Aadsts, error::OAuthError, token::Members};

use super::parameters::Parameters;

/// Claims to set, and claims to leave out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Overrides {
    pub(crate) claims: BTreeMap<String, Value>,
    pub(crate) without: Vec<String>,
}

impl Overrides {
    /// The parameters `mock_claims` (a JSON object) and `mock_without` (names separated by spaces), which the real Entra ID
    /// would ignore.
    pub(super) fn asked(parameters: &Parameters) -> Result<Self, OAuthError> {
        let claims = parameters.get("mock_claims").map_or(Ok(BTreeMap::new()), |text| {
            serde_json::from_str(text).map_err(|error| {
                Aadsts::InvalidRequest
                    .because(format!("mock_claims is not a JSON object of claims: {error}."))
            })
        })?;
        let without = parameters.get("mock_without").unwrap_or_default();
        Ok(Self { claims, without: without.split_whitespace().map(str::to_owned).collect() })
    }

    pub(super) fn apply(&self, claims: &mut Members) {
        overridden(claims, &self.claims, &self.without);
    }
}

/// Sets and leaves out claims.
pub(super) fn overridden(claims: &mut Members, set: &BTreeMap<String, Value>, without: &[String]) {
    claims.extend(set.clone());
    claims.retain(|name, _| !without.contains(name));
}
