//! The runner: plays cases and scenes against anything that judges tokens, and says how each ended.

mod outcome;
mod stage;
mod target;

pub use outcome::Outcome;
pub use stage::Stage;
pub use target::{Answer, Target, TargetError};
