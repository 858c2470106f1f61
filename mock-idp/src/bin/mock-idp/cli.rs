//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::Value;

/// A mock Microsoft Entra ID that real clients sign in to, and that mints any token. TEST ONLY: its keys and secrets are
/// published.
#[derive(Debug, Parser)]
#[command(name = "mock-idp", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve (the same as no command)
    Serve(Box<Serve>),
    /// Print a token, made without a server and signed with the published key
    Token(Box<Mint>),
    /// Print the built-in directory as a config file
    Config,
    /// Print the JSON Schema of a config file
    Schema,
    /// Print the path of the local CA's certificate, which clients of --tls must trust
    #[command(after_help = CA_HELP)]
    Ca(Ca),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const CA_HELP: &str = "\
How clients trust it:
  Python (requests, MSAL)   REQUESTS_CA_BUNDLE=$(mock-idp ca) python app.py
  Node.js (MSAL)            NODE_EXTRA_CA_CERTS=$(mock-idp ca) node app.js
  curl                      curl --cacert $(mock-idp ca) ...
  Rust, Go, OpenSSL         SSL_CERT_FILE=$(mock-idp ca) ./app
  Java                      keytool -importcert -file $(mock-idp ca) -alias mock-idp -keystore trust.p12

Trust it in the clients that need it, not in the system's store: it may certify every name, and whoever reads its key can, too.";

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The socket address to listen on; port 0 picks a free one. Other machines can sign in as everyone and fill the memory:
    /// another address than loopback is for closed networks, with a memory limit
    #[arg(long, env = "MOCK_IDP_LISTEN", default_value = "127.0.0.1:8400", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Serve HTTPS, with a certificate from a local CA that is kept in --state-dir
    #[arg(long, env = "MOCK_IDP_TLS")]
    pub(crate) tls: bool,
    /// Serve HTTPS with this certificate chain (PEM)
    #[arg(long, env = "MOCK_IDP_CERT", value_name = "FILE", requires = "key", conflicts_with = "tls")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert (PEM)
    #[arg(long, env = "MOCK_IDP_KEY", value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// The base of the issuer and of every advertised URL [default: from --listen]
    #[arg(long, env = "MOCK_IDP_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,
    /// A directory of your own, TOML or JSON; `mock-idp config` prints one to start from; SIGHUP reads it again
    #[arg(long, env = "MOCK_IDP_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state_dir: StateDir,
    /// Answer every page at once as this user, for tests without a browser; `hint`: as the user whom `login_hint` names, where
    /// it names one
    #[arg(long, env = "MOCK_IDP_SIGN_IN", value_name = "USER|hint")]
    pub(crate) sign_in: Option<String>,
    /// Let everyone use the control surface who sends `Authorization: Bearer TOKEN`, from any machine, and no one else; needed
    /// behind a reverse proxy and on a machine with other users [default: this machine only]
    #[arg(long, env = "MOCK_IDP_CONTROL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) control_token: Option<String>,
    /// Generate signing keys instead of using the published ones
    #[arg(long, env = "MOCK_IDP_FRESH_KEYS")]
    pub(crate) fresh_keys: bool,
    /// Write two lines to this file, whole, once it serves: the base URL, and the address that it listens on
    #[arg(long, env = "MOCK_IDP_READY_FILE", value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// End when standard input closes: a mock that a test runner started does not outlive it, however the runner ends
    #[arg(long, env = "MOCK_IDP_EXIT_ON_STDIN_CLOSE")]
    pub(crate) exit_on_stdin_close: bool,
    /// The format of the log on standard error; what nobody reads is dropped
    #[arg(long, env = "MOCK_IDP_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct StateDir {
    /// Where the local CA is kept, for one user [default: the platform's data directory]
    #[arg(long = "state-dir", env = "MOCK_IDP_STATE_DIR", value_name = "DIR")]
    given: Option<PathBuf>,
}

impl StateDir {
    pub(crate) fn path(&self) -> Result<PathBuf, String> {
        let default = || {
            directories::ProjectDirs::from("", "", "entra-mock-idp").map(|dirs| dirs.data_dir().to_owned())
        };
        self.given
            .clone()
            .or_else(default)
            .ok_or_else(|| "there is no home directory: give --state-dir".to_owned())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Ca {
    #[command(flatten)]
    pub(crate) state_dir: StateDir,
}

#[derive(Debug, Args)]
pub(crate) struct Mint {
    /// The tenant: name, GUID or domain
    #[arg(long)]
    pub(crate) tenant: Option<String>,
    /// The client that asks for it: name or client id
    #[arg(long)]
    pub(crate) client: Option<String>,
    /// The user; without one, the token is app-only
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// The API: identifier URI or client id
    #[arg(long)]
    pub(crate) audience: Option<String>,
    /// A delegated scope; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// An app role; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    /// Set or replace a claim; the value is JSON
    #[arg(long = "claim", value_name = "NAME=JSON", value_parser = member)]
    pub(crate) claims: Vec<(String, Value)>,
    /// Leave a claim out
    #[arg(long, value_name = "NAME")]
    pub(crate) without: Vec<String>,
    /// Set or replace a member of the header; the value is JSON
    #[arg(long = "header", value_name = "NAME=JSON", value_parser = member)]
    pub(crate) headers: Vec<(String, Value)>,
    /// Seconds until it expires; negative for an expired token
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(crate) expires_in: Option<i64>,
    /// The version, whatever the API asks for
    #[arg(long, value_name = "VERSION", value_parser = ["1.0", "2.0"])]
    pub(crate) token_version: Option<String>,
    /// An ID token instead of an access token
    #[arg(long)]
    pub(crate) id_token: bool,
    /// The identity provider's URL, which the issuer begins with
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8400", value_parser = public_url)]
    pub(crate) issuer_base: String,
}

fn member(text: &str) -> Result<(String, Value), String> {
    let (name, json) =
        text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("NAME=JSON is expected")?;
    let value = serde_json::from_str(json)
        .map_err(|_| format!("{json:?} is not JSON: a text needs quotes, like {name}='\"{json}\"'"))?;
    Ok((name.to_owned(), value))
}

fn public_url(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || url.query().is_some() {
        return Err("http://HOST or https://HOST is expected".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// clap's message without the usage that follows it.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let message = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{}; see mock-idp --help", message.trim_start_matches("error: "))
}
