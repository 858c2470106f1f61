//! The validator from outside. One program, because linking one takes as long as all of its tests.

mod authorities;
mod axum;
mod boundaries;
mod catalogue;
mod claims;
mod customers;
mod differential;
mod fixture;
mod grpc;
mod introspection;
mod key_documents;
mod key_limits;
mod key_outages;
mod key_readiness;
mod key_runtimes;
mod key_sources;
mod layer;
mod observability;
mod policies;
mod properties;
mod remote_keys;
mod scenarios;
mod steps;
mod support;
mod token_cache;
mod words;
