//! `mock-idp serve`.

use std::fs;

use entra_mock_idp::{Directory, MockIdp, Tls};
use tokio::signal;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::{
    banner,
    cli::{LogFormat, Serve},
};

pub(crate) fn run(arguments: Serve) -> Result<(), String> {
    start_log(arguments.log_format);
    let mut builder = MockIdp::builder()
        .listen(arguments.listen)
        .workers(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    if let Some(path) = &arguments.config {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("cannot read --config {}: {error}", path.display()))?;
        let directory =
            Directory::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.directory(directory);
    }
    if let (Some(cert), Some(key)) = (arguments.cert, arguments.key) {
        builder = builder.tls(Tls::Own { cert, key });
    } else if arguments.tls {
        builder = builder.tls(Tls::LocalCa(arguments.state_dir.path()?));
    }
    if let Some(url) = arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(user) = arguments.sign_in {
        builder = builder.sign_in(user);
    }
    if arguments.fresh_keys {
        builder = builder.fresh_keys();
    }
    let idp = builder.start().map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{} is in use: stop what listens there, or give another --listen", arguments.listen)
        }
        std::io::ErrorKind::AddrNotAvailable | std::io::ErrorKind::PermissionDenied => {
            format!("cannot listen on {}: {error}; give another --listen", arguments.listen)
        }
        _ => format!("cannot start: {error}"),
    })?;
    let ca = if arguments.tls { Some(entra_mock_idp::local_ca(&arguments.state_dir.path()?)) } else { None };
    let ca = ca.transpose().map_err(|error| error.to_string())?;
    banner::print(&idp, ca.as_deref());
    if let Some(path) = &arguments.ready_file {
        fs::write(path, idp.base_url())
            .map_err(|error| format!("cannot write --ready-file {}: {error}", path.display()))?;
    }
    wait_for_the_end()
}

/// `RUST_LOG` says how much is told: `warn`, or `debug`.
fn start_log(format: LogFormat) {
    let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(ansi).with_env_filter(filter);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Ctrl-C or SIGTERM.
fn wait_for_the_end() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        #[cfg(unix)]
        {
            let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())
                .map_err(|error| error.to_string())?;
            tokio::select! {
                _ = terminate.recv() => {}
                result = signal::ctrl_c() => result.map_err(|error| error.to_string())?,
            }
        }
        #[cfg(not(unix))]
        signal::ctrl_c().await.map_err(|error| error.to_string())?;
        Ok(())
    })
}
