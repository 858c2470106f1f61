#![doc = include_str!("../README.md")]

mod case;
mod catalogue;
mod forgery;
mod jwe;
mod mock;
mod public_key;
mod rsa_block;
mod scene;
mod suite;

pub use case::{Attacker, Attempt, Carrier, Case, Expect, Provider, Setting, Severity};
pub use catalogue::catalogue;
pub use forgery::Forgery;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
pub use public_key::PublicKey;
pub use scene::Scene;
pub use suite::{Policy, Suite, SuiteCase, SuiteProvider, catalogue_page};
