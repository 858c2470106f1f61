//! A world at a fixed time, and the validator that judges its tokens.

use entra_test_harness::World;
use entra_validator::{Authority, KeySet, Rejection, Validator, VerifiedToken};

use crate::support::{NOW, at};

pub(crate) fn world() -> World {
    World::fixed(NOW, "https://login.example")
}

pub(crate) fn keys(world: &World) -> KeySet {
    KeySet::from_jwks(world.key_set().to_string().as_bytes()).unwrap()
}

pub(crate) fn validator(world: &World) -> Validator {
    Validator::new(Authority::from_url(&world.authority()).unwrap(), world.audience())
}

pub(crate) fn verified(validator: &Validator, world: &World, token: &str) -> VerifiedToken {
    validator.validate(token, &keys(world), at(0)).unwrap()
}

/// The code of the refusal, or `accepted`.
pub(crate) fn verdict(outcome: &Result<VerifiedToken, Rejection>) -> &'static str {
    outcome.as_ref().map_or_else(|rejection| rejection.code().as_str(), |_| "accepted")
}

/// [`verdict`] on a token of this world at its time.
pub(crate) fn code(validator: &Validator, world: &World, token: &str) -> &'static str {
    verdict(&validator.validate(token, &keys(world), at(0)))
}
