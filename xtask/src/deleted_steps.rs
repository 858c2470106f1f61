//! What happens when a line of the validation is deleted: a line that can go without notice would be an untested check.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use entra_test_harness::{Expect, catalogue};
use entra_validator::Step;
use serde_json::Value;

const PIPELINE: &str = "validator/src/validator.rs";

/// Deletes each step in turn, and expects a case of the catalogue to end otherwise.
///
/// # Errors
///
/// If a step can go unnoticed, or something cannot be run.
pub fn catalogue_notices(workspace: &Path) -> io::Result<()> {
    let copy = Copy::of(workspace)?;
    let tests = || {
        let arguments =
            ["test", "-q", "-p", "entra-validator", "--all-features", "--test", "it", "catalogue::"];
        copy.cargo(&arguments)
    };
    copy.write(&copy.pipeline)?;
    let whole = tests()?;
    if !whole.status.success() {
        return Err(failed("the catalogue fails before anything is deleted", &whole));
    }
    let mut unnoticed = Vec::new();
    for step in Step::ALL {
        copy.delete(*step)?;
        let output = tests()?;
        if output.status.success() {
            unnoticed.push(step.to_string());
        }
        println!("{step}: {}", verdict(&output));
    }
    if unnoticed.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!("no case notices that a line is gone: {}", unnoticed.join(", "))))
}

fn verdict(output: &Output) -> String {
    let text = text(output);
    if output.status.success() {
        "deleted, and no case noticed".to_owned()
    } else if text.contains("error: could not compile") {
        "cannot be deleted, the rest does not compile without it".to_owned()
    } else {
        let failing = text.lines().find(|line| line.contains(" cases failed"));
        failing.map_or("noticed", |line| line.trim_end_matches(':')).to_owned()
    }
}

