//! Property-test strategies ([`mod@proptest`]): honest tokens, every single change to one, and documents of every kind.
//!
//! What holds for all of them:
//!
//! - [`honest_claims`] signed with the honest key must be accepted;
//! - a token that a [`Mutation`](crate::Mutation) changed must be refused, since it is not signed again;
//! - [`header`], [`hostile_json`], [`key_set`] and [`discovery_document`] may be refused or not, but must not crash the API,
//!   nor make it accept a token that the honest key did not sign.
//!
//! ```
//! use entra_test_harness::{World, strategies};
//! use proptest::prelude::*;
//!
//! let world = World::now("https://mock-idp.example");
//! let honest = world.token().sign();
//! // In your own test: `#[test] fn ...` within `proptest! { ... }`.
//! proptest!(ProptestConfig::with_cases(20), |(mutation in strategies::mutation())| {
//!     let token = mutation.apply(&world, &honest);
//!     // assert that your API refuses `token`, unless it is the honest one
//!     prop_assert!(token == honest || !world.is_genuine(&token));
//! });
//! ```
//!
//! A failure shrinks to the smallest change that shows it, and prints as one: `SetMember(Payload, "aud", Json(Null))`.

mod document;
mod json;
mod mutation;

pub use document::{discovery_document, key_set};
pub use json::{header, hostile_json, json_value};
pub use mutation::mutation;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::World;

/// The claims of a token that Entra could have issued for the world's API: a user's or app-only, with or without optional
/// claims, valid now. Sign them with `world.token().raw_payload(..)`; a correct validator accepts them.
///
/// ```
/// use entra_test_harness::{World, strategies};
/// use proptest::prelude::*;
///
/// let world = World::now("https://mock-idp.example");
/// proptest!(ProptestConfig::with_cases(20), |(claims in strategies::honest_claims(&world))| {
///     let token = world.token().raw_payload(serde_json::to_vec(&claims).unwrap()).sign();
///     // assert that your API accepts `token`
///     prop_assert_eq!(token.split('.').count(), 3);
/// });
/// ```
pub fn honest_claims(world: &World) -> impl Strategy<Value = Map<String, Value>> + use<> {
    let base =
        |token: entra_mock_idp::TokenBuilder| token.try_sign().map(|token| token.claims).unwrap_or_default();
    let (user, program) = (base(world.token()), base(world.app_token()));
    let now = world.time();
    let permissions = prop::collection::vec("[A-Z][a-z]{2,8}\\.(Read|Write|All)", 1..5);
    let optional =
        prop::collection::btree_map("(xms_[a-z]{1,6}|email|ipaddr|given_name)", json_value(), 0..6);
    (any::<bool>(), permissions, optional, 1_i64..80_000, 1_i64..80_000, any::<bool>()).prop_map(
        move |(delegated, permissions, optional, age, rest, audience_in_array)| {
            let mut claims = if delegated { user.clone() } else { program.clone() };
            claims.extend(optional);
            claims.insert("iat".to_owned(), json!(now - age));
            claims.insert("nbf".to_owned(), json!(now - age));
            claims.insert("exp".to_owned(), json!(now + rest));
            if delegated {
                claims.insert("scp".to_owned(), json!(permissions.join(" ")));
            } else {
                claims.insert("roles".to_owned(), json!(permissions));
            }
            if audience_in_array {
                claims["aud"] = json!([claims["aud"]]);
            }
            claims
        },
    )
}
