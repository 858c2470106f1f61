//! `cargo run -p protected-api`. The routes are in the library.

use std::process::ExitCode;

use protected_api::{Settings, app};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

#[tokio::main]
async fn main() -> ExitCode {
    let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(ansi).with_env_filter(filter).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("protected-api: {message}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), String> {
    if let Some(argument) = std::env::args().nth(1) {
        return Err(format!(
            "unexpected argument {argument:?}: settings are environment variables, see README.md"
        ));
    }
    let settings = Settings::from_lookup(|name| std::env::var(name).ok())?;
    let listener = tokio::net::TcpListener::bind(settings.listen).await.map_err(|error| {
        format!("cannot listen on {}: {error}; set LISTEN to another address", settings.listen)
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("protected-api listening on http://{address}");
    axum::serve(listener, app(settings.server))
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .await
        .map_err(|error| error.to_string())
}
