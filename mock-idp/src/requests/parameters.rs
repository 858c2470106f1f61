//! What is kept of a request's parameters.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::text::cut;

/// At most this many are kept of one request.
const MOST: usize = 32;
/// What stands in place of a secret.
const REDACTED: &str = "redacted";
/// Whoever has the value of a parameter with one of these in its name can act as somebody.
const SECRET: [&str; 6] = ["secret", "password", "assertion", "token", "code", "verifier"];
/// But for these, which say of what kind something is.
const HARMLESS: [&str; 8] = [
    "actor_token_type",
    "client_assertion_type",
    "code_challenge",
    "code_challenge_method",
    "requested_token_type",
    "requested_token_use",
    "subject_token_type",
    "token_type",
];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !HARMLESS.contains(&name.as_str()) && SECRET.iter().any(|part| name.contains(part))
}

/// The parameters of a request, from its query or form: the values of secrets are `redacted`, and long ones are cut.
///
/// ```
/// # use entra_mock_idp::{Endpoint, MockIdp};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let idp = MockIdp::start().await;
/// let form = [("grant_type", "client_credentials"), ("client_secret", "s"), ("scope", "api://orders/.default")];
/// # let url = format!("{}/oauth2/v2.0/token", idp.authority());
/// reqwest::Client::new().post(url).form(&form).send().await.unwrap();
/// let requests = idp.requests().to(Endpoint::Token);
/// let parameters = &requests[0].parameters;
/// assert_eq!(parameters.get("scope").as_deref(), Some("api://orders/.default"));
/// assert_eq!(parameters.get("client_secret").as_deref(), Some("redacted"));
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RecordedParameters(Box<str>);

impl RecordedParameters {
    /// Of a query or a form.
    pub(crate) fn of(form: &[u8]) -> Self {
        let mut kept = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(form).take(MOST) {
            let value = if is_secret(&name) { REDACTED.to_owned() } else { cut(value.into_owned()) };
            kept.append_pair(&cut(name.into_owned()), &value);
        }
        Self(kept.finish().into())
    }

    /// The first parameter of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Names and values, in the order of the request.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        url::form_urlencoded::parse(self.0.as_bytes())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for RecordedParameters {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for RecordedParameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // An object has no member twice; the first is what counts.
        let mut members = BTreeMap::new();
        for (name, value) in self.iter() {
            members.entry(name).or_insert(value);
        }
        members.serialize(serializer)
    }
}

impl JsonSchema for RecordedParameters {
    fn schema_name() -> Cow<'static, str> {
        "RecordedParameters".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, String>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_redacted_however_they_are_spelt_and_kinds_are_not() {
        let form = b"Client_Secret=1&access_token=2&x-code=3&code_challenge_method=S256&requested_token_use=on_behalf_of";
        let json = serde_json::to_value(RecordedParameters::of(form)).unwrap();
        let expected = serde_json::json!({
            "Client_Secret": "redacted", "access_token": "redacted", "x-code": "redacted",
            "code_challenge_method": "S256", "requested_token_use": "on_behalf_of",
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn a_parameter_that_is_sent_twice_is_one_member_and_no_request_fills_the_memory() {
        let twice = RecordedParameters::of(b"a=1&a=2");
        assert_eq!(serde_json::to_string(&twice).unwrap(), r#"{"a":"1"}"#);
        assert_eq!(twice.iter().count(), 2);
        let many = RecordedParameters::of("name=value&".repeat(1_000).as_bytes());
        assert_eq!(many.iter().count(), MOST);
    }
}
