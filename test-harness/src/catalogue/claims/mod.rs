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
    about: "The claims set: its JSON, the types of its claims, required claims, contradictions.",
    harm: "A check is skipped because it does not find its claim, two parsers see two users, or an ID \
        token opens the API.",
    rows: &[json::ROWS, presence::ROWS, types::ROWS, dates::ROWS],
};
