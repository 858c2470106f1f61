//! The API as a process: started, stopped, and distinguished from one that crashed.

use std::{
    io::Read,
    process::{Command, ExitStatus, Stdio},
    sync::Arc,
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use super::{TargetError, printed::Printed, watchdog::Watchdog};

/// How to start the API.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) command: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) watchdog: Option<Arc<Watchdog>>,
}

/// A running API. Dropping it ends it, with all that it started.
#[derive(Debug)]
pub(super) struct Process {
    child: Box<dyn ChildWrapper>,
    printed: Printed,
    name: String,
    watchdog: Option<Arc<Watchdog>>,
}

/// What became of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// It ended by itself: a crash.
    Ended(String),
    /// Somebody stopped it.
    Killed(String),
}

impl Start {
    pub(super) fn start(&self) -> Result<Process, TargetError> {
        let [program, arguments @ ..] = self.command.as_slice() else {
            return Err(TargetError::new("there is no command to start the API with"));
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        let mut child = command
            .spawn()
            .map_err(|error| TargetError::new(format!("cannot start {program:?}: {error}")))?;
        let watchdog = self.watchdog.clone();
        if let Some(watchdog) = &watchdog {
            watchdog.guard(child.id());
        }
        let streams = [
            child.stdout().take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr().take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        let printed = Printed::keep(streams.into_iter().flatten());
        Ok(Process { child, printed, name: program.clone(), watchdog })
    }
}

impl Process {
    pub(super) fn state(&mut self) -> State {
        match self.child.try_wait() {
            Ok(None) => State::Running,
            Ok(Some(status)) => self.how(status),
            Err(error) => State::Ended(error.to_string()),
        }
    }

    fn how(&self, status: ExitStatus) -> State {
        let message = format!("{:?} ended with {status}", self.name);
        // SIGINT, SIGKILL and SIGTERM come from outside; others are the program's own fault.
        if matches!(signal(status), Some(2 | 9 | 15)) {
            return State::Killed(message);
        }
        State::Ended(message)
    }

    /// What it printed last, for a message.
    pub(super) fn last_words(&self) -> String {
        self.printed.last_words()
    }

    /// Asks it and all that it started to end, and kills what has not ended in time.
    fn stop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = super::group::Group::of(self.child.id()) {
            group.end(|| _ = self.child.try_wait());
        }
        #[cfg(not(unix))]
        {
            // There is nothing left to do if killing fails.
            _ = self.child.kill();
        }
        if let Some(watchdog) = &self.watchdog {
            watchdog.guard(0);
        }
    }
}

/// The signal that ended the program, or the one that ended what it waited for: a shell reports that one as 128 and its number.
#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal().or_else(|| status.code().map(|code| code - 128))
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_process_is_no_zombie() {
        let command = ["sleep", "600"].map(str::to_owned).to_vec();
        let start = Start { command, environment: Vec::new(), watchdog: None };
        for _ in 0..20 {
            let process = start.start().unwrap();
            let status = format!("/proc/{}/status", process.child.id());
            assert!(std::fs::exists(&status).unwrap());
            drop(process);
            assert!(!std::fs::exists(&status).unwrap());
        }
    }
}
