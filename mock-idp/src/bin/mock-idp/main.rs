//! `mock-idp`: a mock Microsoft Entra ID. TEST ONLY.

mod banner;
mod cli;
#[cfg(feature = "validator")]
mod judge;
mod log;
mod serve;
mod token;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser as _};
use entra_mock_idp::{BUILTIN_TOML, Directory, local_ca};

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are not errors; they go to standard output with status 0.
        Err(error) if !error.use_stderr() => return ended(print(&error.render().to_string())),
        Err(error) => return fail(&cli::one_line(&error)),
    };
    let result = match cli.command {
        None => serve::run(&cli.serve),
        Some(Command::Serve(arguments)) => serve::run(&arguments),
        Some(Command::Token(arguments)) => {
            token::run(arguments).and_then(|token| print(&format!("{token}\n")))
        }
        Some(Command::Config) => print(BUILTIN_TOML),
        Some(Command::Schema) => print(&format!("{:#}\n", Directory::schema())),
        Some(Command::Ca(arguments)) => arguments
            .state_dir
            .path()
            .and_then(|path| local_ca(&path).map_err(|error| format!("{}: {error}", path.display())))
            .and_then(|path| print(&format!("{}\n", path.display()))),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "mock-idp", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
    };
    ended(result)
}

fn ended(result: Result<(), String>) -> ExitCode {
    result.map_or_else(|message| fail(&message), |()| ExitCode::SUCCESS)
}

/// A reader that has seen enough, `head` for instance, is not an error; a full disk is.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// `eprintln!` would panic if standard error cannot be written.
fn fail(message: &str) -> ExitCode {
    _ = writeln!(io::stderr(), "mock-idp: {message}");
    ExitCode::from(2)
}
