//! What a test names: `use entra_test_harness::prelude::*;`

pub use crate::{
    Clock, Endpoint, Fault, MockClaims, MockIdp, MockJwks, MockJwtClient, Rotation, Signature, Stage, Tls,
    TokenCase, World, catalogue, catalogue_tests,
};
