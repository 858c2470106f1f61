//! What the honest identity provider signs.

use std::sync::Arc;

use entra_mock_idp::{TokenBuilder, TokenVersion};
use serde_json::{Map, Value};

use super::World;

impl World {
    /// An honest delegated token: alice, through `orders-spa`, for `orders-api`.
    #[must_use]
    pub fn token(&self) -> TokenBuilder {
        let token = self.app_token().user("alice");
        if self.api.scopes.is_empty() { token } else { token.scopes(&self.api.scopes) }
    }

    /// An honest app-only token: `orders-daemon` for itself, for `orders-api`.
    #[must_use]
    pub fn app_token(&self) -> TokenBuilder {
        let (directory, key) = (Arc::clone(&self.directory), Arc::clone(&self.key));
        let mut token = TokenBuilder::new(directory, key, &self.issuer_base, self.now);
        if self.api.version_one {
            token = token.version(TokenVersion::V1);
        }
        if !self.api.roles.is_empty() {
            token = token.roles(&self.api.roles);
        }
        let claims = [
            ("aud", &self.api.audience),
            (self.client_claim(), &self.api.client),
            ("oid", &self.api.subject),
        ];
        claims.into_iter().fold(token, |token, (name, value)| match value {
            Some(value) => token.claim(name, value.as_str()),
            None => token,
        })
    }

    /// The claim that names the client: `azp`, `appid` in v1.0 tokens.
    #[must_use]
    pub fn client_claim(&self) -> &'static str {
        if self.api.version_one { "appid" } else { "azp" }
    }

    pub(crate) fn honest(&self) -> (Map<String, Value>, Map<String, Value>) {
        let token = self.token().try_sign().expect("the built-in directory has alice and orders-spa");
        (token.header, token.claims)
    }

    /// Whether this very token is one of those whose parts [`Mutation::Swap`](crate::Mutation::Swap) takes: then its
    /// signature is right, and an API may accept it whatever was changed on the way.
    ///
    /// ```
    /// use entra_test_harness::{Mutation, Part, World};
    ///
    /// let world = World::now("https://mock-idp.example");
    /// let swap = |token: String, part| Mutation::Swap(part, 2).apply(&world, &token);
    /// let bobs_payload = swap(world.token().sign(), Part::Payload);
    /// assert!(!world.is_genuine(&bobs_payload));
    /// let all_of_bob = swap(swap(bobs_payload, Part::Header), Part::Signature);
    /// assert!(world.is_genuine(&all_of_bob));
    /// ```
    #[must_use]
    pub fn is_genuine(&self, token: &str) -> bool {
        self.all_genuine().iter().any(|genuine| genuine == token)
    }

    /// One of them. The first is [`token`](Self::token)'s.
    pub(crate) fn genuine(&self, which: u8) -> &str {
        let all = self.all_genuine();
        &all[usize::from(which) % all.len()]
    }

    /// The public key in PEM, and the modulus, as libraries have mistaken them for a secret.
    pub(crate) fn public_secrets(&self) -> &(String, Vec<u8>) {
        self.genuine.public_key.get_or_init(|| {
            let key = self.public_key();
            (key.spki_pem(), key.modulus().to_vec())
        })
    }

    fn all_genuine(&self) -> &[String] {
        self.genuine.tokens.get_or_init(|| {
            let honest = [self.token(), self.app_token(), self.token().user("bob")];
            // For another API, another time, another tenant, another purpose.
            let not_for_us = [
                self.token().audience("00000003-0000-0000-c000-000000000000"),
                self.token().expires_in(-3600),
                self.token().tenant("fabrikam"),
                self.token().id_token(),
                self.token().without_if_present("scp"),
            ];
            honest.iter().chain(&not_for_us).map(TokenBuilder::sign).collect()
        })
    }
}
