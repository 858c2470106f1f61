//! The program, as a person or a script starts it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::Command,
};

use crate::{
    process::{Folder, Served, program, refused, run, text},
    support::claims,
};
use serde_json::{Value, json};

#[test]
fn it_says_where_it_listens_and_what_it_serves_and_ends_with_status_0() {
    let folder = Folder::new("ready");
    let ready = folder.0.join("ready");
    let served = Served::start(&["--listen", "127.0.0.1:0", "--ready-file", ready.to_str().unwrap()]);
    assert!(served.base_url.starts_with("http://127.0.0.1:"));
    let base_url = served.base_url.clone();
    let (status, printed) = served.terminate();
    assert_eq!(status, Some(0));
    let page = format!("{base_url}/\n");
    for word in [
        &page,
        "TEST ONLY",
        "contoso",
        "orders-daemon-secret-for-tests-only",
        "alice@contoso.example",
        "curl ",
    ] {
        assert!(printed.contains(word), "{word}");
    }
    let address = base_url.strip_prefix("http://").unwrap();
    assert_eq!(fs::read_to_string(ready).unwrap(), format!("{base_url}\n{address}\n"));
}

#[test]
fn it_says_how_to_present_the_control_token() {
    let (_, printed) =
        Served::start(&["--listen", "127.0.0.1:0", "--control-token", "open-sesame"]).terminate();
    assert!(printed.contains("/#token=open-sesame\n"), "{printed}");
    assert!(printed.contains("-H 'Authorization: Bearer open-sesame'"), "{printed}");
    let help = program(&["--help"]).env("MOCK_IDP_CONTROL_TOKEN", "open-sesame").output().unwrap();
    assert!(!text(&help.stdout).contains("open-sesame"));
}

#[test]
fn what_cannot_be_used_gives_one_line_and_status_2() {
    refused(&run(&["--bogus"]), &["--bogus", "--help"]);
    refused(&run(&["--listen", "nowhere"]), &["nowhere", "--listen"]);
    refused(&run(&["--public-url", "ftp://x"]), &["http"]);
    refused(&run(&["--config", "/does/not/exist.toml"]), &["/does/not/exist.toml"]);
    refused(&run(&["--listen", "127.0.0.1:0", "--cert", "/no.pem", "--key", "/no.key"]), &["/no.pem"]);
    refused(&run(&["--listen", "127.0.0.1:0", "--sign-in", "mallory"]), &["mallory"]);
    refused(&run(&["--listen", "127.0.0.1:0", "--control-token", "two words"]), &["letters, digits"]);
    refused(&run(&["--cert", "x.pem"]), &["--key"]);
    refused(&run(&["token", "--claim", "x=y"]), &["JSON"]);
    refused(&run(&["token", "--user", "mallory"]), &["mallory"]);
    refused(&run(&["token", "--token-version", "3.0"]), &["1.0", "2.0"]);
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&run(&["--listen", &address]), &[&address, "in use", "--listen"]);
}

#[test]
fn a_typo_in_a_config_is_named_with_its_line() {
    let folder = Folder::new("config");
    let path = folder.0.join("directory.toml");
    let good = text(&run(&["config"]).stdout);
    fs::write(&path, good.replacen("domain =", "domian =", 1)).unwrap();
    let line = good.lines().position(|line| line.starts_with("domain =")).unwrap() + 1;
    let place = format!("line {line}");
    refused(
        &run(&["--listen", "127.0.0.1:0", "--config", path.to_str().unwrap()]),
        &["directory.toml", &place, "domian", "domain"],
    );
    fs::write(&path, good).unwrap();
    Served::start(&["--listen", "127.0.0.1:0", "--config", path.to_str().unwrap()]);
}

#[test]
fn settings_come_from_the_environment_too() {
    let output = program(&[]).env("MOCK_IDP_LISTEN", "not-an-address").output().unwrap();
    refused(&output, &["not-an-address"]);
}

#[test]
fn a_token_follows_the_flags() {
    let arguments = [
        "token",
        "--user",
        "bob",
        "--client",
        "orders-web",
        "--scope",
        "A",
        "--scope",
        "B",
        "--role",
        "R",
        "--claim",
        "acct=1",
        "--claim",
        "x=\"text\"",
        "--without",
        "nbf",
        "--header",
        "typ=\"at+jwt\"",
        "--expires-in",
        "-60",
        "--issuer-base",
        "https://idp.example/",
    ];
    let token = json!(text(&run(&arguments).stdout).trim());
    let claims = claims(&token);
    assert_eq!((&claims["scp"], &claims["roles"]), (&json!("A B"), &json!(["R"])));
    assert_eq!((&claims["acct"], &claims["x"], claims.get("nbf")), (&json!(1), &json!("text"), None));
    assert_eq!(claims["iss"], "https://idp.example/aaaaaaaa-0000-4000-8000-000000000001/v2.0");
    assert!(claims["exp"].as_i64() < claims["iat"].as_i64().map(|iat| iat + 300));
    assert_eq!(crate::support::header(&token)["typ"], "at+jwt");
    let v1 = json!(text(&run(&["token", "--token-version", "1.0"]).stdout).trim());
    assert_eq!(crate::support::claims(&v1)["ver"], "1.0");
    let id = json!(text(&run(&["token", "--id-token", "--tenant", "fabrikam"]).stdout).trim());
    assert_eq!(crate::support::claims(&id)["tid"], crate::support::FABRIKAM);
}

#[test]
fn completions_and_help_are_printed() {
    assert!(text(&run(&["completions", "bash"]).stdout).contains("mock-idp"));
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let help = text(&help.stdout);
    for flag in [
        "--listen",
        "--tls",
        "--cert",
        "--key",
        "--public-url",
        "--config",
        "--state-dir",
        "--sign-in",
        "--fresh-keys",
        "--ready-file",
        "--log-format",
    ] {
        assert!(help.contains(flag), "{flag}");
        let variable = format!("MOCK_IDP_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase());
        assert!(help.contains(&variable), "{variable}");
    }
    assert!(text(&run(&["ca", "--help"]).stdout).contains("REQUESTS_CA_BUNDLE"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_hang_up_signal_reads_the_config_again_and_a_broken_one_changes_nothing() {
    let folder = Folder::new("reload");
    let config = folder.0.join("directory.toml");
    let builtin = text(&run(&["config"]).stdout);
    fs::write(&config, &builtin).unwrap();
    let arguments = ["--listen", "127.0.0.1:0", "--config", config.to_str().unwrap()];
    let mut served = Served::with_log(&arguments);
    let mut log = BufReader::new(served.child.stderr.take().unwrap()).lines();
    // Writes the config, sends the signal, and waits for what the log says to it.
    let mut reload = |served: &Served, text: String, said: &str| {
        fs::write(&config, text).unwrap();
        let id = served.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
        let line = log.find(|line| line.as_ref().is_ok_and(|line| line.contains("directory")));
        let line = line.unwrap().unwrap();
        assert!(line.contains(said), "{line}");
    };
    let first_user = async |served: &Served| {
        let url = format!("{}/_mock/directory", served.base_url);
        let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let body: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        body["users"][0]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(first_user(&served).await, "alice");
    reload(&served, builtin.replace("name = \"alice\"", "name = \"alicia\""), "was read again");
    assert_eq!(first_user(&served).await, "alicia");
    reload(&served, "[[tenants]]\nnme = 1".to_owned(), "line 2: unknown field `nme`");
    assert_eq!(first_user(&served).await, "alicia");
    assert_eq!(served.terminate().0, Some(0));
}
