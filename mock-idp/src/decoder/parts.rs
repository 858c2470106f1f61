//! The parts of a token, for a person to read.

use serde_json::{Map, Value};

use crate::token::decode_base64;

/// Header and claims, as far as they can be read.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) header: Option<Map<String, Value>>,
    pub(crate) claims: Option<Map<String, Value>>,
    /// What cannot be read, and why.
    pub(crate) problem: Option<String>,
}

impl Parts {
    pub(crate) fn of(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        let members = |index: usize, name: &str| {
            let bytes = decode_base64(parts.get(index).copied().unwrap_or_default())
                .ok_or_else(|| format!("the {name} is not base64url"))?;
            serde_json::from_slice(&bytes)
                .map_err(|error| format!("the {name} is not a JSON object: {error}"))
        };
        let (header, claims) = (members(0, "header"), members(1, "payload"));
        let problem = match (parts.len(), &header, &claims) {
            (3, Err(reason), _) | (3, _, Err(reason)) => Some(reason.clone()),
            (3, Ok(_), Ok(_)) => None,
            (5, ..) => Some("five parts: an encrypted token, which Entra does not issue to APIs".to_owned()),
            (count, ..) => Some(format!("{count} parts: header.payload.signature is expected")),
        };
        Self { header: header.ok(), claims: claims.ok(), problem }
    }
}
