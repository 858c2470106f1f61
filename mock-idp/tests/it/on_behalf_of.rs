//! An API passes a user's token on.

use crate::support::{FABRIKAM, Fixture, NOW, claims, error, error_of, json_of};

const OBO: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
const USE: (&str, &str) = ("requested_token_use", "on_behalf_of");
const GRAPH: (&str, &str) = ("scope", "https://graph.microsoft.com/User.Read offline_access");

async fn refused(fixture: &Fixture, assertion: &str) -> (u16, String, u64) {
    let form = [OBO, USE, GRAPH, ("assertion", assertion)];
    error_of(fixture.token_as("orders-api", &form).await).await
}

#[tokio::test]
async fn an_api_gets_a_token_for_the_next_one_on_behalf_of_the_user() {
    let fixture = Fixture::start();
    let assertion = fixture.idp.token().user("alice").sign();
    let form = [OBO, USE, GRAPH, ("assertion", &assertion)];
    let body = json_of(fixture.token_as("orders-api", &form).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!(token["aud"], "https://graph.microsoft.com");
    assert_eq!(token["oid"], fixture.idp.directory().user("alice").unwrap().oid);
    assert_eq!(token["appid"], fixture.app("orders-api"));
    assert_eq!(token["scp"], "User.Read email openid profile");
    assert!(body["refresh_token"].is_string());
}

#[tokio::test]
async fn only_a_users_access_token_for_the_api_itself_will_do() {
    let fixture = Fixture::start();
    let token = || fixture.idp.token().user("alice");
    let stranger = token().signed_by(entra_mock_idp::SigningKey::published(3)).sign();
    assert_eq!(refused(&fixture, &stranger).await, error(400, "invalid_grant", 50013));
    assert_eq!(refused(&fixture, "junk").await, error(400, "invalid_grant", 50013));
    let another = token().audience("https://graph.microsoft.com").sign();
    assert_eq!(refused(&fixture, &another).await, error(400, "invalid_grant", 500131));
    let expired = token().expires_in(-1).sign();
    assert_eq!(refused(&fixture, &expired).await, error(400, "invalid_grant", 500133));
    assert_eq!(refused(&fixture, &fixture.idp.token().sign()).await, error(400, "invalid_grant", 50013));
    let id_token = token().client("orders-api").id_token().sign();
    assert_eq!(refused(&fixture, &id_token).await, error(400, "invalid_grant", 50013));
}

#[tokio::test]
async fn the_assertion_is_of_this_identity_provider_in_either_version_and_valid_now() {
    let fixture = Fixture::start();
    let token = || fixture.idp.token().user("alice");
    let v1 = token().version(entra_mock_idp::TokenVersion::V1).audience("api://orders").sign();
    let response = fixture.token_as("orders-api", &[OBO, USE, GRAPH, ("assertion", &v1)]).await;
    assert_eq!(response.status(), 200);
    let fabrikams = format!("{}/{FABRIKAM}/v2.0", fixture.idp.base_url());
    for (name, assertion, number) in [
        ("another issuer", token().claim("iss", "https://evil.example/").sign(), 50013),
        ("another tenant's issuer", token().claim("iss", fabrikams).sign(), 50013),
        ("the issuer of the other version", token().claim("ver", "1.0").sign(), 50013),
        ("no issuer", token().without("iss").sign(), 50013),
        ("no tenant", token().without("tid").sign(), 50013),
        ("an unknown tenant", token().claim("tid", "99999999-0000-4000-8000-000000000000").sign(), 50013),
        ("no version", token().without("ver").sign(), 50013),
        ("the user of another tenant", token().tenant("fabrikam").sign(), 50034),
        ("not yet valid", token().claim("nbf", NOW + 301).sign(), 500133),
        ("no beginning", token().without("nbf").sign(), 500133),
    ] {
        assert_eq!(refused(&fixture, &assertion).await, error(400, "invalid_grant", number), "{name}");
    }
    let ahead = token().claim("nbf", NOW + 300).sign();
    let response = fixture.token_as("orders-api", &[OBO, USE, GRAPH, ("assertion", &ahead)]).await;
    assert_eq!(response.status(), 200, "clocks differ");
}

#[tokio::test]
async fn missing_consent_is_refused_with_a_suberror() {
    let fixture = Fixture::start();
    let assertion = fixture.idp.token().user("alice").sign();
    let scope = ("scope", "https://graph.microsoft.com/Mail.Read");
    let response = fixture.token_as("orders-api", &[OBO, USE, scope, ("assertion", &assertion)]).await;
    let body = json_of(response).await;
    assert_eq!((&body["error_codes"][0], &body["suberror"]), (&65001.into(), &"consent_required".into()));
}

#[tokio::test]
async fn the_use_must_be_named_and_a_public_client_has_no_part_in_it() {
    let fixture = Fixture::start();
    let assertion = fixture.idp.token().user("alice").sign();
    let form = [OBO, GRAPH, ("assertion", assertion.as_str())];
    let missing = error_of(fixture.token_as("orders-api", &form).await).await;
    assert_eq!(missing, error(400, "invalid_request", 900144));
    let form = [OBO, USE, GRAPH, ("assertion", assertion.as_str())];
    let public = error_of(fixture.token_as("orders-spa", &form).await).await;
    assert_eq!(public, error(401, "invalid_client", 7000218));
}
