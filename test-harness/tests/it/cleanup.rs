//! However a run ends, nothing is left of what it started, and nothing is lost that it found.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

use crate::api::{Held, Leash, free_port, shell};

/// A run against an API in a shell, amid the first cases.
struct Run {
    probe: Child,
    shell: Held,
    api: Held,
    port: u16,
    /// The next instance of the API needs it, if the run goes that far before it ends.
    _leash: Leash,
}

impl Run {
    fn begin(script: &str, more: &[&str]) -> Self {
        Self::begin_by(&[], script, more)
    }

    /// The same, with the probe started by another program.
    fn begin_by(starter: &[&str], script: &str, more: &[&str]) -> Self {
        let (leash, port) = (Leash::new(), free_port());
        let probe = command(starter, port, &leash, script, more).spawn().unwrap();
        let shell = leash.next();
        let mut api = leash.next();
        api.answered(5);
        Self { probe, shell, api, port, _leash: leash }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.probe.id().try_into().unwrap())
    }

    fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits for the end of the probe and of all that it started.
    fn end(self) -> (Option<i32>, String, String) {
        let output = self.probe.wait_with_output().unwrap();
        self.shell.ended();
        TcpListener::bind(("127.0.0.1", self.port)).expect("the port is taken");
        texts(output)
    }
}

fn command(starter: &[&str], port: u16, leash: &Leash, script: &str, more: &[&str]) -> Command {
    let words: Vec<&str> = starter.iter().copied().chain([env!("CARGO_BIN_EXE_entra-probe")]).collect();
    let mut probe = Command::new(words[0]);
    probe.args(&words[1..]).args([
        "run",
        "--idp-listen",
        "127.0.0.1:0",
        "--target",
        &format!("http://127.0.0.1:{port}/"),
    ]);
    probe.args(more).arg("--").args(shell(script)).envs(leash.environment());
    probe.stdout(Stdio::piped()).stderr(Stdio::piped());
    probe
}

/// Where `nohup` started the tests, the probe would go on at SIGHUP, as it should there.
fn hearing_hangups() -> &'static [&'static str] {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    if ignored.is_some_and(|mask| mask & 1 == 1) { &["env", "--default-signal=HUP"] } else { &[] }
}

fn texts(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The API as a child of a shell.
const WRAPPED: &str = r#""$@" & wait"#;
/// The same, and the child can only be killed.
const DEAF: &str = r#"(trap "" TERM; exec "$@") & wait"#;
/// A reloader: what is killed is started again.
const RELOADED: &str = r#"until "$@"; do :; done"#;

#[test]
fn sigterm_sighup_and_sigint_end_the_api_and_all_that_it_started() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT] {
        for script in [WRAPPED, RELOADED] {
            let run = Run::begin_by(hearing_hangups(), script, &[]);
            run.signal(signal);
            let (status, _, message) = run.end();
            assert_eq!(status, Some(2), "{message}");
            let last = message.lines().last().unwrap();
            assert_eq!(last, format!("entra-probe: interrupted by {signal}"), "{message}");
        }
    }
}

#[test]
fn sigterm_ends_an_api_that_ignores_it() {
    let run = Run::begin(DEAF, &[]);
    run.signal(Signal::SIGTERM);
    assert_eq!(run.end().0, Some(2));
}

#[test]
fn sigkill_of_the_probe_leaves_no_process_and_no_taken_port() {
    for script in [WRAPPED, DEAF, RELOADED] {
        let run = Run::begin(script, &[]);
        run.signal(Signal::SIGKILL);
        assert_eq!(run.end().0, None);
    }
}

#[test]
fn sigkill_of_the_group_of_the_probe_leaves_no_process_and_no_taken_port() {
    let run = Run::begin_by(&["setsid"], WRAPPED, &[]);
    killpg(run.pid(), Signal::SIGKILL).unwrap();
    assert_eq!(run.end().0, None);
}

#[test]
fn a_run_under_nohup_goes_on_after_sighup() {
    let mut run = Run::begin_by(&["nohup"], WRAPPED, &[]);
    run.signal(Signal::SIGHUP);
    run.api.answered(100);
    run.signal(Signal::SIGTERM);
    let (_, table, _) = run.end();
    assert!(table.contains("interrupted by SIGTERM"), "{table}");
}

