//! The catalogue as tests with names.

use std::time::SystemTime;

use entra_test_harness::{TokenCase, catalogue_tests};
use entra_validator::{Authority, KeySet, ProviderMetadata, Validator};

/// With the system's clock, as in production.
fn judge(case: &TokenCase) -> Result<(), String> {
    let authority = Authority::from_url(&case.authority).map_err(|error| error.to_string())?;
    let metadata = ProviderMetadata::parse(case.metadata.to_string().as_bytes(), &authority)
        .map_err(|error| error.to_string())?;
    let validator = Validator::new(authority, case.audience.as_str());
    let keys = KeySet::from_jwks(case.keys.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let keys = keys.with_metadata(&metadata);
    validator.validate(&case.token, &keys, SystemTime::now()).map(drop).map_err(|error| error.to_string())
}

catalogue_tests!(cases, judge);
