//! `entra-probe` as its users run it, against targets that are wrong about everything.

use std::{
    net::TcpListener,
    process::{Command, Output},
    time::Duration,
};

use entra_test_harness::{Case, Expect, Severity, catalogue};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, body_string, header, header_exists, method},
};

fn probe(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entra-probe")).args(arguments).output().unwrap()
}

pub(crate) async fn run(arguments: Vec<String>) -> (i32, String, String) {
    let run = move || probe(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn against(answer: ResponseTemplate, more: &[&str]) -> (i32, String, String) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let mut arguments = vec!["run", "--idp-listen", "127.0.0.1:0", "--skip", "scenario::*", "--target"];
    let url = server.uri();
    arguments.push(&url);
    arguments.extend(more);
    run(arguments.into_iter().map(str::to_owned).collect()).await
}

#[tokio::test]
async fn a_target_that_refuses_everything_could_not_be_probed() {
    let (status, _, message) = against(ResponseTemplate::new(401), &[]).await;
    assert_eq!((status, message.lines().count()), (2, 1), "{message}");
    assert!(message.contains("does not accept an honest token (refused (401))"), "{message}");
    assert!(message.contains("dddddddd-0000-4000-8000-00000000a001"), "{message}");
}

#[tokio::test]
async fn a_target_that_fails_at_everything_or_is_another_page_could_not_be_probed() {
    for (answer, seen) in [(500, "crashed (500)"), (404, "neither accepted nor refused (404)"), (503, "503")]
    {
        let (status, _, message) = against(ResponseTemplate::new(answer), &[]).await;
        assert_eq!(status, 2, "{message}");
        assert!(message.contains(seen), "{message}");
    }
}

#[tokio::test]
async fn a_target_that_hangs_could_not_be_probed() {
    let answer = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    let (status, _, message) = against(answer, &["--timeout", "1"]).await;
    assert_eq!(status, 2, "{message}");
    assert!(message.contains("no response in time"), "{message}");
}

#[tokio::test]
async fn a_target_that_accepts_everything_fails_every_hostile_case() {
    let (status, table, _) = against(ResponseTemplate::new(200), &["--only", "signature::*"]).await;
    assert_eq!(status, 1, "{table}");
    assert!(table.contains("0 passed"), "{table}");
    let (_, table, _) = against(ResponseTemplate::new(200), &["--only", "authorization::*"]).await;
    assert!(table.contains("Is it a protected one?"), "{table}");
}

#[tokio::test]
async fn the_token_is_sent_where_the_options_say_with_method_headers_and_body() {
    let server = MockServer::start().await;
    let expected =
        Mock::given(method("PUT")).and(header_exists("x-token")).and(header("x-tenant", "contoso"));
    let expected = expected.and(body_string("{\"dry\":true}")).respond_with(ResponseTemplate::new(204));
    expected.with_priority(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(418)).mount(&server).await;
    let url = server.uri();
    let arguments = ["run", "--idp-listen", "127.0.0.1:0", "--target", &url, "--carrier", "X-Token: {token}"];
    let more =
        ["--method", "PUT", "--header", "X-Tenant: contoso", "--body", "{\"dry\":true}", "--refused", "418"];
    let only = ["--only", "control::del*", "--only", "authorization::*"];
    let all = arguments.iter().chain(&more).chain(&only).map(|text| (*text).to_owned()).collect();
    let (status, table, message) = run(all).await;
    assert_eq!(status, 0, "{table}{message}");
    assert!(table.starts_with("1 passed, 0 failed"), "{table}");
}

#[tokio::test]
async fn reports_are_written_as_json_junit_and_a_page() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = |name: &str| directory.join(name).display().to_string();
    let (json, junit, html) = (path("report.json"), path("report.xml"), path("report.html"));
    let more = ["--only", "audience::*", "--json", &json, "--junit", &junit, "--html", &html];
    against(ResponseTemplate::new(200), &more).await;
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read(&json)).unwrap();
    let failed = catalogue()
        .filter(|case| case.group() == "audience" && matches!(case.expect, Expect::Refuse(_)))
        .count();
    assert!(failed > 10);
    assert_eq!(report["counts"]["failed"], failed);
    assert_eq!(report["results"][0]["outcome"], "wrongly-accepted");
    assert!(read(&junit).contains(&format!("failures=\"{failed}\"")));
    assert!(read(&html).contains(&format!("{failed} failed")) && !read(&html).contains("http://"));
}

