//! Cases for a function that judges tokens, and a test for each.

#[rustfmt::skip]
mod cases;
mod tests;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{Attempt, Case, Expect, Provider, Setting, World};

pub use tests::CatalogueTests;

/// A token, and what a function needs to judge it: most of the catalogue, for validators that have no HTTP around them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenCase {
    /// `group::defect`.
    pub id: &'static str,
    /// What the case is, in one sentence.
    pub summary: &'static str,
    /// The verdict of a correct validator.
    pub expect: Expect,
    /// The token in compact form.
    pub token: String,
    /// The key set to judge it by (RFC 7517 §5). `Display` writes it as JSON.
    pub keys: Value,
    /// The identity provider's metadata, for validators that read it (OpenID Connect Discovery §3).
    pub metadata: Value,
    /// The authority, as a client library is configured with it: the identity provider's URL and the tenant.
    pub authority: String,
    /// The only issuer.
    pub issuer: String,
    /// The only tenant, a GUID.
    pub tenant_id: String,
    /// The only audience.
    pub audience: String,
    /// The time at which it was made.
    pub now: SystemTime,
}

impl Case {
    /// The case as a function meets it that judges tokens.
    ///
    /// ```
    /// use entra_test_harness::{World, catalogue};
    ///
    /// let world = World::now("https://mock-idp.example");
    /// let playable = catalogue().filter_map(|case| case.for_function(&world).ok()).count();
    /// assert!(playable > 400);
    /// ```
    ///
    /// # Errors
    ///
    /// Why no function can judge it: it is about more than a token and a key set.
    pub fn for_function(&self, world: &World) -> Result<TokenCase, &'static str> {
        match self.setting {
            Setting::Plain | Setting::VersionTwo => {}
            Setting::AppOnly => return Err("for a route that accepts app-only tokens"),
            Setting::AllowedClient => return Err("for an API that accepts one client only"),
            Setting::AllowedSubject => return Err("for an API that accepts one subject only"),
            Setting::RequiredScope => return Err("for a route that requires a scope"),
            Setting::RequiredRole => return Err("for a route that requires an app role"),
            Setting::AnyOrganization => return Err("for an API that serves every tenant"),
        }
        let attempt = self.forge(world);
        let Attempt { elsewhere: None, provider: Provider::Honest, .. } = &attempt else {
            return Err(match attempt.provider {
                Provider::Honest => "the token is not in the Authorization header",
                _ => "the identity provider publishes other documents",
            });
        };
        Ok(TokenCase {
            id: self.id,
            summary: self.summary,
            expect: self.expect,
            token: attempt.bearer().ok_or("the request does not carry a single bearer token")?.to_owned(),
            keys: attempt.key_set.unwrap_or_else(|| world.key_set()),
            metadata: serde_json::from_str(&world.discovery_document(&world.issuer())).unwrap_or_default(),
            authority: world.authority(),
            issuer: world.issuer(),
            tenant_id: world.tenant_id().to_owned(),
            audience: world.audience().to_owned(),
            now: UNIX_EPOCH + Duration::from_secs(world.time().unsigned_abs()),
        })
    }
}
