//! Codes and refresh tokens: what they give, and when they give nothing.

use crate::support::{CHALLENGE, Fixture, NOW, VERIFIER, app_mut, claims, error, error_of, json_of, names};
use serde_json::{Value, json};

const SPA_REDIRECT: &str = "http://localhost:5173/";
const SPA_ORIGIN: &str = "http://localhost:5173";

/// `orders-spa`'s parameters: no secret, its own redirect.
fn public<'a>(id: &'a str, redirect_uri: &'a str) -> [(&'a str, &'a str); 3] {
    [("client_id", id), ("client_secret", ""), ("redirect_uri", redirect_uri)]
}

async fn refresh(
    fixture: &Fixture,
    token: &Value,
    changes: &[(&str, &str)],
    origin: Option<&str>,
) -> reqwest::Response {
    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("refresh_token", token.as_str().unwrap()),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
    fixture.token(&form, origin).await
}

#[tokio::test]
async fn a_code_gives_tokens_for_the_api_and_about_the_user() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let body = json_of(fixture.redeem(&code, &[("client_info", "1")]).await).await;
    let members = [
        "access_token",
        "client_info",
        "expires_in",
        "ext_expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    ];
    assert_eq!(names(&body), members);
    assert_eq!(body["scope"], "api://orders/Orders.Read api://orders/Orders.Write");
    let access = claims(&body["access_token"]);
    assert_eq!(access["scp"], "Orders.Read Orders.Write");
    assert_eq!(access["azp"], fixture.app("orders-web"));
    assert_eq!(access["preferred_username"], "alice@contoso.example");
    assert_eq!(access["groups"].as_array().unwrap().len(), 2);
    let id = claims(&body["id_token"]);
    assert_eq!((&id["aud"], &id["nonce"]), (&json!(fixture.app("orders-web")), &json!("the-nonce")));
    assert!(id.get("scp").is_none() && id.get("azp").is_none());
    assert_eq!(id["oid"], access["oid"]);
    assert_ne!(id["sub"], access["sub"], "sub is pairwise");
    assert!(!body["client_info"].as_str().unwrap().contains('='));
}

#[tokio::test]
async fn a_code_is_redeemed_once() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    assert_eq!(fixture.redeem(&code, &[]).await.status(), 200);
    assert_eq!(error_of(fixture.redeem(&code, &[]).await).await, error(400, "invalid_grant", 54005));
}

#[tokio::test]
async fn a_mistake_does_not_use_the_code_up() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let refused = error(400, "invalid_grant", 501481);
    assert_eq!(error_of(fixture.redeem(&code, &[("code_verifier", "wrong")]).await).await, refused);
    assert_eq!(error_of(fixture.redeem(&code, &[("code_verifier", "")]).await).await, refused);
    let elsewhere = fixture.redeem(&code, &[("redirect_uri", "http://localhost:3000/other")]).await;
    assert_eq!(error_of(elsewhere).await, error(400, "invalid_grant", 500112));
    assert_eq!(fixture.redeem(&code, &[]).await.status(), 200);
}

#[tokio::test]
async fn a_code_ends_after_ten_minutes() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    fixture.idp.clock().freeze_at(NOW + 600);
    assert_eq!(error_of(fixture.redeem(&code, &[]).await).await, error(400, "invalid_grant", 70008));
    fixture.idp.clock().freeze_at(NOW + 599);
    assert_eq!(fixture.redeem(&code, &[]).await.status(), 200);
}

#[tokio::test]
async fn a_code_of_another_client_and_an_unknown_code_are_refused() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let stolen = fixture.redeem(&code, &[("client_id", &id), ("client_secret", &secret)]).await;
    assert_eq!(error_of(stolen).await, error(400, "invalid_grant", 70000));
    assert_eq!(error_of(fixture.redeem("made-up", &[]).await).await, error(400, "invalid_grant", 70000));
}

