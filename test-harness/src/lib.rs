#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(doctest, feature = "arbitrary"))]
#[doc = include_str!("../../docs/fuzzing.md")]
struct FuzzingPage;

#[cfg(feature = "catalogue")]
mod attempt;
#[cfg(feature = "catalogue")]
mod case;
#[cfg(feature = "catalogue")]
mod catalogue;
#[cfg(feature = "catalogue")]
mod catalogue_tests;
#[cfg(feature = "catalogue")]
mod corpus;
#[cfg(feature = "catalogue")]
mod forge;
#[cfg(feature = "catalogue")]
#[doc(hidden)]
pub mod generated;
#[cfg(feature = "catalogue")]
mod jwe;
#[cfg(feature = "catalogue")]
mod key_source;
mod mock;
#[cfg(feature = "catalogue")]
mod mutation;
pub mod prelude;
#[cfg(feature = "catalogue")]
mod probe;
#[cfg(feature = "catalogue")]
mod public_key;
#[cfg(feature = "catalogue")]
mod rating;
#[cfg(feature = "catalogue")]
mod rsa_block;
#[cfg(feature = "catalogue")]
mod scenario;
#[cfg(feature = "proptest")]
pub mod strategies;
#[cfg(feature = "catalogue")]
mod suite;
#[cfg(feature = "catalogue")]
mod token_case;
#[cfg(feature = "catalogue")]
mod world;

#[cfg(feature = "catalogue")]
pub use attempt::{Attempt, Carrier, Provider};
#[cfg(feature = "catalogue")]
pub use case::Case;
#[cfg(feature = "catalogue")]
pub use catalogue::{Group, catalogue, groups, scenarios};
#[cfg(feature = "catalogue")]
pub use corpus::{DICTIONARY, corpus};
pub use entra_mock_idp;
pub use entra_mock_idp::{
    App, Clock, Directory, Endpoint, Fault, MockIdp, Outcome as RequestOutcome, Rotation, Signature,
    SigningKey, StartError, Tenant, TokenBuilder, TokenVersion, User,
};
#[cfg(feature = "tls")]
pub use entra_mock_idp::{Tls, local_ca};
#[cfg(feature = "catalogue")]
pub use forge::{Forge, Forgery};
#[cfg(feature = "catalogue")]
pub use key_source::KeySourceFault;
pub use mock::{MockClaims, MockJwks, MockJwtClient};
#[cfg(feature = "catalogue")]
pub use mutation::{Json, Mutation, NewValue, Part, Retype, Side, Signer, Spelling};
#[cfg(feature = "tower")]
pub use probe::TowerStage;
#[cfg(all(feature = "probe", unix))]
pub use probe::watch;
#[cfg(feature = "catalogue")]
pub use probe::{Answer, Outcome, Stage, Target, TargetError};
#[cfg(feature = "runner")]
pub use probe::{Counts, Divergences, Progress, Report, Row};
#[cfg(feature = "probe")]
pub use probe::{Options, run, run_until};
#[cfg(feature = "catalogue")]
pub use public_key::PublicKey;
#[cfg(feature = "catalogue")]
pub use rating::{Attacker, Expect, Setting, Severity};
#[cfg(feature = "catalogue")]
pub use scenario::{Act, Moment, Request, Scenario, Start};
#[cfg(feature = "catalogue")]
pub use suite::{Policy, Suite, SuiteAct, SuiteCase, SuiteProvider, SuiteScenario};
#[cfg(feature = "catalogue")]
#[doc(hidden)]
pub use token_case::CatalogueTests;
#[cfg(feature = "catalogue")]
pub use token_case::TokenCase;
#[cfg(feature = "catalogue")]
pub use world::World;
