//! A user's tokens stay in the user's tenants.

use entra_mock_idp::{Directory, MockIdp, SignInAudience};
use serde_json::Value;

use crate::support::{FABRIKAM, Fixture, app_mut, claims, error, error_of, json_of, redirect_query};

/// Fred of fabrikam, the person behind the guest carol, who is at home there, and apps for every tenant.
fn two_tenants(directory: &mut Directory) {
    for app in ["orders-web", "orders-spa", "orders-api"] {
        app_mut(directory, app).sign_in_audience = SignInAudience::MultipleOrgs;
    }
    for (name, oid) in [
        ("fred", "cccccccc-0000-4000-8000-0000000000f1"),
        ("carol-at-home", "cccccccc-0000-4000-8000-0000000000f2"),
    ] {
        let mut user = directory.user("alice").unwrap().clone();
        let upn = if name == "fred" { "fred@fabrikam.example" } else { "carol@fabrikam.example" };
        (user.name, user.oid, user.upn) = (name.to_owned(), oid.to_owned(), upn.to_owned());
        (user.tenant, user.groups, user.email) = ("fabrikam".to_owned(), Vec::new(), None);
        directory.users.push(user);
    }
}

fn place(tenant: &str, endpoint: &str) -> String {
    format!("/{tenant}/oauth2/v2.0/{endpoint}")
}

