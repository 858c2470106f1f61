//! What a case sends.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// What is sent, and what the identity provider publishes meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The values of the request's `Authorization` headers, as bytes.
    pub authorization: Vec<Vec<u8>>,
    /// A token in a place where an API must not look for one.
    pub elsewhere: Option<Carrier>,
    /// The key set that the identity provider publishes, unless it is the honest one.
    pub key_set: Option<Value>,
    /// How the identity provider responds.
    pub provider: Provider,
}

/// Where a token is, if not in `Authorization`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Carrier {
    /// The query parameter `access_token` (RFC 6750 §2.3).
    Query(String),
    /// The form field `access_token` of a POST request (RFC 6750 §2.2).
    Form(String),
    /// A header of this name with this value.
    Header(&'static str, String),
}

/// How the identity provider responds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Provider {
    /// With its honest documents.
    Honest,
    /// With this status and body at the discovery URL.
    Discovery(u16, String),
    /// With this status and body at the key set URL.
    Keys(u16, String),
}

impl Attempt {
    /// A request with this bearer token.
    #[must_use]
    pub fn token(token: impl AsRef<str>) -> Self {
        Self::header(format!("Bearer {}", token.as_ref()))
    }

    /// A request with this `Authorization` header.
    #[must_use]
    pub fn header(value: impl AsRef<[u8]>) -> Self {
        Self::headers([value])
    }

    /// A request with these `Authorization` headers.
    #[must_use]
    pub fn headers<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Self {
        let authorization = values.into_iter().map(|value| value.as_ref().to_vec()).collect();
        Self { authorization, elsewhere: None, key_set: None, provider: Provider::Honest }
    }

    /// Adds a token elsewhere.
    #[must_use]
    pub fn with_token_elsewhere(mut self, carrier: Carrier) -> Self {
        self.elsewhere = Some(carrier);
        self
    }

    /// Publishes this key set meanwhile.
    #[must_use]
    pub fn with_key_set(mut self, key_set: Value) -> Self {
        self.key_set = Some(key_set);
        self
    }

    /// Lets the identity provider respond like this meanwhile.
    #[must_use]
    pub fn with_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// The bearer token, if the request has a single well-formed header.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        match self.authorization.as_slice() {
            [value] => std::str::from_utf8(value).ok()?.strip_prefix("Bearer "),
            _ => None,
        }
    }
}
