//! A token that was verified: its claims, and what they permit.

mod auth_context;
#[cfg(feature = "token-cache")]
mod cache;
mod claims;
mod claims_challenge;
mod introspection;
mod permission;
mod verified;

#[cfg(feature = "token-cache")]
pub use cache::CachingValidator;
#[cfg(all(feature = "token-cache", feature = "http"))]
pub(crate) use cache::TokenCache;
pub(crate) use claims::Expected;
pub use claims::{Claims, TokenVersion};
pub use claims_challenge::ClaimsChallenge;
pub use introspection::Introspection;
pub use permission::{Forbidden, Requirement};
pub(crate) use verified::Signed;
pub use verified::{Groups, VerifiedToken};
