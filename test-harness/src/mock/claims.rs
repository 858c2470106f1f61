//! The claims that tokens without a server start from.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

const HOUR: i64 = 3600;

/// The claims that a [`MockJwtClient`](crate::MockJwtClient) starts from: those of flask-entra-auth's mocks, or those of
/// one of Entra's own kinds of token.
///
/// ```
/// use entra_test_harness::MockClaims;
///
/// let like_flask_entra_auth = MockClaims::new("my-api").issuer("https://login.example.com/tenant/v2.0");
/// let users = MockClaims::delegated("my-api").claim("scp", "Orders.Read");
/// let programs = MockClaims::app_only("my-api").claim("roles", vec!["Orders.Read.All"]);
/// let v1 = MockClaims::delegated("my-api").version_one();
/// let id_token = MockClaims::id_token("my-app");
/// let at_a_fixed_time = MockClaims::delegated("my-api").at(1_767_225_600);
/// ```
#[derive(Debug, Clone)]
pub struct MockClaims {
    claims: Map<String, Value>,
    /// In seconds since 1970. `None` is the time at which a token is made.
    at: Option<i64>,
}

impl MockClaims {
    /// The claims of flask-entra-auth's mocks, for the API with this client id. A token is valid for an hour from when it is
    /// made.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self::of(&json!({
            "iss": "https://issuer.auth.example.com",
            "sub": "test_subject",
            "aud": client_id.into(),
            "azp": "test_app_2",
            "ver": "2.0",
            "scps": ["SCOPE_A", "SCOPE_B", "SCOPE_C"],
            "roles": ["ROLE_1", "ROLE_2", "ROLE_3"],
        }))
    }

    /// The claims of a user's v2.0 access token, for the API with this client id.
    #[must_use]
    pub fn delegated(client_id: impl Into<String>) -> Self {
        Self::of(&json!({
            "aud": client_id.into(),
            "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            "azp": "dddddddd-0000-4000-8000-00000000a002",
            "azpacr": "0",
            "name": "Test User",
            "oid": "cccccccc-0000-4000-8000-00000000c001",
            "preferred_username": "test.user@contoso.example",
            "scp": "access_as_user",
            "sub": "test_subject",
            "tid": TENANT,
            "ver": "2.0",
        }))
    }

    /// The claims of an app-only v2.0 access token.
    #[must_use]
    pub fn app_only(client_id: impl Into<String>) -> Self {
        Self::of(&json!({
            "aud": client_id.into(),
            "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            "azp": "dddddddd-0000-4000-8000-00000000a004",
            "azpacr": "1",
            "idtyp": "app",
            "oid": "cccccccc-0000-4000-8000-00000000c004",
            "roles": ["Access.All"],
            "sub": "cccccccc-0000-4000-8000-00000000c004",
            "tid": TENANT,
            "ver": "2.0",
        }))
    }

    /// The claims of a user's v2.0 ID token, for the application with this client id. An API must refuse it.
    #[must_use]
    pub fn id_token(client_id: impl Into<String>) -> Self {
        Self::of(&json!({
            "aud": client_id.into(),
            "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            "name": "Test User",
            "nonce": "test_nonce",
            "oid": "cccccccc-0000-4000-8000-00000000c001",
            "preferred_username": "test.user@contoso.example",
            "sub": "test_subject",
            "tid": TENANT,
            "ver": "2.0",
        }))
    }

    fn of(claims: &Value) -> Self {
        Self { claims: claims.as_object().cloned().unwrap_or_default(), at: None }
    }

    /// The form of v1.0 tokens: another issuer, and the client in `appid`.
    #[must_use]
    pub fn version_one(mut self) -> Self {
        for (new, old) in [("azp", "appid"), ("azpacr", "appidacr"), ("preferred_username", "upn")] {
            if let Some(value) = self.claims.remove(new) {
                self.claims.insert(old.to_owned(), value);
            }
        }
        if let Some(tenant) = self.claims.get("tid").and_then(Value::as_str).map(str::to_owned) {
            self.claims.insert("iss".to_owned(), format!("https://sts.windows.net/{tenant}/").into());
        }
        self.claim("ver", "1.0")
    }

    /// Dated at a fixed time, in seconds since 1970.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.at = Some(now);
        self
    }

    /// Sets the issuer.
    #[must_use]
    pub fn issuer(self, issuer: impl Into<String>) -> Self {
        self.claim("iss", issuer.into())
    }

    /// Sets a claim.
    #[must_use]
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The time at which a token is made, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        let system = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        self.at.unwrap_or_else(|| i64::try_from(system()).unwrap_or(i64::MAX))
    }

    /// The claims of a token that is made at this time. Dates that were set stay.
    pub(super) fn dated(&self, now: i64) -> Map<String, Value> {
        let mut claims = self.claims.clone();
        for (name, date) in [("nbf", now), ("exp", now.saturating_add(HOUR))] {
            claims.entry(name).or_insert_with(|| date.into());
        }
        // flask-entra-auth's mocks have no `iat`; Entra's own tokens do.
        if claims.contains_key("tid") {
            claims.entry("iat").or_insert_with(|| now.into());
        }
        claims
    }
}

/// The tenant of the built-in directory, under Entra's own URL.
const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_clock_dates_each_token_and_a_fixed_one_does_not() {
        assert_eq!(MockClaims::new("api").dated(0)["nbf"], 0);
        assert_eq!(MockClaims::new("api").dated(10_000)["exp"], 13_600);
        assert_eq!(MockClaims::new("api").at(5).now(), 5);
        assert!(MockClaims::new("api").now() > 1_767_225_600);
        assert_eq!(MockClaims::new("api").claim("exp", 1).dated(10_000)["exp"], 1);
    }

    #[test]
    fn v1_claims_have_the_v1_names() {
        let claims = MockClaims::delegated("api").version_one().dated(0);
        assert_eq!(claims["iss"], format!("https://sts.windows.net/{TENANT}/"));
        assert_eq!((claims["ver"].as_str(), claims.get("azp")), (Some("1.0"), None));
        assert!(claims.contains_key("appid") && claims.contains_key("upn"));
    }
}
