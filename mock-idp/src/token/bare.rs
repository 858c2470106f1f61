//! Claims without a directory, and what the builder's setters mean for them.

use serde_json::{Value, json};

use super::signed::Members;

/// How long a token was valid that has expired, in seconds.
const LIFETIME: i64 = 3600;

/// The claims of a token that no directory knows anything about.
#[derive(Debug, Clone)]
pub(super) struct Claims(pub(super) Members);

impl Claims {
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// `azp`, or in a v1.0 token `appid`.
    pub(super) fn client(&mut self, client: &str) {
        let v1 = self.0.get("ver") == Some(&json!("1.0"));
        self.set(if v1 { "appid" } else { "azp" }, client);
    }

    /// `scp`, or the list `scps` where there is one: that is how flask-entra-auth's mocks have them.
    pub(super) fn scopes(&mut self, scopes: &[String]) {
        if self.0.contains_key("scps") {
            self.set("scps", scopes);
        } else if scopes.is_empty() {
            self.0.remove("scp");
        } else {
            self.set("scp", scopes.join(" "));
        }
    }

    pub(super) fn roles(&mut self, roles: &[String]) {
        if roles.is_empty() {
            self.0.remove("roles");
        } else {
            self.set("roles", roles);
        }
    }

    /// A token that ends before it was issued was issued a whole lifetime before its end.
    pub(super) fn expires(&mut self, end: i64) {
        self.set("exp", end);
        for name in ["nbf", "iat"] {
            if self.0.get(name).and_then(Value::as_i64).is_some_and(|start| start >= end) {
                self.set(name, end.saturating_sub(LIFETIME));
            }
        }
    }

    pub(super) fn issued(&mut self, at: i64) {
        self.set("iat", at);
        self.set("nbf", at);
    }
}
