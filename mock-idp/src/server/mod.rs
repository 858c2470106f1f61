//! The mock in a test: one line to start, nothing to stop.

mod builder;
mod mock_idp;
mod serve;
mod start_error;

pub use builder::MockIdpBuilder;
pub use mock_idp::MockIdp;
pub use start_error::StartError;
