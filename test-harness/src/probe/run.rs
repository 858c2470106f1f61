//! The whole run: a mock identity provider, the API, the controls, every case, every scenario.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use entra_mock_idp::{MockIdp, Tls, local_ca};
use globset::{Glob, GlobSet, GlobSetBuilder};
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use super::{
    Divergences, Outcome, Report, Row, Stage, TargetError,
    http_target::{HttpTarget, Shape},
    process::Start,
};
use crate::{Case, Setting, World, catalogue, scenarios};

/// What is probed, and how. Everything but the target has a default.
#[derive(Debug)]
pub struct Options {
    /// The address of a protected route.
    pub target: Url,
    /// Where the mock identity provider listens.
    pub idp_listen: SocketAddr,
    /// Where the local CA is kept, if the provider is to speak HTTPS.
    pub tls_state_dir: Option<PathBuf>,
    /// How to start the API; nothing if it runs already.
    pub command: Vec<String>,
    /// The `aud` that the API takes, if not the client id of `orders-api`.
    pub audience: Option<String>,
    /// Whether the API takes v1.0 tokens.
    pub version_one: bool,
    /// Scopes that the route asks for.
    pub scopes: Vec<String>,
    /// App roles that the route asks for.
    pub roles: Vec<String>,
    /// The only client application that the API lets in.
    pub client: Option<String>,
    /// The only subject that the API lets in.
    pub subject: Option<String>,
    /// The method of the requests.
    pub method: Method,
    /// More headers of the requests.
    pub headers: HeaderMap,
    /// The body of the requests.
    pub body: Option<String>,
    /// Where the token travels, if not in `Authorization`: a header, and its value with `{token}` in it.
    pub carrier: Option<(HeaderName, String)>,
    /// Statuses that mean refused.
    pub refused: Vec<u16>,
    /// Globs of the ids that are played; all if there are none.
    pub only: Vec<String>,
    /// Globs of the ids that are not played.
    pub skip: Vec<String>,
    /// Divergences that are accepted.
    pub divergences: Divergences,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long the API may take to start.
    pub start_timeout: Duration,
    /// For how many seconds a scenario may wait for what it expects.
    pub patience: u32,
    /// Whether the target may be on another machine.
    pub allow_remote: bool,
}

impl Options {
    /// For a protected route at this address.
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
            refused: vec![400, 401, 403, 413, 414, 431],
            only: Vec::new(),
            skip: Vec::new(),
            divergences: Divergences::default(),
            timeout: Duration::from_secs(15),
            start_timeout: Duration::from_secs(60),
            patience: 65,
            allow_remote: false,
        }
    }
}

/// What a run tells while it goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// So many cases and scenarios will be played.
    Begun(usize),
    /// This one is played now.
    Playing(&'a str),
    /// It ended so.
    Ended(&'a Row),
}

/// Plays the catalogue against an API.
///
/// # Errors
///
/// [`TargetError`] if the run cannot begin or go on: a port in use, an API that does not start, that refuses everything, or
/// that is gone. What the API does wrong is no error but a finding.
pub async fn run(options: Options, mut progress: impl FnMut(Progress<'_>)) -> Result<Report, TargetError> {
    check_target(&options)?;
    let selected = Selection::new(&options)?;
    let (cases, scenarios): (Vec<_>, Vec<_>) = (
        catalogue().filter(|case| selected.takes(case.id)).collect(),
        scenarios().iter().filter(|scenario| selected.takes(scenario.id)).collect(),
    );
    if cases.is_empty() && scenarios.is_empty() {
        return Err(TargetError::new("no case is left: check --only and --skip, see entra-probe list"));
    }
    let idp = provider(&options)?;
    let world = world(&options, &idp);
    let start = (!options.command.is_empty()).then(|| Start {
        command: options.command.clone(),
        environment: environment(&options, &idp, &world),
    });
    let target = HttpTarget::new(shape(&options), start, options.patience).await?;
    let mut stage = Stage::new(&idp, world, target).patience(options.patience);
    check_controls(&mut stage, &options, &idp).await?;

    progress(Progress::Begun(cases.len() + scenarios.len()));
    let mut rows = Vec::new();
    let mut end = |row: Row, progress: &mut dyn FnMut(Progress<'_>)| {
        let accepted = row.outcome.diverged().then(|| options.divergences.reason(row.id)).flatten();
        let row = Row { accepted: accepted.map(str::to_owned), ..row };
        progress(Progress::Ended(&row));
        rows.push(row);
    };
    // Those that need the API started anew come last: all others share one start.
    let (anew, plain): (Vec<&Case>, Vec<&Case>) = cases.into_iter().partition(|case| case.brings_documents());
    for case in plain.into_iter().chain(anew) {
        progress(Progress::Playing(case.id));
        let outcome = match does_not_apply(case, &options) {
            Some(reason) => Outcome::Skipped { reason: reason.to_owned() },
            None => stage.play_case(case).await?,
        };
        end(Row::of_case(case, outcome), &mut progress);
    }
    for scenario in scenarios {
        progress(Progress::Playing(scenario.id));
        let outcome = stage.play_scenario(scenario).await?;
        end(Row::of_scenario(scenario, outcome), &mut progress);
    }
    let outdated = options.divergences.stale(&rows);
    Ok(Report::new(rows, outdated))
}

/// Hostile requests are for one's own machine.
fn check_target(options: &Options) -> Result<(), TargetError> {
    let local = match options.target.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => return Err(TargetError::new("--target has no host: http://127.0.0.1:3000/path is expected")),
    };
    if local || options.allow_remote {
        return Ok(());
    }
    Err(TargetError::new(format!(
        "{} is not on this machine: hostile requests are for an API of your own; if it is yours, add --allow-remote",
        options.target
    )))
}

fn provider(options: &Options) -> Result<MockIdp, TargetError> {
    let mut builder = MockIdp::builder().listen(options.idp_listen);
    if let Some(directory) = &options.tls_state_dir {
        builder = builder.tls(Tls::LocalCa(directory.clone()));
    }
    builder.start().map_err(|error| {
        TargetError::new(match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "{} is in use: stop what listens there, or give another --idp-listen",
                options.idp_listen
            ),
            _ => format!("the mock identity provider cannot listen on {}: {error}", options.idp_listen),
        })
    })
}

