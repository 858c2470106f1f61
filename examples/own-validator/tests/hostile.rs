//! The catalogue, one test a case. `jsonwebtoken` leaves some of it to its caller, who has not thought of everything.

use entra_test_harness::{TokenCase, catalogue_tests};
use own_validator::{Policy, validate};

catalogue_tests!(hostile, |case: &TokenCase| {
    let keys = serde_json::from_value(case.keys.clone()).map_err(|error| error.to_string())?;
    let policy = Policy {
        issuer: case.issuer.clone(),
        tenant_id: case.tenant_id.clone(),
        audience: case.audience.clone(),
    };
    validate(&case.token, &keys, &policy).map(drop)
});
