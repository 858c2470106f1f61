#![doc = include_str!("../README.md")]

#[cfg(all(doctest, feature = "arbitrary"))]
#[doc = include_str!("../../docs/fuzzing.md")]
struct FuzzingPage;

mod attempt;
mod case;
mod catalogue;
mod catalogue_tests;
mod corpus;
mod forge;
#[doc(hidden)]
pub mod generated;
mod jwe;
mod key_source;
mod mock;
mod mutation;
pub mod prelude;
mod probe;
mod public_key;
mod rating;
mod rsa_block;
mod scenario;
#[cfg(feature = "proptest")]
pub mod strategies;
mod suite;
mod token_case;
mod world;

pub use attempt::{Attempt, Carrier, Provider};
pub use case::Case;
pub use catalogue::{Group, catalogue, groups, scenarios};
pub use corpus::{DICTIONARY, corpus};
pub use entra_mock_idp;
pub use entra_mock_idp::{
    Clock, Endpoint, Fault, MockIdp, Rotation, Signature, SigningKey, TokenBuilder, TokenVersion,
};
#[cfg(feature = "tls")]
pub use entra_mock_idp::{Tls, local_ca};
pub use forge::{Forge, Forgery};
pub use key_source::KeySourceFault;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
pub use mutation::{Json, Mutation, NewValue, Part, Retype, Side, Signer, Spelling};
#[cfg(all(feature = "probe", unix))]
pub use probe::watch;
pub use probe::{Answer, Outcome, Stage, Target, TargetError};
#[cfg(feature = "probe")]
pub use probe::{Counts, Divergences, Options, Progress, Report, Row, run, run_until};
pub use public_key::PublicKey;
pub use rating::{Attacker, Expect, Setting, Severity};
pub use scenario::{Act, Moment, Request, Scenario, Start};
pub use suite::{Policy, Suite, SuiteAct, SuiteCase, SuiteProvider, SuiteScenario};
#[doc(hidden)]
pub use token_case::CatalogueTests;
pub use token_case::TokenCase;
pub use world::World;
