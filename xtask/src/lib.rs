//! The project's own chores, as a library so that tests can use them: what is generated, which file imports which, and
//! what happens when a step of the validation is deleted.

pub mod deleted_steps;
pub mod generated;
mod imports;

pub use imports::Imports;
