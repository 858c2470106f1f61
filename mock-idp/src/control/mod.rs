//! The control surface: health, directory, forge, decoder, keys, clock, faults, requests. For tests on this machine.

mod forge;
mod guard;
mod handlers;
mod openapi;
mod operation;
mod refusal;
mod requests;
mod responses;
mod routes;

pub use forge::ForgeRequest;
pub(crate) use routes::{openapi, router};
