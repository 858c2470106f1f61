//! Step 8: the claims set, as JSON, claim by claim, and all of them together.

mod dates;
mod json;
mod presence;
mod types;

use super::Group;

pub(super) const GROUP: Group = Group {
    step: Some(8),
    name: "claims",
    codes: &["auth_token_claims_invalid", "auth_token_claim_missing"],
    reference: "Entra: access token claims reference",
    about: "The claims set: as JSON, its types, what must be there, what contradicts itself.",
    harm: "A check that does not find what it looks for is passed over; two readers see two users; an \
        ID token opens an API.",
    rows: &[json::ROWS, presence::ROWS, types::ROWS, dates::ROWS],
};