/// The refresh token of a user's sign-in by password, which is issued in the user's own tenant.
async fn refresh_token(fixture: &Fixture, upn: &str, password: &str) -> String {
    let client = fixture.app("orders-spa");
    let form = [
        ("grant_type", "password"),
        ("client_id", client.as_str()),
        ("username", upn),
        ("password", password),
        ("scope", "api://orders/Orders.Read offline_access"),
    ];
    let body = json_of(fixture.post(&place("organizations", "token"), &form).await).await;
    body["refresh_token"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

async fn refreshed(fixture: &Fixture, tenant: &str, token: &str) -> reqwest::Response {
    let client = fixture.app("orders-spa");
    let form = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", token)];
    fixture.post(&place(tenant, "token"), &form).await
}

const ALICE: (&str, &str) = ("alice@contoso.example", "alice-password-for-tests-only");

#[tokio::test]
async fn a_refresh_token_gives_no_tokens_of_a_tenant_that_its_user_is_not_in() {
    let fixture = Fixture::with(two_tenants);
    let token = refresh_token(&fixture, ALICE.0, ALICE.1).await;
    let elsewhere = error_of(refreshed(&fixture, FABRIKAM, &token).await).await;
    assert_eq!(elsewhere, error(400, "invalid_grant", 50020));
    for tenant in [fixture.idp.tenant_id().as_str(), "common", "organizations"] {
        let body = json_of(refreshed(&fixture, tenant, &token).await).await;
        assert_eq!(claims(&body["access_token"])["tid"], fixture.idp.tenant_id(), "{tenant}");
    }
}

#[tokio::test]
async fn a_guests_refresh_token_gives_tokens_of_each_tenant_for_the_account_there() {
    let fixture = Fixture::with(two_tenants);
    let directory = fixture.idp.directory();
    let (guest, at_home) = (directory.user("carol").unwrap(), directory.user("carol-at-home").unwrap());
    let contoso = fixture.idp.tenant_id();
    for (upn, password) in [(&at_home.upn, ALICE.1), (&guest.upn, "carol-password-for-tests-only")] {
        let token = refresh_token(&fixture, upn, password).await;
        for (tenant, account) in [(FABRIKAM, at_home), (&contoso, guest)] {
            let body = json_of(refreshed(&fixture, tenant, &token).await).await;
            let token = claims(&body["access_token"]);
            assert_eq!((&token["tid"], &token["oid"]), (&tenant.into(), &account.oid.as_str().into()));
        }
    }
}

#[tokio::test]
async fn nobody_signs_in_at_a_tenant_of_others_by_password_page_or_device() {
    let fixture = Fixture::with(two_tenants);
    let client = fixture.app("orders-spa");
    let scope = ("scope", "api://orders/Orders.Read");
    let form = [
        ("grant_type", "password"),
        ("client_id", client.as_str()),
        ("username", ALICE.0),
        ("password", ALICE.1),
        scope,
    ];
    let by_password = error_of(fixture.post(&place(FABRIKAM, "token"), &form).await).await;
    assert_eq!(by_password, error(400, "invalid_grant", 50020));

    let url = format!("{}{}", fixture.idp.base_url(), place(FABRIKAM, "authorize"));
    let query = fixture.authorize_query(&[("scope", "api://orders/Orders.Read")]);
    let page = fixture.client.get(&url).query(&query).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS50020: "));

    let mut directory = Directory::builtin();
    two_tenants(&mut directory);
    let fixture = Fixture::of(MockIdp::builder().directory(directory).sign_in("alice"));
    let codes: Value =
        json_of(fixture.post(&place(FABRIKAM, "devicecode"), &[("client_id", &client), scope]).await).await;
    let form = [
        ("grant_type", "device_code"),
        ("client_id", client.as_str()),
        ("device_code", codes["device_code"].as_str().unwrap()),
    ];
    let by_device = error_of(fixture.post(&place(FABRIKAM, "token"), &form).await).await;
    assert_eq!(by_device, error(400, "invalid_grant", 50020));
}

#[tokio::test]
async fn on_behalf_of_needs_the_tenant_of_the_user_that_the_assertion_names() {
    let fixture = Fixture::with(two_tenants);
    let (client, secret) = (fixture.app("orders-api"), fixture.secret("orders-api"));
    let contoso = fixture.idp.tenant_id();
    for (user, tenant, expected) in [
        ("fred", contoso.as_str(), Err(50020)),
        ("fred", FABRIKAM, Ok("cccccccc-0000-4000-8000-0000000000f1")),
        ("alice", FABRIKAM, Err(50020)),
        ("carol-at-home", &contoso, Ok("cccccccc-0000-4000-8000-000000000003")),
    ] {
        let assertion = fixture.idp.token().user(user).sign();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("requested_token_use", "on_behalf_of"),
            ("client_id", client.as_str()),
            ("client_secret", secret.as_str()),
            ("scope", "https://graph.microsoft.com/User.Read"),
            ("assertion", assertion.as_str()),
        ];
        let response = fixture.post(&place(tenant, "token"), &form).await;
        match expected {
            Err(number) => {
                assert_eq!(error_of(response).await, error(400, "invalid_grant", number), "{user}");
            }
            Ok(oid) => {
                let token = claims(&json_of(response).await["access_token"]);
                assert_eq!((&token["oid"], &token["tid"]), (&oid.into(), &tenant.into()), "{user}");
            }
        }
    }
}

#[tokio::test]
async fn personal_accounts_are_no_part_of_it_so_consumers_signs_nobody_in() {
    let fixture = Fixture::with(two_tenants);
    let client = fixture.app("orders-spa");
    let scope = ("scope", "api://orders/Orders.Read");
    let form = [
        ("grant_type", "password"),
        ("client_id", client.as_str()),
        ("username", ALICE.0),
        ("password", ALICE.1),
        scope,
    ];
    let by_password = error_of(fixture.post(&place("consumers", "token"), &form).await).await;
    assert_eq!(by_password, error(400, "invalid_request", 9001023));
    let by_device = fixture.post(&place("consumers", "devicecode"), &[("client_id", &client), scope]).await;
    assert_eq!(error_of(by_device).await, error(400, "invalid_request", 90130));
    let token = refresh_token(&fixture, ALICE.0, ALICE.1).await;
    let refreshed = error_of(refreshed(&fixture, "consumers", &token).await).await;
    assert_eq!(refreshed, error(400, "invalid_request", 90130));
    let url = format!("{}{}", fixture.idp.base_url(), place("consumers", "authorize"));
    let page = fixture.client.get(&url).query(&fixture.authorize_query(&[])).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS90130: "));
    let common = fixture.client.get(url.replace("consumers", "common"));
    let signed_in = common.query(&fixture.authorize_query(&[])).send().await.unwrap();
    assert!(redirect_query(&signed_in).contains_key("code"));
}
