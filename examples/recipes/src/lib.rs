//! `entra-validator` in the frameworks and situations that its documentation does not show: a file for each, to copy from.
//! Each has its test in `tests/`.

pub mod actix;
pub mod cors;
pub mod graphql;
pub mod lambda;
pub mod on_behalf_of;
pub mod readiness;
pub mod tonic;
