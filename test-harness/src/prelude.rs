//! What a test names: `use entra_test_harness::prelude::*;`

pub use crate::{Clock, Endpoint, Fault, MockClaims, MockIdp, MockJwks, MockJwtClient, Rotation, Signature};
#[cfg(feature = "catalogue")]
pub use crate::{Stage, TokenCase, World, catalogue, catalogue_tests};
#[cfg(feature = "tls")]
pub use crate::{Tls, local_ca};