#[test]
fn an_interrupted_run_writes_the_table_and_all_reports_marked_as_interrupted() {
    let reports = ["interrupted.json", "interrupted.xml", "interrupted.html"].map(path);
    let [json, junit, html] = reports.each_ref().map(|path| path.to_str().unwrap());
    let run = Run::begin(WRAPPED, &["--json", json, "--junit", junit, "--html", html]);
    run.signal(Signal::SIGTERM);
    let (_, table, _) = run.end();
    assert!(table.contains("The run ended before its end: interrupted by SIGTERM\n"), "{table}");
    let [json, junit, html] = reports.map(|path| std::fs::read_to_string(path).unwrap());
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["interrupted"], "interrupted by SIGTERM");
    let results = report["results"].as_array().unwrap();
    assert_eq!(results[0]["outcome"], "passed");
    assert_eq!(results.last().unwrap()["reason"], "the run ended before");
    let junit = roxmltree::Document::parse(&junit).unwrap();
    let error = junit.descendants().find(|node| node.has_tag_name("error")).unwrap();
    assert!(error.attribute("message").unwrap().contains("interrupted by SIGTERM"));
    assert!(html.contains("interrupted by SIGTERM"));
}

#[test]
fn a_terminal_that_is_gone_does_not_end_the_run() {
    let json = path("gone.json");
    let (leash, port) = (Leash::new(), free_port());
    let mut command =
        command(&[], port, &leash, WRAPPED, &["--only", "audience::*", "--json", json.to_str().unwrap()]);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = command.stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert!(report.get("interrupted").is_none());
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_before_anything_starts() {
    let (good, began) = (path("never.json"), path("began"));
    for file in [&good, &began] {
        // What a run that failed left.
        _ = std::fs::remove_file(file);
    }
    let began_path = began.to_str().unwrap();
    let arguments = ["run", "--target", "http://127.0.0.1:1/", "--json", good.to_str().unwrap()];
    let output = Command::new(env!("CARGO_BIN_EXE_entra-probe"))
        .args(arguments)
        .args(["--junit", "/nonexistent/x", "--", "touch", began_path])
        .output()
        .unwrap();
    let (status, table, message) = texts(output);
    assert_eq!((status, table.as_str()), (Some(2), ""));
    assert!(message.starts_with("entra-probe: cannot write the report /nonexistent/x: "), "{message}");
    assert!(!began.exists() && !good.exists());
}

#[test]
fn a_report_that_fails_at_the_end_costs_neither_the_table_nor_the_other_reports() {
    let junit = path("beside-full.xml");
    let more = ["--only", "audience::*", "--json", "/dev/full", "--junit", junit.to_str().unwrap()];
    let (leash, port) = (Leash::new(), free_port());
    let output = command(&[], port, &leash, WRAPPED, &more).output().unwrap();
    let (status, table, message) = texts(output);
    assert_eq!(status, Some(2));
    assert!(table.contains(" failed, "), "{table}");
    assert!(message.contains("cannot write the report /dev/full: "), "{message}");
    assert!(roxmltree::Document::parse(&std::fs::read_to_string(junit).unwrap()).is_ok());
}

#[test]
fn what_leaves_the_process_group_is_an_error_at_the_next_start_and_not_judged_as_a_new_api() {
    let (leash, port) = (Leash::new(), free_port());
    let output = command(&[], port, &leash, r#"setsid "$@" & wait"#, &["--only", "key::*"]).output().unwrap();
    let (status, _, message) = texts(output);
    assert_eq!(status, Some(2));
    assert!(message.contains("something still answers at"), "{message}");
}

#[test]
fn an_api_without_line_ends_in_its_output_fills_no_memory() {
    let (leash, port) = (Leash::new(), free_port());
    let script = r#"head -c 400000000 /dev/zero; cat /dev/zero & exec "$@""#;
    let output = command(&[], port, &leash, script, &["--only", "audience::*"]).output().unwrap();
    let (status, table, _) = texts(output);
    assert_eq!(status, Some(1), "{table}");
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).unwrap();
    let largest = usage.max_rss() / 1024;
    assert!(largest < 200, "a probe needed {largest} MB");
}
