//! `entra-probe`'s run against this API, as a process of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use entra_test_harness::{Divergences, Options, Outcome, Progress, run};

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn options(route: &str) -> Options {
    let port = free_port();
    let mut options = Options::new(format!("http://127.0.0.1:{port}{route}").parse().unwrap());
    options.idp_listen = "127.0.0.1:0".parse().unwrap();
    options.command = vec![
        "env".to_owned(),
        format!("LISTEN=127.0.0.1:{port}"),
        "RUST_LOG=off".to_owned(),
        env!("CARGO_BIN_EXE_protected-api").to_owned(),
    ];
    options
}

fn accepted() -> Divergences {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("divergences.toml");
    Divergences::from_toml(&fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn every_token_of_the_catalogue_is_judged_as_it_should_be() {
    let mut options = options("/restricted");
    options.skip = vec!["scenario::*".to_owned()];
    options.divergences = accepted();
    let report = run(options, |_| {}).await.unwrap();
    let findings: Vec<_> = report.findings().map(|row| (row.id, row.outcome.to_string())).collect();
    assert_eq!((findings, report.stale.len()), (vec![], 0));
    assert!(report.counts.passed > 500 && report.counts.accepted == 1, "{:?}", report.counts);
}

#[tokio::test]
async fn the_scenarios_that_need_no_long_wait_end_as_they_should() {
    let mut options = options("/restricted");
    options.only = vec!["scenario::*".to_owned()];
    options.skip = ["*slow*", "*after-a-flood"].map(|glob| format!("scenario::{glob}")).to_vec();
    let report = run(options, |_| {}).await.unwrap();
    let findings: Vec<_> = report.findings().map(|row| (row.id, row.outcome.to_string())).collect();
    assert_eq!(findings, vec![]);
    assert!(report.counts.passed > 20, "{:?}", report.counts);
}

#[tokio::test]
async fn a_route_that_asks_for_a_scope_is_probed_for_it() {
    let mut options = options("/restricted/scopes/scps-and");
    options.scopes = vec!["SCOPE_A".to_owned(), "SCOPE_B".to_owned()];
    options.only = vec!["scope::*".to_owned()];
    let report = run(options, |_| {}).await.unwrap();
    let wrong: Vec<_> = report.findings().map(|row| row.id).collect();
    assert_eq!(wrong, [""; 0]);
    assert!(report.counts.passed >= 10, "{:?}", report.counts);
}

#[tokio::test]
async fn an_accepted_divergence_that_is_none_any_more_is_an_error() {
    let mut options = options("/restricted");
    options.only = vec!["lifetime::*".to_owned()];
    let text = "[[divergence]]\nid = 'lifetime::expired-*'\nreason = 'there was a time'\n\
                [[divergence]]\nid = 'no::such'\nreason = 'a slip'\n\
                [[divergence]]\nid = 'typ::*'\nreason = 'not played here'\n";
    options.divergences = Divergences::from_toml(text).unwrap();
    let report = run(options, |_| {}).await.unwrap();
    assert_eq!(report.stale, ["lifetime::expired-*", "no::such"]);
    assert!(!report.is_clean());
}

/// Starts the API and leaves its process id in a file.
fn with_pid_file(options: &mut Options, file: &Path) {
    let script = format!("echo $$ > {}; exec {}", file.display(), options.command.join(" "));
    options.command = vec!["sh".to_owned(), "-c".to_owned(), script];
}

fn signal(file: &Path, name: &str) {
    let pid = fs::read_to_string(file).unwrap();
    assert!(Command::new("kill").args([name, pid.trim()]).status().unwrap().success());
}

fn pid_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test]
async fn an_api_that_is_killed_amid_the_run_ends_it_with_a_clear_message() {
    let (mut options, file) = (options("/restricted"), pid_file("killed"));
    with_pid_file(&mut options, &file);
    let mut ended = 0;
    let error = run(options, |progress| {
        if let Progress::Ended(_) = progress {
            ended += 1;
            if ended == 20 {
                signal(&file, "-KILL");
            }
        }
    });
    let error = error.await.unwrap_err().to_string();
    assert!(error.starts_with("the API was stopped amid the run"), "{error}");
}

#[tokio::test]
async fn an_api_that_falls_over_is_a_finding_and_is_started_again() {
    let (mut options, file) = (options("/restricted"), pid_file("fallen"));
    with_pid_file(&mut options, &file);
    options.only = vec!["audience::*".to_owned()];
    let mut ended = 0;
    let report = run(options, |progress| {
        if let Progress::Ended(_) = progress {
            ended += 1;
            if ended == 3 {
                signal(&file, "-ABRT");
            }
        }
    });
    let report = report.await.unwrap();
    let findings: Vec<_> = report.findings().collect();
    assert!(matches!(findings[..], [row] if matches!(row.outcome, Outcome::Crashed { .. })), "{findings:?}");
    assert_eq!(report.counts.passed + 1, report.results.len());
}

#[tokio::test]
async fn an_api_that_never_answers_ends_the_run_with_what_it_printed() {
    let mut options = options("/restricted");
    options.start_timeout = Duration::from_millis(300);
    options.command = ["sh", "-c", "echo still warming up; exec sleep 600"].map(str::to_owned).to_vec();
    let error = run(options, |_| {}).await.unwrap_err().to_string();
    assert!(error.contains("does not answer") && error.contains("still warming up"), "{error}");
}
