//! The bodies of the fuzz targets, one function each, and the seeds that they start from.
//!
//! libFuzzer calls these functions through `fuzz/fuzz_targets/`; the tests here call them with every seed and every
//! input that once made one fail, on any toolchain. A function panics if what must hold does not hold.

mod authorization;
mod discovery;
mod fixture;
mod key_set;
pub mod mutation;
pub mod seeds;
mod token;
mod token_endpoint;
mod unsigned;

pub use authorization::authorization;
pub use discovery::discovery;
pub use key_set::key_set;
pub use mutation::mutation;
pub use token::token;
pub use token_endpoint::token_endpoint;
pub use unsigned::unsigned;

/// A fuzz target: its name, which is that of its folders, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 7] = [
    ("authorization", authorization),
    ("discovery", discovery),
    ("key_set", key_set),
    ("mutation", mutation),
    ("token", token),
    ("token_endpoint", token_endpoint),
    ("unsigned", unsigned),
];