fn world(options: &Options, idp: &MockIdp) -> World {
    let mut world = World::of(idp).with_scopes(&options.scopes).with_roles(&options.roles);
    if options.version_one {
        world = world.version_one();
    }
    if let Some(audience) = &options.audience {
        world = world.for_audience(audience);
    }
    if let Some(client) = &options.client {
        world = world.with_client(client);
    }
    if let Some(subject) = &options.subject {
        world = world.with_subject(subject);
    }
    world
}

/// What the API needs to know of the provider, under the names that people use for it.
fn environment(options: &Options, idp: &MockIdp, world: &World) -> Vec<(String, String)> {
    let client_id = idp.directory().app("orders-api").map(|app| app.client_id.clone()).unwrap_or_default();
    let port = options.target.port_or_known_default().unwrap_or_default();
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
    let ca = options.tls_state_dir.as_ref().and_then(|directory| local_ca(directory).ok());
    if let Some(ca) = ca {
        let ca = ca.display().to_string();
        for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
            variables.push((name, ca.clone()));
        }
    }
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn shape(options: &Options) -> Shape {
    let mut headers = options.headers.clone();
    if options.body.is_some() {
        headers.entry("content-type").or_insert(HeaderValue::from_static("application/json"));
    }
    Shape {
        url: options.target.clone(),
        method: options.method.clone(),
        headers,
        body: options.body.clone(),
        carrier: options.carrier.clone(),
        refused: options.refused.clone(),
        timeout: options.timeout,
        start_timeout: options.start_timeout,
    }
}

/// An API that refuses everything would pass nearly every case.
async fn check_controls(
    stage: &mut Stage<'_, HttpTarget>,
    options: &Options,
    idp: &MockIdp,
) -> Result<(), TargetError> {
    let mut seen = None;
    for case in catalogue().take_while(|case| case.group() == "control").take(2) {
        if does_not_apply(case, options).is_some() {
            continue;
        }
        match stage.play_case(case).await? {
            Outcome::Passed => return Ok(()),
            outcome => seen = Some(outcome),
        }
    }
    let seen = seen.map_or(String::new(), |outcome| outcome.to_string());
    Err(TargetError::new(format!(
        "the API lets no honest token in ({seen}), so nothing can be learnt from what it refuses. Check that {} is a route \
         that answers {}, and that the API trusts {} and takes the audience {}; a route that asks for a scope or a role \
         needs --scope or --role",
        options.target,
        options.method,
        idp.authority(),
        stage.world().audience(),
    )))
}

/// Why a case means nothing for an API that is set up like this.
fn does_not_apply(case: &Case, options: &Options) -> Option<&'static str> {
    let about_authorization = case.group() == "authorization"
        || [
            "control::scheme-lower-case",
            "control::scheme-upper-case",
            "control::scheme-mixed-case",
            "control::two-spaces",
        ]
        .contains(&case.id);
    if options.carrier.is_some() && about_authorization {
        return Some("the token does not travel in Authorization here");
    }
    match case.setting {
        Setting::VersionTwo if options.version_one => Some("it is about v2.0 tokens"),
        Setting::AppOnly if !options.scopes.is_empty() => {
            Some("the route asks for a scope, which only users have")
        }
        Setting::RequiredScope if options.scopes.is_empty() => Some("it is about a scope: give --scope"),
        Setting::RequiredRole if options.roles.is_empty() => Some("it is about an app role: give --role"),
        Setting::AllowedClient if options.client.is_none() => {
            Some("it is about an allow-list: give --client")
        }
        Setting::AllowedSubject if options.subject.is_none() => {
            Some("it is about an allow-list: give --subject")
        }
        Setting::AnyOrganization => Some("it is about an API for every tenant"),
        _ => None,
    }
}

struct Selection {
    only: GlobSet,
    skip: GlobSet,
}

impl Selection {
    fn new(options: &Options) -> Result<Self, TargetError> {
        Ok(Self { only: globs(&options.only)?, skip: globs(&options.skip)? })
    }

    fn takes(&self, id: &str) -> bool {
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
