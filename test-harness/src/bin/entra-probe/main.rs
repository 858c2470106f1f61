//! `entra-probe`: sends the catalogue of hostile tokens to an API, whatever language it is written in.

mod cli;
mod formats;
mod play;
mod report_file;
mod signals;

use std::{
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser as _};
use entra_test_harness::{Suite, World, catalogue, scenarios};

use cli::{Cli, Command};

/// Exit statuses: clean, something failed, could not run.
const CLEAN: u8 = 0;
const FAILED: u8 = 1;
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    #[cfg(unix)]
    if std::env::args_os().nth(1).is_some_and(|argument| argument == cli::WATCHDOG) {
        entra_test_harness::watch();
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are not errors; they go to standard output with status 0.
        Err(error) if !error.use_stderr() => return print(&error.render().to_string()),
        Err(error) => return fail(&cli::one_line(&error)),
    };
    match cli.command {
        Command::Run(arguments) => match play::run(&arguments) {
            Ok(clean) => ExitCode::from(if clean { CLEAN } else { FAILED }),
            Err(message) => fail(&message),
        },
        Command::List { json } => print(&list(json)),
        Command::Token { case } => match token(&case) {
            Ok(token) => print(&format!("{token}\n")),
            Err(message) => fail(&message),
        },
        Command::Export => print(&Suite::new().to_json()),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "entra-probe", &mut std::io::stdout());
            ExitCode::SUCCESS
        }
    }
}

/// A reader that stops early, such as `head`, is not a failure.
fn print(text: &str) -> ExitCode {
    _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn fail(message: &str) -> ExitCode {
    // The last line of a progress bar would run into the message.
    let start = if std::io::stderr().is_terminal() { "\r\x1b[2K" } else { "" };
    note(&format!("{start}entra-probe: {message}"));
    ExitCode::from(COULD_NOT_RUN)
}

/// A terminal that was closed or a disk that is full must not end the run.
fn note(line: &str) {
    _ = writeln!(std::io::stderr(), "{line}");
}

fn list(json: bool) -> String {
    let ids = catalogue().map(|case| (case.id, case.summary));
    let all = ids.chain(scenarios().iter().map(|scenario| (scenario.id, scenario.summary)));
    if json {
        let all: Vec<_> =
            all.map(|(id, summary)| serde_json::json!({"id": id, "summary": summary})).collect();
        return format!("{:#}\n", serde_json::Value::from(all));
    }
    all.fold(String::new(), |text, (id, summary)| text + &format!("{id:48} {summary}\n"))
}

/// One hostile token, dated now, as a mock on its default port would issue it.
fn token(id: &str) -> Result<String, String> {
    let case = catalogue()
        .find(|case| case.id == id)
        .ok_or_else(|| format!("there is no case {id:?}; entra-probe list prints them all"))?;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|error| error.to_string())?;
    let now = i64::try_from(now.as_secs()).map_err(|error| error.to_string())?;
    let attempt = case.forge(&World::fixed(now, "http://127.0.0.1:8400"));
    let token = attempt.bearer().map(str::to_owned);
    token.ok_or_else(|| format!("{id} is not a single bearer token; suite.json has its headers"))
}
