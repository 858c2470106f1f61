//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use entra_test_harness::Options;
use reqwest::{
    Method,
    header::{HeaderName, HeaderValue},
};
use url::Url;

/// Sends the catalogue of hostile tokens to an API that is protected by Microsoft Entra ID, with a mock in Entra's place, and
/// reports what the API accepted or refused wrongly.
#[derive(Debug, Parser)]
#[command(name = "entra-probe", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Probe an API: status 0 if nothing failed, 1 if something did, 2 if it could not run
    Run(Box<Run>),
    /// Print the catalogue
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print one hostile token, dated now, as a mock on its default port would issue it
    Token {
        /// The case, `group::defect`
        case: String,
    },
    /// Print the whole suite as JSON, for validators in any language
    Export,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const RUN_HELP: &str = "\
The API must trust the mock identity provider (IdP). A COMMAND that starts it finds in its environment:
  AUTHORITY, OIDC_ENDPOINT, ISSUER, JWKS_URI   the URLs of the IdP
  TENANT_ID, CLIENT_ID, AUDIENCE               the values in its tokens
  PORT                                         the port of --target

Cases that need an API without keys (altered key sets, an IdP that is down) restart it;
without a COMMAND they are skipped. Cases about documents that the API never fetches are
skipped, too.

Known divergences are listed in a file, each with a reason. An id is a case, or a glob
that names its group:
  [[divergence]]
  id = \"typ::*\"
  reason = \"typ is not checked: our IdP issues no other kind of token\"

However the run ends, also by SIGINT, SIGTERM, SIGHUP or SIGKILL, the API is stopped with
all that it started; what leaves the process group of COMMAND is not. After SIGTERM, the
API has 2 seconds to end. An API that hangs costs --timeout for each case, over two hours
in all: give the job a timeout.";

#[derive(Debug, Args)]
#[command(after_help = RUN_HELP)]
pub(crate) struct Run {
    /// A protected route of the API
    #[arg(long, value_name = "URL")]
    pub(crate) target: Url,
    /// Where the mock identity provider listens; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400")]
    pub(crate) idp_listen: SocketAddr,
    /// The mock speaks HTTPS, with a certificate from a local CA that is kept in --state-dir
    #[arg(long)]
    pub(crate) tls: bool,
    /// Where the local CA is kept [default: the platform's data directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// The audience that the API accepts [default: its client id]
    #[arg(long, value_name = "AUD")]
    pub(crate) audience: Option<String>,
    /// The version of the tokens that the API accepts
    #[arg(long, value_name = "VERSION", value_parser = ["1.0", "2.0"], default_value = "2.0")]
    pub(crate) token_version: String,
    /// A scope that the route requires; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// An app role that the route requires; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    /// The only client application that the API accepts
    #[arg(long, value_name = "ID")]
    pub(crate) client: Option<String>,
    /// The only subject that the API accepts
    #[arg(long, value_name = "ID")]
    pub(crate) subject: Option<String>,
    /// The method of the requests
    #[arg(long, default_value = "GET")]
    pub(crate) method: Method,
    /// A header of the requests; may be repeated
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body of the requests
    #[arg(long)]
    pub(crate) body: Option<String>,
    /// Where the token is sent, for instance 'X-Token: {token}' or 'Cookie: session={token}'
    /// [default: Authorization: Bearer {token}]
    #[arg(long, value_name = "NAME: VALUE", value_parser = carrier)]
    pub(crate) carrier: Option<(HeaderName, String)>,
    /// The statuses that mean refused
    #[arg(long, value_name = "STATUS", value_delimiter = ',', default_values_t = [400, 401, 403, 413, 414, 431])]
    pub(crate) refused: Vec<u16>,
    /// Play only these; a glob, may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,
    /// Do not play these; a glob, may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) skip: Vec<String>,
    /// Known divergences, with reasons (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) divergences: Option<PathBuf>,
    /// How long a response may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub(crate) timeout: u64,
    /// How long the API may take to start, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) start_timeout: u64,
    /// How long a scenario may wait for what it expects, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 65)]
    pub(crate) patience: u32,
    /// Probe an API on another machine, if it is yours
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// Accept any certificate of an API on another machine; on this one, any is accepted
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Write the report here, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    #[arg(long, value_name = "FILE", help = "Write the report here, as JUnit XML")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the report here, as a page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// The command that starts the API; without it, the API must already run
    #[arg(last = true)]
    pub(crate) command: Vec<String>,
}

fn split(text: &str) -> Result<(HeaderName, &str), String> {
    let (name, value) = text.split_once(':').ok_or("expected NAME: VALUE")?;
    let name =
        HeaderName::try_from(name.trim()).map_err(|_| format!("{name:?} is not a valid header name"))?;
    Ok((name, value.trim()))
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = split(text)?;
    let value = HeaderValue::from_str(value).map_err(|_| format!("{value:?} is not a valid header value"))?;
    Ok((name, value))
}

fn carrier(text: &str) -> Result<(HeaderName, String), String> {
    let (name, value) = split(text)?;
    if !value.contains("{token}") {
        return Err(format!("{value:?} does not contain {{token}}"));
    }
    Ok((name, value.to_owned()))
}

impl Run {
    pub(crate) fn options(&self) -> Result<Options, String> {
        let mut options = Options::new(self.target.clone());
        options.idp_listen = self.idp_listen;
        if self.tls {
            options.tls_state_dir = Some(self.state_dir()?);
        }
        options.audience.clone_from(&self.audience);
        options.version_one = self.token_version == "1.0";
        options.scopes.clone_from(&self.scopes);
        options.roles.clone_from(&self.roles);
        options.client.clone_from(&self.client);
        options.subject.clone_from(&self.subject);
        options.method = self.method.clone();
        options.headers.extend(self.headers.iter().cloned());
        options.body.clone_from(&self.body);
        options.carrier.clone_from(&self.carrier);
        options.refused.clone_from(&self.refused);
        options.only.clone_from(&self.only);
        options.skip.clone_from(&self.skip);
        options.timeout = std::time::Duration::from_secs(self.timeout);
        options.start_timeout = std::time::Duration::from_secs(self.start_timeout);
        options.patience = self.patience;
        options.allow_remote = self.allow_remote;
        options.insecure = self.insecure;
        #[cfg(unix)]
        {
            options.watchdog = vec![this_program()?, WATCHDOG.to_owned()];
        }
        options.command.clone_from(&self.command);
        Ok(options)
    }

    fn state_dir(&self) -> Result<PathBuf, String> {
        let default = || {
            directories::ProjectDirs::from("", "", "entra-mock-idp").map(|dirs| dirs.data_dir().to_owned())
        };
        self.state_dir
            .clone()
            .or_else(default)
            .ok_or_else(|| "there is no home directory; give --state-dir".to_owned())
    }
}

/// What the program starts itself with, to clean up if it is killed. It is no command for people, so help and completions do
/// not have it.
#[cfg(unix)]
pub(crate) const WATCHDOG: &str = "watchdog";

/// On Linux by a path that stays valid if the file is replaced, and under whose name `killall -9 entra-probe` spares it.
#[cfg(unix)]
fn this_program() -> Result<String, String> {
    if cfg!(target_os = "linux") {
        return Ok("/proc/self/exe".to_owned());
    }
    let path = std::env::current_exe().map_err(|error| format!("cannot find the program itself: {error}"))?;
    path.into_os_string().into_string().map_err(|path| format!("{}: the path is not Unicode", path.display()))
}

/// clap's message without the usage that follows it.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let message = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{}; see entra-probe --help", message.trim_start_matches("error: "))
}
