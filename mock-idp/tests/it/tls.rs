//! HTTPS, and the CA that is kept for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use serde_json::Value;

use crate::process::{Folder, Served, refused, run, text};

fn ca(folder: &Path) -> PathBuf {
    PathBuf::from(text(&run(&["ca", "--state-dir", folder.to_str().unwrap()]).stdout).trim())
}

#[test]
fn the_local_ca_is_made_once_and_its_key_is_private() {
    let folder = Folder::new("ca");
    let first = fs::read(ca(&folder.0)).unwrap();
    assert_eq!(fs::read(ca(&folder.0)).unwrap(), first);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(folder.0.join("ca-key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn https_is_served_with_a_certificate_of_the_local_ca() {
    let folder = Folder::new("tls");
    let served =
        Served::start(&["--listen", "127.0.0.1:0", "--tls", "--state-dir", folder.0.to_str().unwrap()]);
    assert!(served.base_url.starts_with("https://localhost:"));
    let ca = reqwest::Certificate::from_pem(&fs::read(ca(&folder.0)).unwrap()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([ca]).build().unwrap();
    let directory: Value = client
        .get(format!("{}/_mock/directory", served.base_url))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let tenant = directory["tenants"][0]["tenant_id"].as_str().unwrap();
    let url = format!("{}/{tenant}/v2.0/.well-known/openid-configuration", served.base_url);
    let document: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(document["issuer"], format!("{}/{tenant}/v2.0", served.base_url));
    let stranger = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    assert!(stranger.get(&served.base_url).send().await.is_err());
}

#[tokio::test]
async fn a_ca_that_lives_as_long_as_the_mock_is_all_that_a_client_needs() {
    let start = || entra_mock_idp::MockIdp::builder().tls(entra_mock_idp::Tls::Ephemeral).start().unwrap();
    let (idp, another) = (start(), start());
    let client = |pem: &str| {
        let ca = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
        reqwest::Client::builder().tls_certs_only([ca]).build().unwrap()
    };
    let pem = idp.ca_pem().unwrap();
    assert_eq!(client(pem).get(idp.jwks_uri()).send().await.unwrap().status(), 200);
    assert!(client(pem).get(another.jwks_uri()).send().await.is_err(), "each has a CA of its own");
    assert_eq!(entra_mock_idp::MockIdp::start_blocking().ca_pem(), None);

    let folder = Folder::new("pem");
    let kept = entra_mock_idp::Tls::LocalCa(folder.0.clone());
    let kept = entra_mock_idp::MockIdp::builder().tls(kept).start().unwrap();
    assert_eq!(client(kept.ca_pem().unwrap()).get(kept.jwks_uri()).send().await.unwrap().status(), 200);
}

/// What `openssl x509` prints about a certificate, if it is there.
fn described(pem: &Path, what: &str) -> Option<String> {
    let output = Command::new("openssl").args(["x509", "-noout", what, "-in"]).arg(pem).output().ok()?;
    Some(text(&output.stdout))
}

#[tokio::test]
async fn certificates_end_when_clients_expect_it() {
    let folder = Folder::new("lifetimes");
    let ca = ca(&folder.0);
    let served =
        Served::start(&["--listen", "127.0.0.1:0", "--tls", "--state-dir", folder.0.to_str().unwrap()]);
    let port = served.base_url.rsplit(':').next().unwrap();
    let Ok(shown) = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}")])
        .stdin(std::process::Stdio::null())
        .output()
    else {
        return;
    };
    let leaf = folder.0.join("leaf.pem");
    fs::write(&leaf, &shown.stdout).unwrap();
    let year = |pem: &Path, what: &str| -> i32 {
        described(pem, what).unwrap().split_whitespace().rev().nth(1).unwrap().parse().unwrap()
    };
    for (pem, years) in [(&ca, 10..=10), (&leaf, 1..=2)] {
        let lifetime = year(pem, "-enddate") - year(pem, "-startdate");
        assert!(years.contains(&lifetime), "{}: {lifetime} years", pem.display());
    }
}

#[tokio::test]
async fn processes_that_start_at_once_share_one_ca() {
    for _ in 0..5 {
        let folder = Folder::new("race");
        let state_dir = folder.0.join("new");
        let arguments = ["--listen", "127.0.0.1:0", "--tls", "--state-dir", state_dir.to_str().unwrap()];
        let started = thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Served::start(&arguments))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect::<Vec<_>>()
        });
        let ca = reqwest::Certificate::from_pem(&fs::read(state_dir.join("ca.pem")).unwrap()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([ca]).build().unwrap();
        for served in &started {
            assert_eq!(client.get(&served.base_url).send().await.unwrap().status(), 200);
        }
    }
}

#[test]
fn a_ca_that_cannot_be_used_is_named_with_the_remedy() {
    let folder = Folder::new("broken-ca");
    let (state_dir, other) = (folder.0.join("one"), folder.0.join("other"));
    let (ca, key) = (state_dir.join("ca.pem"), state_dir.join("ca-key.pem"));
    let tls = |dir: &Path| run(&["--listen", "127.0.0.1:0", "--tls", "--state-dir", dir.to_str().unwrap()]);
    run(&["ca", "--state-dir", other.to_str().unwrap()]);
    for (broken, with) in [
        (&key, b"not a key".to_vec()),
        (&ca, b"not a certificate".to_vec()),
        (&key, fs::read(other.join("ca-key.pem")).unwrap()),
        (&ca, fs::read(other.join("ca.pem")).unwrap()),
    ] {
        run(&["ca", "--state-dir", state_dir.to_str().unwrap()]);
        fs::write(broken, with).unwrap();
        let words = ["delete", ca.to_str().unwrap(), key.to_str().unwrap()];
        refused(&tls(&state_dir), &words);
        refused(&run(&["ca", "--state-dir", state_dir.to_str().unwrap()]), &words);
        // The remedy helps.
        fs::remove_file(&ca).unwrap();
        fs::remove_file(&key).unwrap();
    }
    run(&["ca", "--state-dir", state_dir.to_str().unwrap()]);
    fs::remove_file(&key).unwrap();
    refused(&tls(&state_dir), &["delete"]);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_could_read_is_made_private_and_a_certificate_is_for_everyone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("modes");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let ca_path = ca(&folder.0);
    assert_eq!(mode(&ca_path) & 0o044, 0o044, "clients of other users trust it, too");
    let key = folder.0.join("ca-key.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    ca(&folder.0);
    assert_eq!(mode(&key), 0o600);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2, "nothing else is left");
}
