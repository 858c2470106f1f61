//! A process group: the API with all that it started and that did not leave the group.

use std::{
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

/// How long a group may take to end when asked to, and again when killed.
const PARTING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(5);

#[derive(Debug, Clone, Copy)]
pub(super) struct Group(Pid);

impl Group {
    /// The group that this process leads, or has led: it exists until its last member is gone.
    ///
    /// 0 and 1 lead no group of ours: to signal them would reach this process, or all.
    pub(super) fn of(leader: u32) -> Option<Self> {
        i32::try_from(leader).ok().filter(|leader| *leader > 1).map(|leader| Self(Pid::from_raw(leader)))
    }

    /// Asks all members to end, and kills those that have not ended in time. `reap` collects the status of this process's own
    /// child, which is a member until then.
    pub(super) fn end(self, mut reap: impl FnMut()) {
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            if killpg(self.0, signal).is_err() {
                return;
            }
            let begun = Instant::now();
            while begun.elapsed() < PARTING {
                reap();
                if self.is_empty() {
                    // It may have ended since.
                    reap();
                    return;
                }
                thread::sleep(PAUSE);
            }
        }
    }

    /// Whether nobody is left who could be signalled.
    fn is_empty(self) -> bool {
        killpg(self.0, None).is_err() || self.has_only_zombies()
    }

    /// In many containers the first process reaps nobody, so that a member which ended stays one for good.
    #[cfg(target_os = "linux")]
    fn has_only_zombies(self) -> bool {
        let Ok(processes) = std::fs::read_dir("/proc") else { return false };
        let group = self.0.to_string();
        // proc_pid_stat(5): PID (COMMAND) STATE PARENT GROUP ..
        !processes.flatten().filter_map(|of| std::fs::read_to_string(of.path().join("stat")).ok()).any(|stat| {
            let fields = stat.rsplit_once(") ").map(|(_, fields)| fields.split(' ').collect::<Vec<_>>());
            matches!(fields.as_deref(), Some([state, _, of, ..]) if *of == group && !matches!(*state, "Z" | "X"))
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn has_only_zombies(self) -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{os::unix::process::CommandExt as _, process::Command};

    use super::*;

    #[test]
    fn a_member_that_ended_counts_no_more_though_nobody_reaps_it() {
        let mut child = Command::new("true").process_group(0).spawn().unwrap();
        let group = Group::of(child.id()).unwrap();
        let begun = Instant::now();
        while !group.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(60));
        }
        child.wait().unwrap();
    }
}
