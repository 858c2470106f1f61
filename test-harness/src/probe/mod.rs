//! The runner: plays cases and scenarios against anything that judges tokens, and reports how each ended.

#[cfg(feature = "probe")]
mod api;
#[cfg(feature = "runner")]
mod applies;
#[cfg(feature = "runner")]
mod divergence;
#[cfg(feature = "runner")]
mod exchange;
#[cfg(feature = "runner")]
mod findings;
#[cfg(all(feature = "probe", unix))]
mod group;
#[cfg(feature = "probe")]
mod http_target;
#[cfg(feature = "probe")]
mod options;
mod outcome;
#[cfg(feature = "runner")]
mod plan;
#[cfg(feature = "runner")]
mod play;
#[cfg(feature = "runner")]
mod printable;
#[cfg(feature = "probe")]
mod printed;
#[cfg(feature = "probe")]
mod process;
#[cfg(feature = "runner")]
mod report;
#[cfg(feature = "probe")]
mod run;
mod stage;
mod target;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "probe")]
mod watchdog;

#[cfg(feature = "runner")]
pub use divergence::Divergences;
#[cfg(feature = "probe")]
pub use options::Options;
pub use outcome::Outcome;
#[cfg(feature = "runner")]
pub use play::Progress;
#[cfg(feature = "runner")]
pub use report::{Counts, Report, Row};
#[cfg(feature = "probe")]
pub use run::{run, run_until};
pub use stage::Stage;
pub use target::{Answer, Target, TargetError};
#[cfg(feature = "tower")]
pub use tower::TowerStage;
#[cfg(all(feature = "probe", unix))]
pub use watchdog::watch;
