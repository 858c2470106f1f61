//! The API's life: it is awaited, started, restarted, and started again where a request ended it.

use std::{
    io,
    time::{Duration, Instant},
};

use reqwest::Url;
use tokio::{net::TcpStream, sync::Mutex};

use super::{
    Answer, TargetError,
    printable::printable,
    process::{Process, Start, State},
};

/// How long an API that already runs may take to accept a connection.
const ALREADY_RUNS: Duration = Duration::from_secs(5);
/// How long the port of an API that has ended may still accept connections.
const FALLS_SILENT: Duration = Duration::from_secs(2);
/// How long a connection may take.
const CONNECTS: Duration = Duration::from_secs(2);
/// How long it may take until a crashed process is seen to have ended, or its port to be closed.
const SETTLES: Duration = Duration::from_millis(200);
const PAUSE: Duration = Duration::from_millis(5);

pub(super) struct Api {
    url: Url,
    start: Option<Start>,
    start_timeout: Duration,
    /// Locked while it is started or stopped: several requests may find it gone at once, and the first of them starts it again.
    process: Mutex<Option<Process>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    Open,
    Closed,
}

impl Api {
    /// Starts the API if there is a command, and waits until it accepts connections.
    pub(super) async fn new(
        url: Url,
        start: Option<Start>,
        start_timeout: Duration,
    ) -> Result<Self, TargetError> {
        let mut api = Self { url, start, start_timeout, process: Mutex::new(None) };
        if api.start.is_none() {
            return if api.becomes(Port::Open, ALREADY_RUNS).await { Ok(api) } else { Err(api.nobody()) };
        }
        if api.listens().await {
            return Err(TargetError::new(format!(
                "something already answers at {}: stop it, or omit the command to probe it as it is",
                api.url
            )));
        }
        api.restart().await?;
        Ok(api)
    }

    /// Whether there was a command to restart it with.
    pub(super) async fn restart(&mut self) -> Result<bool, TargetError> {
        let Some(start) = &self.start else { return Ok(false) };
        drop(self.process.get_mut().take());
        let running = self.launch(start).await?;
        *self.process.get_mut() = Some(running);
        Ok(true)
    }

    /// There was no response: was that the request's fault, or is the API gone?
    pub(super) async fn without_answer(&self, error: &reqwest::Error) -> Result<Answer, TargetError> {
        if error.is_timeout() {
            return Ok(Answer::Hung);
        }
        let mut process = self.process.lock().await;
        let (Some(start), Some(running)) = (&self.start, process.as_mut()) else {
            return if error.is_connect() { Err(self.no_connection(error).await) } else { Ok(cut_off()) };
        };
        let how = match self.settled(running).await {
            State::Killed(how) => {
                return Err(TargetError::new(format!(
                    "the API was stopped during the run: {how}; {}",
                    running.last_words()
                )));
            }
            State::Running if self.listens().await => {
                return if untrusted(error) { Err(self.no_connection(error).await) } else { Ok(cut_off()) };
            }
            State::Ended(how) => format!("the API ended: {how}"),
            // A wrapper or a reloader outlived what listened. It may start that again or not, so all of it is replaced.
            State::Running => "the API ended, but not what had started it".to_owned(),
        };
        drop(process.take());
        *process = Some(self.launch(start).await?);
        Ok(Answer::Crashed { how })
    }

    async fn settled(&self, running: &mut Process) -> State {
        let begun = Instant::now();
        loop {
            let state = running.state();
            if state != State::Running || begun.elapsed() > SETTLES {
                return state;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn launch(&self, start: &Start) -> Result<Process, TargetError> {
        if !self.becomes(Port::Closed, FALLS_SILENT).await {
            return Err(TargetError::new(format!(
                "something still answers at {} after the API and its process group were stopped, so a restart would not \
                 be one: the command must start the API in its process group, not as a daemon, with setsid or in a \
                 container that outlives the command",
                self.url
            )));
        }
        let mut running = start.start()?;
        let begun = Instant::now();
        while !self.listens().await {
            match running.state() {
                State::Running if begun.elapsed() < self.start_timeout => {}
                State::Running => {
                    return Err(TargetError::new(format!(
                        "the API does not answer at {} within {} seconds of its start: check --target, or give it more \
                         --start-timeout; {}",
                        self.url,
                        self.start_timeout.as_secs(),
                        running.last_words()
                    )));
                }
                State::Ended(how) | State::Killed(how) => {
                    return Err(TargetError::new(format!(
                        "the API does not start: {how}; {}",
                        running.last_words()
                    )));
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(running)
    }

    /// Whether something listens at the target, or nothing, at some moment within this time.
    async fn becomes(&self, port: Port, time: Duration) -> bool {
        let begun = Instant::now();
        while self.listens().await != (port == Port::Open) {
            if begun.elapsed() > time {
                return false;
            }
            tokio::time::sleep(10 * PAUSE).await;
        }
        true
    }

    /// Whether something accepts connections at the target.
    async fn listens(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.url.port_or_known_default().unwrap_or_default();
        let connected = tokio::time::timeout(CONNECTS, TcpStream::connect((host, port))).await;
        // A port that nobody listens on can be chosen for the client's end, which then connects to itself.
        matches!(connected, Ok(Ok(stream)) if stream.local_addr().ok() != stream.peer_addr().ok())
    }

    fn nobody(&self) -> TargetError {
        TargetError::new(format!(
            "nothing answers at {}: start the API, or give the command that starts it after --",
            self.url
        ))
    }

    async fn no_connection(&self, error: &reqwest::Error) -> TargetError {
        if !self.listens().await {
            return self.nobody();
        }
        TargetError::new(format!(
            "no connection to {}, although something listens there: {}. If its certificate is from a CA of your own, \
             let SSL_CERT_FILE name that; --insecure accepts any certificate",
            self.url,
            printable(&causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": "), 500)
        ))
    }
}

fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// Whether the handshake failed, which rustls reports as invalid data.
fn untrusted(error: &reqwest::Error) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::InvalidData)
}

fn cut_off() -> Answer {
    Answer::Crashed { how: "the connection ended without a response".to_owned() }
}
