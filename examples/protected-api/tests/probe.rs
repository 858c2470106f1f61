//! `entra-probe` against this API, as a separate process.

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

fn known() -> Divergences {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("divergences.toml");
    Divergences::from_toml(&fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn every_case_of_the_catalogue_passes_or_is_known() {
    let mut options = options("/restricted");
    options.skip = vec!["scenario::*".to_owned()];
    options.divergences = known();
    let report = run(options, |_| {}).await.unwrap();
    let failures: Vec<_> = report.failures().map(|row| (row.id, row.outcome.to_string())).collect();
    assert_eq!((failures, report.stale.len()), (vec![], 0));
    assert!(report.counts.passed > 500 && report.counts.known == 1, "{:?}", report.counts);
}

#[tokio::test]
async fn every_scenario_without_a_long_wait_passes() {
    let mut options = options("/restricted");
    options.only = vec!["scenario::*".to_owned()];
    options.skip = ["*slow*", "*after-a-flood"].map(|glob| format!("scenario::{glob}")).to_vec();
    let report = run(options, |_| {}).await.unwrap();
    let failures: Vec<_> = report.failures().map(|row| (row.id, row.outcome.to_string())).collect();
    assert_eq!(failures, vec![]);
    assert!(report.counts.passed > 20, "{:?}", report.counts);
}

#[tokio::test]
async fn a_route_that_requires_a_scope_is_probed_for_it() {
    let mut options = options("/restricted/scopes/scps-and");
    options.scopes = vec!["SCOPE_A".to_owned(), "SCOPE_B".to_owned()];
    options.only = vec!["scope::*".to_owned()];
    let report = run(options, |_| {}).await.unwrap();
    let wrong: Vec<_> = report.failures().map(|row| row.id).collect();
    assert_eq!(wrong, [""; 0]);
    assert!(report.counts.passed >= 10, "{:?}", report.counts);
}

/// The same, started by a shell, in whose script `"$@"` is the API.
#[cfg(unix)]
fn wrapped(script: &str, only: &[&str]) -> Options {
    let mut options = options("/restricted");
    let shell = ["bash", "-c", script, "bash"].map(str::to_owned);
    options.command.splice(0..0, shell);
    options.only = only.iter().map(|glob| (*glob).to_owned()).collect();
    options
}

#[cfg(unix)]
async fn outcomes(options: Options) -> Vec<(&'static str, Outcome)> {
    let report = run(options, |_| {}).await.unwrap();
    assert_eq!(report.interrupted, None);
    report.results.into_iter().map(|row| (row.id, row.outcome)).collect()
}

/// What listens ends 300 ms later than the shell that started it.
#[cfg(unix)]
const DRAINING: &str = r#"
    trap "exit 0" TERM
    (trap "" TERM; exec "$@") & worker=$!
    (trap "sleep 0.3; kill -KILL $worker; exit" TERM; sleep 600 & wait) &
    wait"#;

/// The API gets a key set that it must refuse, and another one after each restart.
#[cfg(unix)]
#[tokio::test]
async fn a_wrapper_a_reloader_and_a_slow_drain_change_no_verdict() {
    const ONLY: &[&str] = &["key::modulus-*", "key::with*", "provider::keys-e*"];
    let direct = outcomes(wrapped(r#"exec "$@""#, ONLY)).await;
    assert!(direct.len() > 3 && direct.iter().all(|(_, outcome)| *outcome == Outcome::Passed), "{direct:?}");
    for script in [r#""$@" & wait"#, r#"until "$@"; do :; done"#, DRAINING] {
        assert_eq!(outcomes(wrapped(script, ONLY)).await, direct, "{script}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_worker_that_ignores_sigterm_is_gone_before_the_next_start() {
    let options =
        wrapped(r#"(trap "" TERM; exec "$@") & wait"#, &["key::with-algorithm", "key::modulus-zero"]);
    let port = options.target.port().unwrap();
    let outcomes = outcomes(options).await;
    assert!(outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Passed), "{outcomes:?}");
    TcpListener::bind(("127.0.0.1", port)).expect("the API is gone after the run");
}

#[tokio::test]
async fn a_known_divergence_that_does_not_occur_is_an_error() {
    let mut options = options("/restricted");
    options.only = vec!["expiry::*".to_owned()];
    let text = "[[divergence]]\nid = 'expiry::a*'\nreason = 'it was true once'\n\
                [[divergence]]\nid = 'no::such'\nreason = 'a slip'\n\
                [[divergence]]\nid = 'typ::*'\nreason = 'not played here'\n";
    options.divergences = Divergences::from_toml(text).unwrap();
    let report = run(options, |_| {}).await.unwrap();
    assert_eq!(report.stale, ["expiry::a*", "no::such"]);
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
async fn an_api_that_is_killed_during_the_run_ends_it_and_the_report_says_so() {
    let (mut options, file) = (options("/restricted"), pid_file("killed"));
    with_pid_file(&mut options, &file);
    let mut ended = 0;
    let report = run(options, |progress| {
        if let Progress::Ended(_) = progress {
            ended += 1;
            if ended == 20 {
                signal(&file, "-KILL");
            }
        }
    });
    let report = report.await.unwrap();
    let why = report.interrupted.as_deref().unwrap();
    assert!(why.starts_with("the API was stopped during the run"), "{why}");
    assert!(report.counts.passed == 20 && !report.is_clean(), "{:?}", report.counts);
}

async fn crash_and_restart(name: &str, shell: &[&str]) {
    let (mut options, file) = (options("/restricted"), pid_file(name));
    with_pid_file(&mut options, &file);
    options.command.splice(0..0, shell.iter().map(|word| (*word).to_owned()));
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
    let failures: Vec<_> = report.failures().collect();
    assert!(matches!(failures[..], [row] if matches!(row.outcome, Outcome::Crashed { .. })), "{failures:?}");
    assert_eq!(report.counts.passed + 1, report.results.len());
}

#[tokio::test]
async fn a_crash_fails_the_case_and_the_api_is_restarted() {
    crash_and_restart("crash", &[]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_crash_behind_a_shell_that_ends_fails_the_case_and_the_api_is_restarted() {
    let shell = ["bash", "-c", r#""$@" & wait $!"#, "bash"];
    crash_and_restart("crash-behind", &shell).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_crash_behind_a_shell_that_goes_on_fails_the_case_and_the_api_is_restarted() {
    let shell = ["bash", "-c", r#""$@"; sleep 600"#, "bash"];
    crash_and_restart("crash-hidden", &shell).await;
}

#[tokio::test]
async fn an_api_that_never_answers_ends_the_run_with_what_it_printed() {
    let mut options = options("/restricted");
    options.start_timeout = Duration::from_millis(300);
    options.command = ["sh", "-c", "echo still warming up; exec sleep 600"].map(str::to_owned).to_vec();
    let error = run(options, |_| {}).await.unwrap_err().to_string();
    assert!(error.contains("does not answer") && error.contains("still warming up"), "{error}");
}
