//! Resource owner password credentials, and the states of an account.

use entra_mock_idp::{SignIn, SignInAudience};

use crate::support::{Fixture, app_mut, claims, error, error_of, json_of, user_mut};

fn form<'a>(user: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "password"),
        ("username", user),
        ("password", password),
        ("scope", "api://orders/Orders.Read openid profile offline_access"),
    ]
}

const ALICE: (&str, &str) = ("alice@contoso.example", "alice-password-for-tests-only");

#[tokio::test]
async fn name_and_password_give_a_users_tokens() {
    let fixture = Fixture::start();
    let body = json_of(fixture.token_as("orders-spa", &form(ALICE.0, ALICE.1)).await).await;
    assert_eq!(claims(&body["access_token"])["scp"], "Orders.Read Orders.Write");
    assert_eq!(claims(&body["id_token"])["preferred_username"], ALICE.0);
    assert!(body["refresh_token"].is_string());
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_have_different_numbers_as_in_entra() {
    let fixture = Fixture::start();
    let nobody = error_of(fixture.token_as("orders-spa", &form("eve@contoso.example", "x")).await).await;
    assert_eq!(nobody, error(400, "invalid_grant", 50034));
    let wrong = error_of(fixture.token_as("orders-spa", &form(ALICE.0, "wrong")).await).await;
    assert_eq!(wrong, error(400, "invalid_grant", 50126));
    let by_id = error_of(fixture.token_as("orders-spa", &form("alice", ALICE.1)).await).await;
    assert_eq!(by_id, error(400, "invalid_grant", 50034), "the short name is for tests, not for clients");
}

#[tokio::test]
async fn organizations_finds_the_tenant_and_common_does_not() {
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-spa").sign_in_audience = SignInAudience::MultipleOrgs;
    });
    let client = fixture.app("orders-spa");
    let mut whole = form(ALICE.0, ALICE.1).to_vec();
    whole.push(("client_id", &client));
    let response = fixture.post("/organizations/oauth2/v2.0/token", &whole).await;
    assert_eq!(claims(&json_of(response).await["access_token"])["tid"], fixture.idp.tenant_id());
    let response = fixture.post("/common/oauth2/v2.0/token", &whole).await;
    assert_eq!(error_of(response).await, error(400, "invalid_request", 9001023));
}

#[tokio::test]
async fn every_obstacle_to_a_sign_in_has_its_own_number() {
    for (state, number, suberror) in [
        (SignIn::Disabled, 50057, None),
        (SignIn::Locked, 50053, None),
        (SignIn::PasswordExpired, 50055, Some("user_password_expired")),
        (SignIn::MfaRequired, 50076, Some("basic_action")),
        (SignIn::MfaEnrollmentRequired, 50079, Some("basic_action")),
        (SignIn::Blocked, 53003, Some("message_only")),
        (SignIn::DeviceNotCompliant, 53000, None),
    ] {
        let fixture = Fixture::with(|directory| user_mut(directory, "alice").sign_in = state);
        let response = fixture.token_as("orders-spa", &form(ALICE.0, ALICE.1)).await;
        assert_eq!(response.status(), 400);
        let body = json_of(response).await;
        assert_eq!(body["error"], "invalid_grant", "{state:?}");
        assert_eq!(body["error_codes"][0], number, "{state:?}");
        assert_eq!(body["suberror"].as_str(), suberror, "{state:?}");
        let claims =
            body["claims"].as_str().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        assert_eq!(claims.is_some(), matches!(number, 50076 | 50079 | 53003), "{state:?}");
        assert_eq!(body["password_change_url"].is_string(), number == 50055);
    }
}

#[tokio::test]
async fn a_person_at_the_page_can_give_the_second_factor_and_a_disabled_one_gets_no_further() {
    let mfa = Fixture::with(|directory| user_mut(directory, "alice").sign_in = SignIn::MfaRequired);
    assert!(!mfa.code(&[]).await.is_empty());
    let disabled = Fixture::with(|directory| user_mut(directory, "alice").sign_in = SignIn::Disabled);
    let page = disabled.authorize(&[]).await;
    assert_eq!(page.status(), 400, "only the person can do something about it");
    assert!(page.text().await.unwrap().contains("AADSTS50057:"));
}
