//! A token that was verified: its claims, and what they permit.

mod auth_context;
#[cfg(feature = "token-cache")]
mod cache;
mod claims;
mod claims_challenge;
mod introspection;
mod permission;
mod response_settings;
mod tool_requirements;
#[cfg(feature = "http")]
mod unverified;
mod verified;

#[cfg(feature = "token-cache")]
pub use cache::CachingValidator;
#[cfg(all(feature = "token-cache", feature = "http"))]
pub(crate) use cache::TokenCache;
pub use claims::{Claims, TokenVersion};
pub(crate) use claims::{Dialect, Expected};
pub use claims_challenge::ClaimsChallenge;
#[cfg(feature = "http")]
pub(crate) use claims_challenge::quotable;
pub use introspection::Introspection;
pub use permission::{Forbidden, Requirement};
#[cfg(feature = "http")]
pub(crate) use response_settings::ResponseSettings;
pub use tool_requirements::ToolRequirements;
#[cfg(feature = "http")]
pub(crate) use unverified::unverified_claim;
pub(crate) use verified::Signed;
pub use verified::{Groups, VerifiedToken};
