//! An API behind a socket.

use std::time::{Duration, Instant};

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use tokio::sync::Mutex;

use super::{
    Answer, Target, TargetError,
    printable::printable,
    process::{Process, Start, State},
};
use crate::{Attempt, Carrier};

/// What requests look like, and which statuses mean what.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<String>,
    /// Where the token is, if not in `Authorization`: a header, and its value with the placeholder `{token}`.
    pub(super) carrier: Option<(HeaderName, String)>,
    /// Statuses that mean refused.
    pub(super) refused: Vec<u16>,
    pub(super) timeout: Duration,
    /// How long the API may take to start.
    pub(super) start_timeout: Duration,
}

pub(super) struct HttpTarget {
    shape: Shape,
    client: Client,
    start: Option<Start>,
    process: Mutex<Option<Process>>,
    /// How long a scenario may wait in real time.
    patience: u32,
}

impl HttpTarget {
    /// Starts the API if there is a command, and waits until it answers.
    pub(super) async fn new(shape: Shape, start: Option<Start>, patience: u32) -> Result<Self, TargetError> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(shape.timeout)
            // A connection that an API closed before it was stopped must not count against the next one.
            .pool_max_idle_per_host(0)
            .no_proxy()
            .user_agent(concat!("entra-probe/", env!("CARGO_PKG_VERSION")))
            .tls_danger_accept_invalid_certs(true)
            .build()
            .map_err(|error| TargetError::new(format!("cannot make requests: {error}")))?;
        let mut target = Self { shape, client, start, process: Mutex::new(None), patience };
        if target.start.is_some() {
            if target.connects().await {
                return Err(TargetError::new(format!(
                    "something already answers at {}: stop it, or omit the command to probe it as it is",
                    target.shape.url
                )));
            }
            target.restart().await?;
        } else if !target.answers_within(Duration::from_secs(5)).await {
            return Err(target.nobody());
        }
        Ok(target)
    }

    fn nobody(&self) -> TargetError {
        TargetError::new(format!(
            "nothing answers at {}: start the API, or give the command that starts it after --",
            self.shape.url
        ))
    }

    async fn connects(&self) -> bool {
        let answer = self.client.get(self.shape.url.clone()).send().await;
        !answer.is_err_and(|error| error.is_connect())
    }

    async fn answers_within(&self, time: Duration) -> bool {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(5);
        while !self.connects().await {
            if begun.elapsed() > time {
                return false;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(200));
        }
        true
    }

    fn request(&self, attempt: &Attempt) -> RequestBuilder {
        let mut url = self.shape.url.clone();
        let mut method = self.shape.method.clone();
        let mut headers = self.shape.headers.clone();
        let mut body = self.shape.body.clone();
        match &attempt.elsewhere {
            Some(Carrier::Query(token)) => _ = url.query_pairs_mut().append_pair("access_token", token),
            Some(Carrier::Form(token)) => {
                method = Method::POST;
                headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
                body = Some(format!("access_token={token}"));
            }
            Some(Carrier::Header(name, value)) => append(&mut headers, name, value.as_bytes()),
            None => {}
        }
        match (&self.shape.carrier, attempt.bearer()) {
            (Some((name, template)), Some(token)) => {
                append(&mut headers, name.as_str(), template.replace("{token}", token).as_bytes());
            }
            _ => {
                for value in &attempt.authorization {
                    append(&mut headers, AUTHORIZATION.as_str(), value);
                }
            }
        }
        let request = self.client.request(method, url).headers(headers);
        match body {
            Some(body) => request.body(body),
            None => request,
        }
    }

    async fn judged(&self, response: reqwest::Response, attempt: &Attempt) -> Result<Answer, reqwest::Error> {
        let status = response.status();
        // A route that does not accept forms does not accept a token in one.
        let no_forms =
            [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNSUPPORTED_MEDIA_TYPE];
        let in_form = matches!(attempt.elsewhere, Some(Carrier::Form(_)));
        let code = problem_type(response).await?;
        Ok(match status {
            StatusCode::SERVICE_UNAVAILABLE => Answer::Unavailable { code },
            _ if self.shape.refused.contains(&status.as_u16()) || (in_form && no_forms.contains(&status)) => {
                Answer::Refused { status: status.as_u16(), code }
            }
            _ if status.is_success() => Answer::Accepted { status: status.as_u16() },
            _ if status.is_server_error() => Answer::Crashed { how: status.as_u16().to_string() },
            _ => Answer::Unclear { status: status.as_u16() },
        })
    }

    /// There was no response: was that the request's fault, or is the API gone?
    async fn without_answer(&self, error: &reqwest::Error) -> Result<Answer, TargetError> {
        if error.is_timeout() {
            return Ok(Answer::Hung);
        }
        let mut process = self.process.lock().await;
        let Some(running) = process.as_mut() else {
            return if error.is_connect() { Err(self.nobody()) } else { Ok(cut_off()) };
        };
        // It takes a moment until a crashed process is seen to have ended.
        for _ in 0..20 {
            if running.state() != State::Running {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        match running.state() {
            State::Killed(how) => Err(TargetError::new(format!(
                "the API was stopped during the run: {how}; {}",
                running.last_words()
            ))),
            State::Ended(how) => {
                *process = None;
                drop(process);
                self.launch().await?;
                Ok(Answer::Crashed { how: format!("the API ended: {how}") })
            }
            State::Running if error.is_connect() => Err(TargetError::new(format!(
                "the API runs, but nothing answers at {} any more; {}",
                self.shape.url,
                running.last_words()
            ))),
            State::Running => Ok(cut_off()),
        }
    }

    async fn launch(&self) -> Result<(), TargetError> {
        let Some(start) = &self.start else { return Err(self.nobody()) };
        let mut running = start.start()?;
        let begun = Instant::now();
        while !self.connects().await {
            match running.state() {
                State::Running if begun.elapsed() < self.shape.start_timeout => {}
                State::Running => {
                    return Err(TargetError::new(format!(
                        "the API does not answer at {} within {} seconds of its start: check --target, or give it more \
                         --start-timeout; {}",
                        self.shape.url,
                        self.shape.start_timeout.as_secs(),
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
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        *self.process.lock().await = Some(running);
        Ok(())
    }
}

impl Target for HttpTarget {
    async fn send(&self, attempt: &Attempt) -> Result<Answer, TargetError> {
        let answer = match self.request(attempt).send().await {
            Ok(response) => self.judged(response, attempt).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => self.without_answer(&error).await,
        }
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        if self.start.is_none() {
            return Ok(false);
        }
        drop(self.process.lock().await.take());
        self.launch().await?;
        Ok(true)
    }

    async fn pass(&mut self, seconds: u32) -> bool {
        if seconds > self.patience {
            return false;
        }
        tokio::time::sleep(Duration::from_secs(seconds.into())).await;
        true
    }
}

fn cut_off() -> Answer {
    Answer::Crashed { how: "the connection ended without a response".to_owned() }
}

fn append(headers: &mut HeaderMap, name: &str, value: &[u8]) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value)) {
        headers.append(name, value);
    }
}

/// The `type` of a problem (RFC 9457), if the response is one. No more is read than a problem needs.
async fn problem_type(mut response: reqwest::Response) -> Result<Option<String>, reqwest::Error> {
    const LONGEST: usize = 64 * 1024;
    const LONGEST_CODE: usize = 100;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            break;
        }
    }
    let problem: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    Ok(problem.and_then(|problem| problem["type"].as_str().map(|code| printable(code, LONGEST_CODE))))
}
