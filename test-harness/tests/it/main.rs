//! The harness from outside. One program, because linking one takes as long as all of its tests.

mod catalogue;
#[cfg(feature = "probe")]
mod entra_probe;
#[cfg(feature = "arbitrary")]
mod mutations;
#[cfg(feature = "probe")]
mod stage;
mod suite;
