//! An API behind a socket.

use std::time::Duration;

use http::{HeaderName, Request, Response};
use reqwest::{Client, RequestBuilder};

use super::{
    Answer, Target, TargetError,
    api::Api,
    exchange::{LONGEST_BODY, append},
};
use crate::Attempt;

/// What requests look like, and which statuses mean what.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// The request that the route expects, without a token.
    pub(super) request: Request<Vec<u8>>,
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
        let request = match (&self.shape.carrier, attempt.bearer()) {
            (Some((name, template)), Some(token)) => {
                let bare = Attempt { authorization: Vec::new(), ..attempt.clone() };
                let mut request = bare.to_request(&self.shape.request);
                append(request.headers_mut(), name.as_str(), template.replace("{token}", token).as_bytes());
                request
            }
            _ => attempt.to_request(&self.shape.request),
        };
        let (parts, body) = request.into_parts();
        let request = self.client.request(parts.method, parts.uri.to_string()).headers(parts.headers);
        if body.is_empty() { request } else { request.body(body) }
    }

    async fn judged(&self, response: reqwest::Response, attempt: &Attempt) -> Result<Answer, reqwest::Error> {
        let mut read = Response::new(Vec::new());
        *read.status_mut() = response.status();
        read.headers_mut().clone_from(response.headers());
        *read.body_mut() = body(response).await?;
        Ok(Answer::from_response(attempt, &read, &self.shape.refused))
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

/// No more is read than a problem needs.
async fn body(mut response: reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_BODY {
            break;
        }
    }
    Ok(body)
}
