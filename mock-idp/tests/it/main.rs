//! The mock from outside, through real sockets. One program, because linking one takes as long as all of its tests.

#![expect(clippy::unreadable_literal, reason = "AADSTS numbers are looked for as they appear on the wire")]

mod authorization_code;
mod authorize_page;
mod captured_shapes;
mod client_assertion;
mod client_credentials;
mod consent;
mod control;
mod control_guard;
mod cross_origin;
mod decode;
mod device_code;
mod directory_claims;
mod directory_files;
mod discovery;
mod faults;
mod federation;
mod front_channel;
mod graph;
mod graph_tokens;
mod id_tokens;
mod lifetimes;
mod limits;
mod on_behalf_of;
mod openapi;
mod pages;
mod password;
mod pkce;
mod process;
mod program;
mod recorded_requests;
mod refresh_token;
mod router;
mod scopes;
mod support;
mod surroundings;
mod tenant_isolation;
mod tls;
mod version_one;
