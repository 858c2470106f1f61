//! The claims set, step 8: as JSON, claim by claim, and all of them together.

pub(super) mod dates;
pub(super) mod json;
pub(super) mod presence;
pub(super) mod types;
