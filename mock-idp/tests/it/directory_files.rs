//! Config files: the examples, their schema, and what is wrong with one.

use std::path::Path;

use entra_mock_idp::{BUILTIN_TOML, Directory, MockIdp};

use crate::support::{Fixture, NOW, claims, json_of};

fn example(name: &str) -> Directory {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/directories").join(name);
    Directory::from_file(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn serving(name: &str) -> Fixture {
    Fixture::of(MockIdp::builder().frozen_at(NOW).sign_in_by_hint().directory(example(name)))
}

#[test]
fn a_directory_in_json_is_the_same_as_in_toml_and_its_errors_name_the_line_too() {
    let builtin = Directory::builtin();
    let json = serde_json::to_string_pretty(&builtin).unwrap();
    assert_eq!(Directory::from_json(&json).unwrap(), builtin);
    assert_eq!(Directory::from_toml(BUILTIN_TOML).unwrap(), builtin);
    let typo = json.replacen("\"client_secret\"", "\"client_sekret\"", 1);
    let line = typo.lines().position(|line| line.contains("client_sekret")).unwrap() + 1;
    let error = Directory::from_json(&typo).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("line {line}: unknown field `client_sekret`, expected one of")),
        "{error}"
    );
    let missing = Directory::from_file(Path::new("no-such-directory.toml")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot be read"), "{missing}");
}

#[tokio::test]
async fn the_example_of_a_spa_signs_in_whoever_is_assigned() {
    let fixture = serving("spa-and-api.toml");
    let form = |user: &'static str, password: &'static str| {
        [
            ("grant_type", "password"),
            ("username", user),
            ("password", password),
            ("scope", "api://toys/Toys.Read"),
        ]
    };
    let erin = form("erin@tailspin.example", "erin-password-for-tests-only");
    let body = json_of(fixture.token_as("toys-spa", &erin).await).await;
    assert_eq!(
        (&body["expires_in"], &claims(&body["access_token"])["roles"][0]),
        (&299.into(), &"Toys.Admin".into())
    );
    for (user, password, number) in [
        ("frank@tailspin.example", "frank-password-for-tests-only", 50105),
        ("grace@tailspin.example", "grace-password-for-tests-only", 50076),
    ] {
        let refused = json_of(fixture.token_as("toys-spa", &form(user, password)).await).await;
        assert_eq!(refused["error_codes"][0], number, "{user}");
    }
}

#[tokio::test]
async fn the_example_of_daemons_gives_each_its_role() {
    let fixture = serving("daemon.toml");
    let form = [("grant_type", "client_credentials"), ("scope", "api://meters/.default")];
    let body = json_of(fixture.token_as("nightly", &form).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!((&token["roles"][0], &token["idtyp"]), (&"Meters.Read.All".into(), &"app".into()));
    let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api://meters";
    let url = format!("{}{path}", fixture.idp.base_url());
    let body = json_of(fixture.client.get(url).header("metadata", "true").send().await.unwrap()).await;
    assert_eq!(claims(&body["access_token"])["azp"], fixture.app("on-a-machine"));
}

#[tokio::test]
async fn the_example_of_many_tenants_issues_tokens_of_each() {
    let fixture = serving("multi-tenant.toml");
    let (id, secret) = (fixture.app("ledger-web"), fixture.secret("ledger-web"));
    for (user, password, domain) in [
        ("heidi@customer.example", "heidi-password-for-tests-only", "customer.example"),
        ("ivan@stranger.example", "ivan-password-for-tests-only", "stranger.example"),
    ] {
        let form = [
            ("grant_type", "password"),
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
            ("username", user),
            ("password", password),
            ("scope", "api://ledger/Ledger.Read"),
        ];
        let body = json_of(fixture.post("/organizations/oauth2/v2.0/token", &form).await).await;
        let tid = fixture.idp.directory().tenant(domain).unwrap().tenant_id.clone();
        assert_eq!(claims(&body["access_token"])["tid"], tid);
    }
}
