//! What outlives the probe to end what it started, if the probe itself is killed.

use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
};

use super::TargetError;

/// A process that learns from its standard input which group to end when that input closes, which it does when this process
/// ends, however it ends.
#[derive(Debug)]
pub(super) struct Watchdog(Child);

impl Watchdog {
    /// Starts the command, which must call [`watch`](fn@super::watch).
    pub(super) fn start(command: &[String]) -> Result<Option<Self>, TargetError> {
        let [program, arguments @ ..] = command else { return Ok(None) };
        let mut command = Command::new(program);
        // It holds no stream that somebody may read to its end.
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // What is sent to the group of this process must not reach it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().map_err(|error| {
            TargetError::new(format!(
                "cannot start {program:?}, which cleans up if the probe is killed: {error}"
            ))
        })?;
        Ok(Some(Self(child)))
    }

    /// Names the group to end from now on, by its leader. 0 names none.
    pub(super) fn guard(&self, leader: u32) {
        // Somebody may have ended it. The run does not need it.
        _ = self.0.stdin.as_ref().map(|mut input| input.write_all(format!("{leader}\n").as_bytes()));
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // This closes its input first.
        _ = self.0.wait();
    }
}

/// Reads the leaders of process groups from standard input, one per line, until it closes, and ends the group that was named
/// last; 0 names none. For the program in [`Options::watchdog`](super::Options::watchdog).
#[cfg(unix)]
pub fn watch() {
    let leader = std::io::stdin().lines().map_while(Result::ok).last();
    if let Some(group) = leader.and_then(|leader| super::group::Group::of(leader.parse().ok()?)) {
        group.end(|| {});
    }
}
