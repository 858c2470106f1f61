//! The catalogue: every known way in which a token, a request or an identity provider goes wrong, as data.
//!
//! One file a group (a folder where it is large), in the order of the validation steps; one literal a case; one defect a case. Adding a case is one
//! edit in one file.

use crate::{Case, Scenario};

mod algorithm;
mod audience;
mod authorization;
mod claims;
mod client;
mod compact;
mod control;
mod group;
mod header;
mod issuer;
mod key;
mod lifetime;
mod permission;
mod provider;
mod scenarios;
mod scope;
mod signature;
mod subject;
mod tenant;
mod typ;
mod version;

pub use group::{Group, groups};

/// The whole catalogue: the controls first, then the groups in the order of the validation steps.
///
/// ```
/// let catalogue: Vec<_> = entra_test_harness::catalogue().collect();
/// assert!(catalogue[0].id.starts_with("control::"));
/// ```
pub fn catalogue() -> impl Iterator<Item = &'static Case> {
    CASES.iter().copied().flatten()
}

/// The scenarios: what the identity provider does, and what strangers make the API ask of it.
///
/// ```
/// assert!(entra_test_harness::scenarios().iter().all(|scenario| scenario.id.starts_with("scenario::")));
/// ```
#[must_use]
pub fn scenarios() -> &'static [Scenario] {
    scenarios::SCENARIOS
}

const CASES: &[&[Case]] = &[
    control::CASES,
    authorization::CASES,
    compact::CASES,
    header::CASES,
    algorithm::CASES,
    typ::CASES,
    key::CASES,
    signature::CASES,
    claims::json::CASES,
    claims::presence::CASES,
    claims::types::CASES,
    claims::dates::CASES,
    version::CASES,
    tenant::CASES,
    issuer::CASES,
    audience::CASES,
    lifetime::CASES,
    permission::CASES,
    client::CASES,
    subject::CASES,
    scope::CASES,
    provider::CASES,
];
