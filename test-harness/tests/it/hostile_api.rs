//! What an API sends and prints harms neither the terminal nor a report, and who answers is known.

use std::{fs, path::Path};

use entra_mock_idp::{MockIdp, Tls};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::entra_probe::run;

/// A problem's `type`, and how it is shown.
fn codes() -> [(String, String); 7] {
    [
        ("auth_\u{fffe}".to_owned(), r"auth_\u{fffe}".to_owned()),
        ("auth_\u{1b}]0;owned\u{7}\u{1b}[2J".to_owned(), r"auth_\u{1b}]0;owned\u{7}\u{1b}[2J".to_owned()),
        ("auth_\0".to_owned(), r"auth_\u{0}".to_owned()),
        ("auth_\u{7}".to_owned(), r"auth_\u{7}".to_owned()),
        ("auth_\u{202e}resu".to_owned(), r"auth_\u{202e}resu".to_owned()),
        ("</td>]]><script>".to_owned(), "</td>]]><script>".to_owned()),
        ("a".repeat(64_000), "a".repeat(97) + "..."),
    ]
}

/// Accepts the first control and refuses the others with this code.
async fn refusing(code: &str) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).up_to_n_times(1).mount(&server).await;
    let problem = ResponseTemplate::new(401).set_body_json(serde_json::json!({ "type": code }));
    Mock::given(any()).respond_with(problem).mount(&server).await;
    server
}

#[tokio::test]
async fn codes_of_an_api_are_cut_and_escaped_in_every_report_and_on_the_terminal() {
    for (number, (code, shown)) in codes().into_iter().enumerate() {
        let server = refusing(&code).await;
        let reports = ["json", "xml", "html"].map(|kind| {
            Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("hostile-{number}.{kind}"))
                .display()
                .to_string()
        });
        let [json, junit, html] = &reports;
        let url = server.uri();
        let arguments = ["run", "--idp-listen", "127.0.0.1:0", "--only", "control::*", "--target", &url];
        let files = ["--json", json, "--junit", junit, "--html", html];
        let (status, table, message) =
            run(arguments.iter().chain(&files).map(|text| (*text).to_owned()).collect()).await;
        assert_eq!(status, 1, "{message}");
        for text in [&table, &message] {
            let odd = |text: char| !matches!(text, ' '..='~' | '\n' | '\u{2500}'..='\u{257f}' | '\u{2026}');
            assert_eq!(text.chars().find(|text| odd(*text)), None, "{text:?}");
        }
        assert!(table.len() < 200_000, "{} bytes", table.len());
        let [json, junit, html] = reports.map(|path| fs::read_to_string(path).unwrap());
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let seen = format!("refused (401, {shown})");
        assert_eq!(report["results"][1]["seen"], seen);
        let junit = roxmltree::Document::parse(&junit).unwrap();
        let failure = junit.descendants().find(|node| node.has_tag_name("failure")).unwrap();
        assert_eq!(failure.attribute("message").unwrap(), format!("expected: accept; actual: {seen}"));
        assert!(
            !html.contains(['\u{1b}', '\u{7}', '\0', '\u{202e}', '\u{fffe}']) && !html.contains("<script>")
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_last_words_of_an_api_are_escaped_and_cut() {
    let words = r"printf '\033]0;owned\007\000\342\200\256\357\277\276\n'; head -c 100000 /dev/zero; exit 3";
    let target = "http://127.0.0.1:1/";
    let arguments = ["run", "--idp-listen", "127.0.0.1:0", "--target", target, "--", "bash", "-c", words];
    let (status, _, message) = run(arguments.map(str::to_owned).to_vec()).await;
    assert_eq!(status, 2);
    let start = "it printed last:\n  \\u{1b}]0;owned\\u{7}\\u{0}\\u{202e}\\u{fffe}\n  \\u{0}\\u{0}";
    assert!(message.contains(start), "{message}");
    assert!(message.ends_with("\\u{0}...\n") && message.len() < 1_500, "{}", message.len());
}

/// A server with a certificate that nobody trusts, reached as if it were on another machine.
async fn untrusted(host: &str, more: &[&str]) -> (MockIdp, String) {
    let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join("untrusted").join(host);
    let server =
        MockIdp::builder().listen("127.0.0.1:0".parse().unwrap()).tls(Tls::LocalCa(state)).start().unwrap();
    let port = server.base_url().rsplit(':').next().unwrap().trim_matches('/').to_owned();
    let target = format!("https://{host}:{port}/no-such-route");
    let arguments =
        ["run", "--idp-listen", "127.0.0.1:0", "--header", "X-Api-Key: REAL", "--target", &target];
    let arguments = arguments.iter().chain(more).map(|text| (*text).to_owned()).collect();
    let (status, _, message) = run(arguments).await;
    assert_eq!(status, 2, "{message}");
    (server, message)
}

#[cfg(unix)]
#[tokio::test]
async fn on_another_machine_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted() {
    // Unix routes it to this machine, but it is no loopback address.
    let (server, message) = untrusted("0.0.0.0", &["--allow-remote"]).await;
    assert!(
        message.contains("although something listens there: ") && message.contains("--insecure"),
        "{message}"
    );
    assert!(message.contains("certificate"), "{message}");
    assert_eq!(server.request_counts().values().sum::<u64>(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn insecure_accepts_any_certificate_and_says_so() {
    let (server, message) = untrusted("0.0.0.0", &["--allow-remote", "--insecure"]).await;
    assert!(message.starts_with("warning: --insecure accepts any certificate"), "{message}");
    assert!(message.contains("does not accept an honest token"), "{message}");
    assert_ne!(server.request_counts().values().sum::<u64>(), 0);
}

#[tokio::test]
async fn on_this_machine_any_certificate_is_accepted() {
    let (server, message) = untrusted("127.0.0.1", &[]).await;
    assert!(message.contains("does not accept an honest token"), "{message}");
    assert_ne!(server.request_counts().values().sum::<u64>(), 0);
}
