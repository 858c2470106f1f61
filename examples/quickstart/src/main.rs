//! `cargo run -p quickstart`: a mock Entra ID and a protected API on their default ports, one good token and
//! hostile ones, and the API's response to each.

mod story;

use std::{net::SocketAddr, process::ExitCode};

use clap::Parser;
use entra_mock_idp::MockIdp;
use protected_api::Settings;

/// Starts a mock Entra ID on 127.0.0.1:8400 and a protected API on 127.0.0.1:3000, and shows the API's
/// response to one good token and to hostile ones. Both stay up until Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "quickstart")]
struct Arguments {
    /// End after the table; status 0 only if every response was the expected one
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            print!("{error}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(error.to_string().lines().next().unwrap_or("unknown flag")),
    };
    match run(arguments.once).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("quickstart: {}", message.trim_start_matches("error: "));
    ExitCode::from(2)
}

/// Whether every response was the expected one.
async fn run(once: bool) -> Result<bool, String> {
    let in_use = |what: &str, address: SocketAddr, error: std::io::Error| {
        format!("{what} cannot listen on {address}: {error}; stop what listens there and try again")
    };
    let idp_address = SocketAddr::from(([127, 0, 0, 1], 8400));
    let idp = MockIdp::builder()
        .listen(idp_address)
        .start()
        .map_err(|error| format!("mock-idp: {error}; stop what listens there and try again"))?;
    // Ignores the environment, so that the result is the same on every machine.
    let settings = Settings::from_lookup(|_| None)?;
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|error| in_use("protected-api", settings.listen, error))?;
    let api = format!("http://{}", settings.listen);
    let server =
        tokio::spawn(async move { axum::serve(listener, protected_api::app(settings.server)).await });

    println!("mock-idp       {}   TEST ONLY: its keys and secrets are published", idp.base_url());
    println!("protected-api  {api}\n");
    let rows = story::tell(&idp, &api).await.map_err(|error| error.to_string())?;
    println!("{}\n", story::table(&rows));
    let right = rows.iter().all(story::Row::is_right);
    if !right {
        println!("Some answers were not the expected ones.");
    }
    if !once {
        println!("{}", story::next_steps(&idp, &api));
        tokio::signal::ctrl_c().await.map_err(|error| error.to_string())?;
    }
    server.abort();
    Ok(right)
}
