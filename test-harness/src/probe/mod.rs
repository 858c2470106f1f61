//! The runner: plays cases and scenarios against anything that judges tokens, and reports how each ended.

#[cfg(feature = "probe")]
mod api;
#[cfg(feature = "probe")]
mod divergence;
#[cfg(all(feature = "probe", unix))]
mod group;
#[cfg(feature = "probe")]
mod http_target;
#[cfg(feature = "probe")]
mod options;
mod outcome;
#[cfg(feature = "probe")]
mod plan;
#[cfg(feature = "probe")]
mod printable;
#[cfg(feature = "probe")]
mod printed;
#[cfg(feature = "probe")]
mod process;
#[cfg(feature = "probe")]
mod report;
#[cfg(feature = "probe")]
mod run;
mod stage;
mod target;
#[cfg(feature = "probe")]
mod watchdog;

#[cfg(feature = "probe")]
pub use divergence::Divergences;
#[cfg(feature = "probe")]
pub use options::Options;
pub use outcome::Outcome;
#[cfg(feature = "probe")]
pub use report::{Counts, Report, Row};
#[cfg(feature = "probe")]
pub use run::{Progress, run, run_until};
pub use stage::Stage;
pub use target::{Answer, Target, TargetError};
#[cfg(all(feature = "probe", unix))]
pub use watchdog::watch;
