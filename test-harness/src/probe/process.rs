//! The API as a process: started, stopped, and distinguished from one that crashed.

use std::{
    collections::VecDeque,
    io::{self, BufRead as _, BufReader, Read},
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use super::TargetError;

/// How many lines of the API's output are shown when it is gone.
const LINES_KEPT: usize = 12;
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
    printed: Arc<Mutex<VecDeque<String>>>,
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
        let printed = Arc::default();
        if let Some(output) = child.stdout().take() {
            keep(output, &printed);
        }
        if let Some(output) = child.stderr().take() {
            keep(output, &printed);
        }
        Ok(Process { child, printed, name: program.clone() })
    }
}

/// The last lines, so that a full pipe never stops the API.
fn keep(output: impl Read + Send + 'static, printed: &Arc<Mutex<VecDeque<String>>>) {
    let printed = Arc::clone(printed);
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
            printed.push_back(String::from_utf8_lossy(&line).into_owned());
            if printed.len() > LINES_KEPT {
                printed.pop_front();
            }
        }
    });
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
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        if printed.is_empty() {
            return "it printed nothing".to_owned();
        }
        let lines: Vec<&str> = printed.iter().map(String::as_str).collect();
        format!("it printed last:\n  {}", lines.join("\n  "))
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
