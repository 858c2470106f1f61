//! The catalogue: every known way in which a token, a request or an identity provider goes wrong, as data.
//!
//! A file, or a folder where it is large, is a group; a row is a case; a case is one defect. To add a case, add a row.

use std::sync::LazyLock;

use crate::{Case, Scenario};

mod algorithm;
mod audience;
mod authorization;
mod claims;
mod client;
mod compact;
mod control;
mod cost;
mod expiry;
mod group;
mod header;
mod issued_at;
mod issuer;
mod key;
mod kid;
mod not_before;
mod permission;
mod provider;
mod row;
mod scenarios;
mod scope;
mod signature;
mod subject;
mod tenant;
mod typ;
mod version;

pub use group::Group;
pub(crate) use row::{Documents, Row, Sent};

/// All groups: the controls, the request, the validation steps in their order, and what is around them.
///
/// ```
/// use entra_test_harness::groups;
///
/// let steps: Vec<u8> = groups().iter().filter_map(|group| group.step).collect();
/// assert!(steps.is_sorted() && steps.first() == Some(&1));
/// ```
#[must_use]
pub fn groups() -> &'static [Group] {
    GROUPS
}

/// The whole catalogue: the controls first, then the groups in their order.
///
/// ```
/// let catalogue: Vec<_> = entra_test_harness::catalogue().collect();
/// assert!(catalogue[0].id.starts_with("control::"));
/// ```
pub fn catalogue() -> impl Iterator<Item = &'static Case> {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| GROUPS.iter().flat_map(Group::cases).collect());
    CASES.iter()
}

/// The scenarios: what the identity provider does, and what strangers make the API ask of it.
///
/// ```
/// assert!(entra_test_harness::scenarios().iter().all(|scenario| scenario.id.starts_with("scenario::")));
/// ```
#[must_use]
pub fn scenarios() -> &'static [Scenario] {
    static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| scenarios::all().collect());
    &SCENARIOS
}

const GROUPS: &[Group] = &[
    control::GROUP,
    authorization::GROUP,
    compact::GROUP,
    header::GROUP,
    algorithm::GROUP,
    typ::GROUP,
    kid::GROUP,
    key::GROUP,
    signature::GROUP,
    claims::GROUP,
    version::GROUP,
    tenant::GROUP,
    issuer::GROUP,
    audience::GROUP,
    expiry::GROUP,
    not_before::GROUP,
    issued_at::GROUP,
    permission::GROUP,
    client::GROUP,
    subject::GROUP,
    scope::GROUP,
    cost::GROUP,
    provider::GROUP,
    scenarios::GROUP,
];
