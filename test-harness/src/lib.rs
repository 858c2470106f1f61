#![doc = include_str!("../README.md")]

mod behaviour;
mod case;
mod catalogue;
mod forgery;
mod jwe;
mod key_source;
mod mock;
mod probe;
mod public_key;
mod rsa_block;
mod scene;
pub mod strategies;
mod suite;

pub use behaviour::{Behaviour, Forge, Moment, Start, Step};
pub use case::{Attacker, Attempt, Carrier, Case, Expect, Provider, Setting, Severity};
pub use catalogue::{Group, behaviours, catalogue, groups};
pub use forgery::Forgery;
pub use key_source::KeySourceFault;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
pub use probe::{Answer, Outcome, Stage, Target, TargetError};
#[cfg(feature = "probe")]
pub use probe::{Counts, Divergences, Options, Progress, Report, Row, run};
pub use public_key::PublicKey;
pub use scene::Scene;
pub use suite::{Policy, Suite, SuiteCase, SuiteProvider, SuiteScene, SuiteStep, page::catalogue_page};
