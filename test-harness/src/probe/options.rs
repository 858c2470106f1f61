//! What is probed, and how.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use entra_mock_idp::{MockIdp, local_ca};
use globset::{Glob, GlobSet, GlobSetBuilder};
use http::{Request, Uri};
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use super::{Divergences, TargetError, applies::does_not_apply, exchange::REFUSED, http_target::Shape};
use crate::{Case, World};

/// What is probed, and how. Everything but the target has a default.
#[derive(Debug)]
pub struct Options {
    /// The URL of a protected route.
    pub target: Url,
    /// Where the mock identity provider listens.
    pub idp_listen: SocketAddr,
    /// Where the local CA is kept, if the identity provider speaks HTTPS.
    pub tls_state_dir: Option<PathBuf>,
    /// The command that starts the API, or nothing if it already runs.
    pub command: Vec<String>,
    /// The `aud` that the API accepts. Default: the client id of `orders-api`.
    pub audience: Option<String>,
    /// Whether the API accepts v1.0 tokens.
    pub version_one: bool,
    /// Scopes that the route requires.
    pub scopes: Vec<String>,
    /// App roles that the route requires.
    pub roles: Vec<String>,
    /// The only client application that the API accepts.
    pub client: Option<String>,
    /// The only subject that the API accepts.
    pub subject: Option<String>,
    /// The method of the requests.
    pub method: Method,
    /// More headers of the requests.
    pub headers: HeaderMap,
    /// The body of the requests.
    pub body: Option<String>,
    /// Where the token is, if not in `Authorization`: a header, and its value with the placeholder `{token}`.
    pub carrier: Option<(HeaderName, String)>,
    /// Statuses that mean refused.
    pub refused: Vec<u16>,
    /// Globs of the ids to play. Default: all.
    pub only: Vec<String>,
    /// Globs of the ids to skip.
    pub skip: Vec<String>,
    /// Known divergences.
    pub divergences: Divergences,
    /// How long a response may take.
    pub timeout: Duration,
    /// How long the API may take to start.
    pub start_timeout: Duration,
    /// How many seconds a scenario may wait for what it expects.
    pub patience: u32,
    /// Whether the target may be on another machine.
    pub allow_remote: bool,
    /// Whether a certificate that is not trusted is accepted on another machine, too. On this one it always is.
    pub insecure: bool,
    /// A program that calls [`watch`](crate::watch), with its arguments. It ends the API if this process is killed. Default:
    /// none, so that the API outlives a process that is killed.
    pub watchdog: Vec<String>,
}

impl Options {
    /// Options for a protected route at this URL.
    #[must_use]
    pub fn new(target: Url) -> Self {
        Self {
            target,
            idp_listen: SocketAddr::from(([127, 0, 0, 1], 8400)),
            tls_state_dir: None,
            command: Vec::new(),
            audience: None,
            version_one: false,
            scopes: Vec::new(),
            roles: Vec::new(),
            client: None,
            subject: None,
            method: Method::GET,
            headers: HeaderMap::new(),
            body: None,
            carrier: None,
            refused: REFUSED.to_vec(),
            only: Vec::new(),
            skip: Vec::new(),
            divergences: Divergences::default(),
            timeout: Duration::from_secs(15),
            start_timeout: Duration::from_secs(60),
            patience: 65,
            allow_remote: false,
            insecure: false,
            watchdog: Vec::new(),
        }
    }

    /// Hostile requests are meant for one's own machine.
    pub(super) fn check_target(&self) -> Result<(), TargetError> {
        if self.target.host().is_none() {
            let message = "--target has no host: expected a URL like http://127.0.0.1:3000/path";
            return Err(TargetError::new(message));
        }
        if self.is_local() || self.allow_remote {
            return Ok(());
        }
        Err(TargetError::new(format!(
            "{} is not on this machine: hostile requests are for your own API; if it is yours, add --allow-remote",
            self.target
        )))
    }

    /// Whether the target is on this machine. RFC 6761 §6.3 gives it the names below `localhost`.
    fn is_local(&self) -> bool {
        match self.target.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// The world that these options describe.
    pub(super) fn world(&self, idp: &MockIdp) -> World {
        let mut world = World::of(idp).with_scopes(&self.scopes).with_roles(&self.roles);
        if self.version_one {
            world = world.version_one();
        }
        if let Some(audience) = &self.audience {
            world = world.for_audience(audience);
        }
        if let Some(client) = &self.client {
            world = world.with_client(client);
        }
        if let Some(subject) = &self.subject {
            world = world.with_subject(subject);
        }
        world
    }

    /// What the API needs to know about the identity provider, under the names that are common for it.
    pub(super) fn environment(&self, idp: &MockIdp, world: &World) -> Vec<(String, String)> {
        let client_id =
            idp.directory().app("orders-api").map(|app| app.client_id.clone()).unwrap_or_default();
        let port = self.target.port_or_known_default().unwrap_or_default();
        let mut variables = vec![
            ("PORT", port.to_string()),
            ("AUTHORITY", idp.authority()),
            ("OIDC_ENDPOINT", world.discovery_url()),
            ("ISSUER", world.issuer()),
            ("JWKS_URI", world.jwks_uri()),
            ("TENANT_ID", idp.tenant_id()),
            ("CLIENT_ID", client_id),
            ("AUDIENCE", world.audience().to_owned()),
        ];
        let ca = self.tls_state_dir.as_ref().and_then(|directory| local_ca(directory).ok());
        if let Some(ca) = ca {
            let ca = ca.display().to_string();
            for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
                variables.push((name, ca.clone()));
            }
        }
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    pub(super) fn shape(&self) -> Result<Shape, TargetError> {
        let uri = Uri::try_from(self.target.as_str())
            .map_err(|error| TargetError::new(format!("{} cannot be requested: {error}", self.target)))?;
        let mut headers = self.headers.clone();
        if self.body.is_some() {
            headers.entry("content-type").or_insert(HeaderValue::from_static("application/json"));
        }
        let mut request = Request::new(self.body.clone().unwrap_or_default().into_bytes());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(Shape {
            request,
            carrier: self.carrier.clone(),
            refused: self.refused.clone(),
            timeout: self.timeout,
            insecure: self.insecure || self.is_local(),
        })
    }

    /// Why a case does not apply to an API that is configured like this.
    pub(super) fn does_not_apply(&self, world: &World, case: &Case) -> Option<&'static str> {
        let about_authorization = case.group() == "authorization"
            || [
                "control::scheme-lower-case",
                "control::scheme-upper-case",
                "control::scheme-mixed-case",
                "control::two-spaces",
            ]
            .contains(&case.id);
        if self.carrier.is_some() && about_authorization {
            return Some("the token is not sent in Authorization here");
        }
        does_not_apply(world, case)
    }
}

/// Which cases and scenarios are played.
pub(super) struct Selection {
    only: GlobSet,
    skip: GlobSet,
}

impl Selection {
    pub(super) fn new(options: &Options) -> Result<Self, TargetError> {
        Ok(Self { only: globs(&options.only)?, skip: globs(&options.skip)? })
    }

    pub(super) fn includes(&self, id: &str) -> bool {
        (self.only.is_empty() || self.only.is_match(id)) && !self.skip.is_match(id)
    }
}

fn globs(texts: &[String]) -> Result<GlobSet, TargetError> {
    let wrong = |error: globset::Error| TargetError::new(error.to_string());
    let mut builder = GlobSetBuilder::new();
    for text in texts {
        builder.add(Glob::new(text).map_err(wrong)?);
    }
    builder.build().map_err(wrong)
}
