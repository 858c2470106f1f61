//! An API behind a socket.

use std::time::Duration;

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use super::{Answer, Target, TargetError, api::Api, printable::printable};
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
    /// Whether a response of somebody whose certificate is not trusted counts.
    pub(super) insecure: bool,
}

pub(super) struct HttpTarget {
    shape: Shape,
    client: Client,
    api: Api,
    /// How long a scenario may wait in real time.
    patience: u32,
}

impl HttpTarget {
    pub(super) fn new(shape: Shape, api: Api, patience: u32) -> Result<Self, TargetError> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(shape.timeout)
            // A connection that an API closed before it was stopped must not count against the next one.
            .pool_max_idle_per_host(0)
            .no_proxy()
            .user_agent(concat!("entra-probe/", env!("CARGO_PKG_VERSION")))
            .tls_danger_accept_invalid_certs(shape.insecure)
            .build()
            .map_err(|error| TargetError::new(format!("cannot make requests: {error}")))?;
        Ok(Self { shape, client, api, patience })
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
}

impl Target for HttpTarget {
    async fn send(&self, attempt: &Attempt) -> Result<Answer, TargetError> {
        let answer = match self.request(attempt).send().await {
            Ok(response) => self.judged(response, attempt).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => self.api.without_answer(&error).await,
        }
    }

    async fn restart(&mut self) -> Result<bool, TargetError> {
        self.api.restart().await
    }

    async fn pass(&mut self, seconds: u32) -> bool {
        if seconds > self.patience {
            return false;
        }
        tokio::time::sleep(Duration::from_secs(seconds.into())).await;
        true
    }
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
