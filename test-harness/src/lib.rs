#![doc = include_str!("../README.md")]

mod case;
mod catalogue;
mod mock;
mod public_key;
mod scene;
mod suite;

pub use case::{Attacker, Attempt, Case, Expect, Provider, Setting, Severity};
pub use catalogue::catalogue;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
pub use public_key::PublicKey;
pub use scene::{Forgery, Scene};
pub use suite::{Policy, Suite, SuiteCase, SuiteProvider, catalogue_page};
