//! Tokens without a server, in the style of flask-entra-auth.

mod claims;
mod jwks;

use std::sync::Arc;

pub use claims::MockClaims;
use entra_mock_idp::{SigningKey, TokenBuilder};
pub use jwks::MockJwks;
use serde_json::Map;

/// Makes tokens that an API under test must accept, or must refuse.
///
/// ```
/// use entra_test_harness::{MockJwtClient, Signature};
///
/// let client = MockJwtClient::for_api("my-api");
/// let keys = client.jwks().to_string(); // what the API under test trusts
///
/// let good = client.generate();
/// let expired = client.token().expires_in(-60).sign();
/// let for_another_api = client.token().audience("api://another").sign();
/// let without_scopes = client.token().without("scp").sign();
/// let unsigned = client.token().signature(Signature::None).sign();
/// let by_a_stranger = client.token().signature(Signature::UnknownKey).sign();
/// let not_json = client.token().raw_payload("hello").sign();
/// ```
#[derive(Debug, Clone)]
pub struct MockJwtClient {
    key: Arc<SigningKey>,
    claims: MockClaims,
}

impl MockJwtClient {
    /// A client that signs what Entra issues for a user of the API with this client id, with the first published test key.
    #[must_use]
    pub fn for_api(client_id: impl Into<String>) -> Self {
        Self::new(SigningKey::published(0), MockClaims::delegated(client_id))
    }

    /// A client that signs these claims with this key.
    #[must_use]
    pub fn new(key: Arc<SigningKey>, claims: MockClaims) -> Self {
        Self { key, claims }
    }

    /// The key set that holds its key and nothing else.
    #[must_use]
    #[doc(alias = "jwk")]
    pub fn jwks(&self) -> MockJwks {
        MockJwks::of(Arc::clone(&self.key))
    }

    /// The same claims, signed with another key, published or not.
    ///
    /// ```
    /// # use entra_test_harness::{MockClaims, MockJwks, MockJwtClient};
    /// let jwks = MockJwks::published().with_next();
    /// let client = MockJwtClient::new(jwks.key(), MockClaims::new("my-api"));
    /// let by_the_second_key = client.with_key(jwks.keys()[1].clone()).generate();
    /// ```
    #[must_use]
    pub fn with_key(&self, key: Arc<SigningKey>) -> Self {
        Self { key, claims: self.claims.clone() }
    }

    /// A token with all the default claims.
    #[must_use]
    pub fn generate(&self) -> String {
        self.token().sign()
    }

    /// A builder for other tokens: override, omit or add any claim or header, change any byte, key or signature. The token is
    /// dated when this is called, unless the claims have a [fixed time](MockClaims::at).
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        let now = self.claims.now();
        TokenBuilder::from_claims(self.claims.dated(now), Arc::clone(&self.key), now)
    }

    /// A token without claims and without `kid`.
    #[must_use]
    pub fn generate_empty(&self) -> String {
        self.empty().without_header("kid").sign()
    }

    /// A token without claims, whose header has a `kid`.
    #[must_use]
    pub fn generate_kid(&self) -> String {
        self.empty().sign()
    }

    fn empty(&self) -> TokenBuilder {
        TokenBuilder::from_claims(Map::new(), Arc::clone(&self.key), self.claims.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600;

    fn client(claims: MockClaims) -> MockJwtClient {
        MockJwtClient::new(SigningKey::published(0), claims.at(NOW))
    }

    fn claims(token: &TokenBuilder) -> Map<String, serde_json::Value> {
        token.try_sign().unwrap().claims
    }

    #[test]
    fn every_setter_of_the_builder_that_claims_can_mean_acts() {
        let token = || client(MockClaims::delegated("my-api")).token();
        let expired = claims(&token().expires_in(-60));
        assert_eq!(
            (&expired["exp"], &expired["nbf"], &expired["iat"]),
            (&(NOW - 60).into(), &(NOW - 3660).into(), &(NOW - 3660).into())
        );
        assert_eq!(claims(&token().expires_in(60))["exp"], NOW + 60);
        let issued = claims(&token().issued_at(NOW - 5));
        assert_eq!((&issued["iat"], &issued["nbf"]), (&(NOW - 5).into(), &(NOW - 5).into()));
        assert_eq!(claims(&token().audience("another"))["aud"], "another");
        assert_eq!(claims(&token().client("a-client"))["azp"], "a-client");
        assert_eq!(claims(&token().scopes(["A", "B"]))["scp"], "A B");
        assert!(!claims(&token().scopes(Vec::<String>::new())).contains_key("scp"));
        assert_eq!(claims(&token().roles(["R"]))["roles"], serde_json::json!(["R"]));
        assert!(!claims(&token().roles(["R"]).roles(Vec::<String>::new())).contains_key("roles"));
        assert_eq!(claims(&token().nonce("n"))["nonce"], "n");
        assert_eq!(claims(&token().session("s"))["sid"], "s");
        let v1 = client(MockClaims::delegated("my-api").version_one());
        assert_eq!(claims(&v1.token().client("a-client"))["appid"], "a-client");
        let like_flask = client(MockClaims::new("my-api"));
        assert_eq!(claims(&like_flask.token().scopes(["A"]))["scps"], serde_json::json!(["A"]));
    }

    #[test]
    fn a_setter_that_needs_a_directory_panics_and_says_what_to_call() {
        type Setter = fn(TokenBuilder) -> TokenBuilder;
        let setters: [(&str, Setter); 5] = [
            ("tenant", |token| token.tenant("contoso")),
            ("user", |token| token.user("alice")),
            ("app_only", TokenBuilder::app_only),
            ("version", |token| token.version(entra_mock_idp::TokenVersion::V1)),
            ("id_token", TokenBuilder::id_token),
        ];
        for (name, setter) in setters {
            let token = client(MockClaims::delegated("my-api")).token();
            let panic = std::panic::catch_unwind(|| setter(token)).unwrap_err();
            let text = panic.downcast_ref::<String>().unwrap();
            assert!(text.starts_with(&format!("{name}() has no effect")) && text.contains("use "), "{text}");
        }
    }

    #[test]
    fn a_misspelt_claim_is_not_silently_left_in() {
        let token = || client(MockClaims::delegated("my-api")).token();
        let error = token().without("adience").try_sign().unwrap_err().to_string();
        assert!(error.contains("\"adience\"") && error.contains("aud, azp"), "{error}");
        assert!(token().without_header("kidd").try_sign().is_err());
        assert!(token().without("aud").without("aud").try_sign().is_err(), "it is gone already");
        let kept = token().without_if_present("adience").without_header_if_present("kidd");
        assert_eq!(kept.sign(), token().sign());
        assert!(!claims(&token().without_if_present("aud")).contains_key("aud"));
    }
}
