//! `cargo xtask`: the project's chores.

use std::{path::Path, process::ExitCode};

use clap::Parser;
use xtask::{deleted_steps, generated};

/// The project's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Writes everything that is generated: the suite and its schema, the pages, the tables in READMEs, `OpenAPI`.
    Update,
    /// Deletes each line of the validation in turn, and expects the catalogue to notice.
    DeleteEachStep,
    /// Deletes lines of the validation in turn, and expects `entra-probe` to find exactly the cases of that step.
    ProbeDeletedSteps {
        /// The numbers of the steps; all of them if none is given.
        steps: Vec<u8>,
    },
}

fn main() -> ExitCode {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let done = match Chore::parse() {
        Chore::Update => generated::all().iter().try_for_each(|generated| generated.write(&workspace)),
        Chore::DeleteEachStep => deleted_steps::catalogue_notices(&workspace),
        Chore::ProbeDeletedSteps { steps } => deleted_steps::probe_finds(&workspace, &steps),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
