//! The API as a process: started, stopped, and distinguished from one that crashed.

use std::{
    io::{self, Read},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use super::{TargetError, printed::Printed};

/// How long an API may take to end when asked to.
const PARTING: Duration = Duration::from_secs(2);

/// How to start the API.
#[derive(Debug, Clone)]
pub(super) struct Start {
    pub(super) command: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
}

/// A running API. Dropping it ends it, with all that it started.
#[derive(Debug)]
pub(super) struct Process {
    child: Box<dyn ChildWrapper>,
    printed: Printed,
    name: String,
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
        let streams = [
            child.stdout().take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr().take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        let printed = Printed::keep(streams.into_iter().flatten());
        Ok(Process { child, printed, name: program.clone() })
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
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            // SIGINT, SIGKILL and SIGTERM come from outside; others are the program's own fault.
            if matches!(signal, 2 | 9 | 15) {
                return State::Killed(message);
            }
        }
        State::Ended(message)
    }

    /// What it printed last, for a message.
    pub(super) fn last_words(&self) -> String {
        self.printed.last_words()
    }

    /// Asks it to end, and ends it if it doesn't.
    pub(super) fn stop(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            const SIGTERM: i32 = 15;
            let pause = Duration::from_millis(5);
            let mut waited = Duration::ZERO;
            if self.child.signal(SIGTERM).is_ok() {
                while waited < PARTING {
                    if self.child.try_wait()?.is_some() {
                        return Ok(());
                    }
                    thread::sleep(pause);
                    waited += pause;
                }
            }
        }
        self.child.kill()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nothing left to do if killing fails.
        _ = self.stop();
    }
}
