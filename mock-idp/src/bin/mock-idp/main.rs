//! `mock-idp`: a mock Microsoft Entra ID. TEST ONLY.

mod banner;
mod cli;
#[cfg(feature = "validator")]
mod judge;
mod serve;
mod token;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use entra_mock_idp::{BUILTIN_TOML, Directory, local_ca};

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are not errors; they go to standard output with status 0.
        Err(error) if !error.use_stderr() => return print(&error.render().to_string()),
        Err(error) => return fail(&cli::one_line(&error)),
    };
    let result = match cli.command {
        None => serve::run(&cli.serve),
        Some(Command::Serve(arguments)) => serve::run(&arguments),
        Some(Command::Token(arguments)) => token::run(arguments).map(|token| println!("{token}")),
        Some(Command::Config) => return print(BUILTIN_TOML),
        Some(Command::Schema) => return print(&format!("{:#}\n", Directory::schema())),
        Some(Command::Ca(arguments)) => arguments
            .state_dir
            .path()
            .and_then(|path| local_ca(&path).map_err(|error| format!("{}: {error}", path.display())))
            .map(|path| println!("{}", path.display())),
        Some(Command::Completions { shell }) => {
            clap_complete::generate(shell, &mut Cli::command(), "mock-idp", &mut std::io::stdout());
            Ok(())
        }
    };
    result.map_or_else(|message| fail(&message), |()| ExitCode::SUCCESS)
}

/// A reader that has seen enough, `head` for instance, is not an error.
fn print(text: &str) -> ExitCode {
    _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
    ExitCode::SUCCESS
}

fn fail(message: &str) -> ExitCode {
    eprintln!("mock-idp: {message}");
    ExitCode::from(2)
}
