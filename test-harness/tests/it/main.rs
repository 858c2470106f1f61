//! The harness from outside. One program, because linking one takes as long as all of its tests.

#[cfg(all(feature = "probe", target_os = "linux"))]
mod api;
mod catalogue;
#[cfg(all(feature = "probe", target_os = "linux"))]
mod cleanup;
#[cfg(feature = "probe")]
mod entra_probe;
#[cfg(feature = "probe")]
mod hostile_api;
#[cfg(feature = "arbitrary")]
mod mutations;
#[cfg(feature = "probe")]
mod stage;
mod suite;
#[cfg(feature = "tower")]
mod tower;
