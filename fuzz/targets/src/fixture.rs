//! The world that every target plays in: one API, one tenant, one moment.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use entra_test_harness::{Attempt, Case, World, catalogue};
use entra_validator::{Authority, KeySet, Rejection, Step, Validator};

/// 2026-01-01, in seconds since 1970.
pub(crate) const NOW: i64 = 1_767_225_600;
/// A URL that nobody serves.
pub(crate) const BASE_URL: &str = "https://mock-idp.example";

/// What a token is judged with.
pub(crate) struct Fixture {
    pub(crate) world: World,
    /// Every genuine token that is for us.
    pub(crate) acceptable: [String; 3],
    pub(crate) validator: Validator,
    pub(crate) keys: KeySet,
}

pub(crate) static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let world = World::fixed(NOW, BASE_URL);
    Fixture {
        validator: Validator::new(authority(&world), world.audience()),
        keys: KeySet::from_jwks(world.key_set().to_string().as_bytes()).expect("the honest keys are usable"),
        acceptable: [world.token(), world.app_token(), world.token().user("bob")].map(|token| token.sign()),
        world,
    }
});

/// Every case of the catalogue, forged once for each process.
pub(crate) static ATTEMPTS: LazyLock<Vec<(&Case, Attempt)>> =
    LazyLock::new(|| catalogue().map(|case| (case, case.forge(&FIXTURE.world))).collect());

pub(crate) fn authority(world: &World) -> Authority {
    Authority::from_url(&world.authority()).expect("the world has an authority of the usual form")
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs())
}

impl Fixture {
    /// How far a token gets.
    pub(crate) fn judge(&self, token: &str) -> Verdict {
        match self.validator.validate(token, &self.keys, now()) {
            Ok(_) => Verdict::Accepted,
            Err(rejection) if is_before_claims(&rejection) => Verdict::Unsigned,
            Err(_) => Verdict::Signed,
        }
    }
}

/// How far a token gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It has no valid signature by the identity provider.
    Unsigned,
    /// The identity provider signed it, but for another API or time, or with invalid claims.
    Signed,
    /// It is accepted.
    Accepted,
}

/// Whether a step refused it that does not read claims.
pub(crate) fn is_before_claims(rejection: &Rejection) -> bool {
    rejection.step() <= Step::Signature
}
