//! What is kept of a request's parameters.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::text::cut;

/// At most this many are kept of one request.
const MOST: usize = 32;
/// What stands in place of a secret.
const REDACTED: &str = "redacted";
/// Who has one of these can act as somebody.
const SECRETS: [&str; 12] = [
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "id_token_hint",
    "mock_claims",
    "password",
    "refresh_token",
    "subject_token",
    "user_code",
];

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
            let value = if SECRETS.contains(&&*name) { REDACTED.to_owned() } else { cut(value.into_owned()) };
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
        serializer.collect_map(self.iter())
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
