#![doc = include_str!("../README.md")]

mod attempt;
mod case;
mod catalogue;
mod forge;
#[doc(hidden)]
pub mod generated;
mod jwe;
mod key_source;
mod mock;
mod probe;
mod public_key;
mod rating;
mod rsa_block;
mod scenario;
pub mod strategies;
mod suite;
mod world;

pub use attempt::{Attempt, Carrier, Provider};
pub use case::Case;
pub use catalogue::{Group, catalogue, groups, scenarios};
pub use forge::{Forge, Forgery};
pub use key_source::KeySourceFault;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
#[cfg(all(feature = "probe", unix))]
pub use probe::watch;
pub use probe::{Answer, Outcome, Stage, Target, TargetError};
#[cfg(feature = "probe")]
pub use probe::{Counts, Divergences, Options, Progress, Report, Row, run, run_until};
pub use public_key::PublicKey;
pub use rating::{Attacker, Expect, Setting, Severity};
pub use scenario::{Act, Moment, Request, Scenario, Start};
pub use suite::{Policy, Suite, SuiteAct, SuiteCase, SuiteProvider, SuiteScenario};
pub use world::World;