/// Deletes these steps in turn, all of them if none is named, and expects `entra-probe` to find exactly their cases.
///
/// # Errors
///
/// If it finds other cases, or something cannot be run.
pub fn probe_finds(workspace: &Path, steps: &[u8]) -> io::Result<()> {
    let copy = Copy::of(workspace)?;
    let built = copy.cargo(&["build", "-q", "-p", "entra-test-harness", "--bin", "entra-probe"])?;
    if !built.status.success() {
        return Err(failed("entra-probe does not build", &built));
    }
    let mut wrong = Vec::new();
    for step in Step::ALL.iter().filter(|step| steps.is_empty() || steps.contains(&step.number())) {
        copy.delete(*step)?;
        let built = copy.cargo(&["build", "-q", "-p", "protected-api"])?;
        if !built.status.success() {
            println!("{step}: {}", verdict(&built));
            continue;
        }
        let report = copy.probe()?;
        // A case in which both verdicts are right may be refused for a later reason, now that its own is gone.
        let either = cases(*step, |expect| matches!(expect, Expect::Either { .. }));
        let expected: BTreeSet<_> = cases(*step, |expect| matches!(expect, Expect::Refuse(_)))
            .intersection(&report.played)
            .cloned()
            .collect();
        let found: BTreeSet<_> = report.failed.difference(&either).cloned().collect();
        println!("{step}: {} cases expected, {} found", expected.len(), found.len());
        if found != expected {
            let (more, fewer) = (found.difference(&expected), expected.difference(&found));
            let (more, fewer): (Vec<_>, Vec<_>) = (more.collect(), fewer.collect());
            wrong.push(format!("{step}: also failed {more:?}; did not fail {fewer:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(io::Error::other(wrong.join("\n"))) }
}

/// The ids of the cases whose refusal has one of the step's codes.
fn cases(step: Step, kind: impl Fn(Expect) -> bool) -> BTreeSet<String> {
    let of_step = |expect| match expect {
        Expect::Refuse(code) | Expect::Either { code, .. } => {
            step.codes().iter().any(|of_step| *of_step == code)
        }
        Expect::Accept => false,
    };
    let cases = catalogue().filter(|case| kind(case.expect) && of_step(case.expect));
    cases.map(|case| case.id.to_owned()).collect()
}

/// A copy of the workspace in which lines can be deleted. It shares the build with the original.
struct Copy {
    folder: tempfile::TempDir,
    target: PathBuf,
    pipeline: String,
}

/// The ids of the cases that were played and are not known to diverge, and of those among them that failed.
struct Report {
    played: BTreeSet<String>,
    failed: BTreeSet<String>,
}

impl Copy {
    fn of(workspace: &Path) -> io::Result<Self> {
        let workspace = workspace.canonicalize()?;
        let folder = tempfile::tempdir()?;
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let list = run(Command::new("git").current_dir(&workspace).args(list))?;
        for file in text(&list).split('\0').filter(|file| workspace.join(file).is_file()) {
            let to = folder.path().join(file);
            fs::create_dir_all(to.parent().unwrap_or(folder.path()))?;
            fs::copy(workspace.join(file), to)?;
        }
        let pipeline = fs::read_to_string(workspace.join(PIPELINE))?;
        Ok(Self { folder, target: workspace.join("target"), pipeline })
    }

    /// Writes the pipeline without the line of this step, which ends in the step's number and name.
    fn delete(&self, step: Step) -> io::Result<()> {
        let mark = format!("{} {} ", step.number(), step.name());
        let is_of_step = |line: &&str| {
            line.split_once("// ").is_some_and(|(_, comment)| comment.trim_start().starts_with(&mark))
        };
        let deleted: Vec<&str> = self.pipeline.lines().filter(is_of_step).collect();
        if deleted.len() != 1 {
            return Err(io::Error::other(format!(
                "{step} is on {} lines of {PIPELINE}, not on one",
                deleted.len()
            )));
        }
        self.write(&self.pipeline.replace(deleted[0], ""))
    }

    /// Cargo goes by the time of a file: a fresh one is built again, whatever another copy built before.
    fn write(&self, pipeline: &str) -> io::Result<()> {
        fs::write(self.folder.path().join(PIPELINE), pipeline)
    }

    fn cargo(&self, arguments: &[&str]) -> io::Result<Output> {
        let mut cargo = Command::new("cargo");
        run(cargo.current_dir(&self.folder).env("CARGO_TARGET_DIR", &self.target).args(arguments))
    }

    /// Plays the cases against the example API as it was built last.
    fn probe(&self) -> io::Result<Report> {
        let report = self.folder.path().join("report.json");
        let built = self.target.join("debug");
        let mut probe = Command::new(built.join("entra-probe"));
        probe.args(["run", "--target", "http://127.0.0.1:3009/restricted", "--idp-listen", "127.0.0.1:8409"]);
        probe.args([
            "--skip",
            "scenario::*",
            "--divergences",
            "examples/protected-api/divergences.toml",
            "--json",
        ]);
        probe.arg(&report).arg("--").arg(built.join("protected-api"));
        let output =
            run(probe.current_dir(&self.folder).env("LISTEN", "127.0.0.1:3009").env("RUST_LOG", "off"))?;
        if output.status.code() == Some(2) {
            return Err(failed("entra-probe could not run", &output));
        }
        let report: Value = serde_json::from_slice(&fs::read(report)?)?;
        let rows = report["results"].as_array().cloned().unwrap_or_default();
        let ids = |rows: Vec<&Value>| {
            rows.iter().filter_map(|row| Some(row["id"].as_str()?.to_owned())).collect::<BTreeSet<_>>()
        };
        let played: Vec<&Value> =
            rows.iter().filter(|row| row["outcome"] != "skipped" && row["known"].is_null()).collect();
        let failed = played.iter().copied().filter(|row| row["outcome"] != "passed").collect();
        Ok(Report { failed: ids(failed), played: ids(played) })
    }
}

/// The next build of the workspace must not take the copy's for its own.
impl Drop for Copy {
    fn drop(&mut self) {
        let original = self.target.with_file_name(PIPELINE);
        let touched = fs::File::options().append(true).open(original);
        if let Err(error) = touched.and_then(|file| file.set_modified(std::time::SystemTime::now())) {
            eprintln!("warning: touch {PIPELINE} before the next build: {error}");
        }
    }
}

fn run(command: &mut Command) -> io::Result<Output> {
    let program = command.get_program().to_owned();
    command.output().map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", program.display())))
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn failed(what: &str, output: &Output) -> io::Error {
    io::Error::other(format!("{what}:\n{}", text(output)))
}