fn divergences(name: &str, id: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, format!("[[divergence]]\nid = '{id}'\nreason = 'a test'\n")).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn the_last_line_counts_what_is_excused_and_how_much_of_it_is_critical() {
    let known = divergences("known.toml", "algorithm::*");
    let more = ["--only", "algorithm::*", "--divergences", &known];
    let (status, table, _) = against(ResponseTemplate::new(200), &more).await;
    let cases = catalogue().filter(|case| case.group() == "algorithm" && !case.brings_documents());
    let (critical, other): (Vec<&Case>, Vec<&Case>) =
        cases.partition(|case| case.severity == Severity::Critical);
    assert!(critical.len() > 5 && !other.is_empty());
    let counts = format!(" 0 failed, {} known ({} critical), ", critical.len() + other.len(), critical.len());
    assert!(table.lines().last().unwrap().contains(&counts), "{table}");
    assert_eq!(status, 0);
}

#[test]
fn a_divergence_that_does_not_name_its_group_is_refused() {
    for id in [
        "*",
        "**",
        "*::*",
        "a*::none",
        "{algorithm,t*}::*",
        "{typ::*,*}",
        "[a-z]lgorithm::*",
        "?lgorithm::none",
    ] {
        let known = divergences("too-many.toml", id);
        let output = probe(&["run", "--target", "http://127.0.0.1:1/", "--divergences", &known]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(
            message.contains("does not name its group: write one entry per group, such as \"typ::*\""),
            "{message}"
        );
    }
}

#[test]
fn a_run_that_cannot_start_says_why_in_one_line_with_status_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let local = "http://127.0.0.1:1/";
    for (arguments, part) in [
        (vec!["run"], "--target"),
        (vec!["run", "--target", "nonsense"], "nonsense"),
        (vec!["run", "--target", "https://api.example.com/"], "--allow-remote"),
        (vec!["run", "--target", local, "--idp-listen", &taken], "in use"),
        (vec!["run", "--target", local, "--idp-listen", "127.0.0.1:0"], "nothing answers"),
        (
            vec!["run", "--target", local, "--idp-listen", "127.0.0.1:0", "--", "no-such-program"],
            "no-such-program",
        ),
        (vec!["run", "--target", local, "--idp-listen", "127.0.0.1:0", "--", "false"], "does not start"),
        (vec!["run", "--target", local, "--only", "nothing::*"], "no case is left"),
        (vec!["run", "--target", local, "--divergences", "no-such-file"], "no-such-file"),
        (vec!["run", "--target", local, "--carrier", "X-Token: abc"], "{token}"),
        (vec!["token", "no::such"], "entra-probe list"),
        (vec!["frobnicate"], "frobnicate"),
    ] {
        let output = probe(&arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(message.contains(part), "{arguments:?}: {message}");
        assert!(message.starts_with("entra-probe: "), "{message}");
    }
}

#[test]
fn the_catalogue_is_listed_a_token_printed_and_the_suite_exported() {
    let text = |arguments: &[&str]| String::from_utf8(probe(arguments).stdout).unwrap();
    assert!(text(&["list"]).contains("\naudience::graph "));
    let list: serde_json::Value = serde_json::from_str(&text(&["list", "--json"])).unwrap();
    assert!(list.as_array().unwrap().len() > 600);
    assert_eq!(text(&["token", "algorithm::none"]).trim().matches('.').count(), 2);
    let exported = text(&["export"]);
    assert!(exported == include_str!("../../suite.json"), "suite.json is stale; run `cargo xtask update`");
    assert!(text(&["completions", "bash"]).contains("entra-probe"));
}
