//! Refresh tokens: reusable as in Entra, or single-use.

use entra_mock_idp::{RefreshTokens, SignIn};

use crate::support::{Fixture, NOW, error, error_of, json_of, user_mut};

async fn first(fixture: &Fixture) -> String {
    let body = json_of(fixture.redeem(&fixture.code(&[]).await, &[]).await).await;
    body["refresh_token"].as_str().unwrap().to_owned()
}

async fn refresh(fixture: &Fixture, token: &str) -> reqwest::Response {
    fixture.token_as("orders-web", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn next(fixture: &Fixture, token: &str) -> String {
    json_of(refresh(fixture, token).await).await["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_used_refresh_token_stays_valid_as_in_entra() {
    let fixture = Fixture::start();
    let token = first(&fixture).await;
    let second = next(&fixture, &token).await;
    assert_ne!(token, second);
    next(&fixture, &token).await;
    next(&fixture, &second).await;
}

#[tokio::test]
async fn where_they_are_for_one_use_a_second_use_revokes_all_of_that_sign_in_and_no_other() {
    let fixture = Fixture::with(|directory| directory.refresh_tokens = RefreshTokens::SingleUse);
    let (stolen, elsewhere) = (first(&fixture).await, first(&fixture).await);
    let second = next(&fixture, &stolen).await;
    let third = next(&fixture, &second).await;
    for token in [&stolen, &third, &second] {
        assert_eq!(error_of(refresh(&fixture, token).await).await, error(400, "invalid_grant", 50173));
    }
    next(&fixture, &elsewhere).await;
}

#[tokio::test]
async fn revoked_sessions_and_disabled_accounts_end_what_was_issued_before() {
    let fixture = Fixture::start();
    let token = first(&fixture).await;
    let mut directory = (*fixture.idp.directory()).clone();
    user_mut(&mut directory, "alice").sessions_valid_from = Some(NOW + 1);
    fixture.idp.set_directory(directory.clone());
    assert_eq!(error_of(refresh(&fixture, &token).await).await, error(400, "invalid_grant", 50173));
    fixture.idp.clock().freeze_at(NOW + 1);
    let token = first(&fixture).await;
    next(&fixture, &token).await;
    user_mut(&mut directory, "alice").sign_in = SignIn::Disabled;
    fixture.idp.set_directory(directory);
    assert_eq!(error_of(refresh(&fixture, &token).await).await, error(400, "invalid_grant", 50057));
}

#[tokio::test]
async fn tokens_die_with_their_user() {
    let fixture = Fixture::start();
    let token = first(&fixture).await;
    let mut directory = (*fixture.idp.directory()).clone();
    directory.users.retain(|user| user.name != "alice");
    fixture.idp.set_directory(directory);
    assert_eq!(error_of(refresh(&fixture, &token).await).await, error(400, "invalid_grant", 70000));
}