#[tokio::test]
async fn a_plain_challenge_is_the_verifier_itself() {
    let fixture = Fixture::start();
    for method in ["plain", ""] {
        let code = fixture.code(&[("code_challenge", VERIFIER), ("code_challenge_method", method)]).await;
        assert_eq!(fixture.redeem(&code, &[]).await.status(), 200);
    }
    let code = fixture.code(&[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")]).await;
    assert_eq!(error_of(fixture.redeem(&code, &[]).await).await, error(400, "invalid_grant", 501481));
}

#[tokio::test]
async fn without_openid_there_is_no_id_token_and_without_offline_access_no_refresh_token() {
    let fixture = Fixture::start();
    let code = fixture.code(&[("scope", "api://orders/Orders.Read")]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(names(&body), ["access_token", "expires_in", "ext_expires_in", "scope", "token_type"]);
    assert!(
        claims(&body["access_token"]).get("preferred_username").is_none(),
        "the name needs the scope profile"
    );
}

#[tokio::test]
async fn default_asks_for_everything_consented_to_and_is_echoed() {
    let fixture = Fixture::start();
    let code = fixture.code(&[("scope", "api://orders/.default")]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(claims(&body["access_token"])["scp"], "Orders.Read Orders.Write");
    assert_eq!(body["scope"], "api://orders/Orders.Read api://orders/Orders.Write api://orders/.default");
}

#[tokio::test]
async fn scopes_without_an_address_are_of_microsoft_graph() {
    let fixture = Fixture::start();
    let code = fixture.code(&[("scope", "User.Read openid profile")]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(body["scope"], "email openid profile User.Read");
    assert_eq!(claims(&body["access_token"])["aud"], "00000003-0000-0000-c000-000000000000");
}

#[tokio::test]
async fn a_public_client_needs_no_secret() {
    let fixture = Fixture::start();
    let id = fixture.app("orders-spa");
    let redirect = "http://localhost:49152";
    let code = fixture.code(&public(&id, redirect)).await;
    let body = json_of(fixture.redeem(&code, &public(&id, redirect)).await).await;
    assert_eq!(claims(&body["access_token"])["azpacr"], "0");
}

#[tokio::test]
async fn codes_of_single_page_apps_are_for_browsers_and_others_are_not() {
    let fixture = Fixture::start();
    let id = fixture.app("orders-spa");
    let code = fixture.code(&public(&id, SPA_REDIRECT)).await;
    let without_origin = fixture.redeem(&code, &public(&id, SPA_REDIRECT)).await;
    assert_eq!(error_of(without_origin).await, error(400, "invalid_request", 9002327));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", SPA_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let with_origin = fixture.token(&form, Some(SPA_ORIGIN)).await;
    assert_eq!(with_origin.headers()["access-control-allow-origin"], "*");
    assert_eq!(with_origin.status(), 200);

    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let code = fixture.code(&[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("code_verifier", VERIFIER),
    ];
    let refused = fixture.token(&form, Some(SPA_ORIGIN)).await;
    assert_eq!(error_of(refused).await, error(400, "invalid_request", 9002326));
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_and_the_old_refresh_token_stays_valid() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let first = json_of(fixture.redeem(&code, &[]).await).await;
    let second = json_of(refresh(&fixture, &first["refresh_token"], &[], None).await).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    assert!(claims(&second["id_token"]).get("nonce").is_none());
    let again = refresh(&fixture, &first["refresh_token"], &[], None).await;
    assert_eq!(again.status(), 200);
    let other_resource = refresh(&fixture, &first["refresh_token"], &[("scope", "User.Read")], None).await;
    assert_eq!(json_of(other_resource).await["scope"], "email openid profile User.Read");
    let unconsented = refresh(&fixture, &first["refresh_token"], &[("scope", "Mail.Read")], None).await;
    assert_eq!(error_of(unconsented).await, error(400, "invalid_grant", 65001));
}

#[tokio::test]
async fn a_refresh_token_ends_after_ninety_days_and_is_its_clients() {
    let fixture = Fixture::start();
    let code = fixture.code(&[]).await;
    let first = json_of(fixture.redeem(&code, &[]).await).await;
    let token = &first["refresh_token"];
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let stolen = refresh(&fixture, token, &[("client_id", &id), ("client_secret", &secret)], None).await;
    assert_eq!(error_of(stolen).await, error(400, "invalid_grant", 70000));
    let made_up = refresh(&fixture, &json!("made-up"), &[], None).await;
    assert_eq!(error_of(made_up).await, error(400, "invalid_grant", 70000));
    fixture.idp.clock().freeze_at(NOW + 90 * 86_400);
    assert_eq!(
        error_of(refresh(&fixture, token, &[], None).await).await,
        error(400, "invalid_grant", 700082)
    );
}

#[tokio::test]
async fn a_pages_refresh_tokens_all_end_a_day_after_sign_in() {
    let fixture = Fixture::start();
    let id = fixture.app("orders-spa");
    let code = fixture.code(&public(&id, SPA_REDIRECT)).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", SPA_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let first = json_of(fixture.token(&form, Some(SPA_ORIGIN)).await).await;
    let as_spa = [("client_id", id.as_str()), ("client_secret", "")];
    fixture.idp.clock().freeze_at(NOW + 86_399);
    let second = json_of(refresh(&fixture, &first["refresh_token"], &as_spa, Some(SPA_ORIGIN)).await).await;
    fixture.idp.clock().freeze_at(NOW + 86_400);
    for token in [&first["refresh_token"], &second["refresh_token"]] {
        let refused = error_of(refresh(&fixture, token, &as_spa, Some(SPA_ORIGIN)).await).await;
        assert_eq!(refused, error(400, "invalid_grant", 700084));
    }
}

#[tokio::test]
async fn a_code_of_one_tenant_is_not_redeemed_at_another() {
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-web").sign_in_audience = entra_mock_idp::SignInAudience::MultipleOrgs;
    });
    let code = fixture.code(&[]).await;
    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost:3000/callback"),
        ("code_verifier", VERIFIER),
    ];
    let elsewhere = fixture.post(&format!("/{}/oauth2/v2.0/token", crate::support::FABRIKAM), &form).await;
    assert_eq!(error_of(elsewhere).await, error(400, "invalid_grant", 700005));
}
