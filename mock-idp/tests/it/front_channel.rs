//! Tokens from the authorize endpoint itself, sessions of a browser, sign-out.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Response;
use serde_json::json;

use crate::support::{CHALLENGE, Fixture, NOW, app_mut, claims, redirect_query};

fn implicit() -> Fixture {
    Fixture::with(|directory| {
        let web = app_mut(directory, "orders-web");
        web.implicit_id_tokens = true;
        web.implicit_access_tokens = true;
        web.logout_url = Some("http://localhost:3000/signed-out?x=1".into());
    })
}

fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16])
}

#[tokio::test]
async fn the_hybrid_flow_gives_a_code_and_an_id_token_bound_to_it_in_the_fragment() {
    let fixture = implicit();
    let response = fixture.authorize(&[("response_type", "code id_token")]).await;
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("http://localhost:3000/callback#code="), "{location}");
    let answer = redirect_query(&response);
    let token = claims(&json!(answer["id_token"]));
    assert_eq!(token["c_hash"], half_hash(&answer["code"]));
    assert_eq!((&token["nonce"], &answer["state"]), (&json!("the-nonce"), &"the-state".to_owned()));
    let body = fixture.redeem(&answer["code"], &[]).await;
    let from_token_endpoint = crate::support::json_of(body).await;
    assert!(claims(&from_token_endpoint["id_token"]).get("c_hash").is_none());
}

#[tokio::test]
async fn the_implicit_flow_gives_an_access_token_and_says_how_long_it_lasts() {
    let fixture = implicit();
    let response = fixture
        .authorize(&[
            ("response_type", "id_token token"),
            ("code_challenge", ""),
            ("code_challenge_method", ""),
        ])
        .await;
    let answer = redirect_query(&response);
    assert!(!answer.contains_key("code"));
    assert_eq!(answer["token_type"], "Bearer");
    let token = claims(&json!(answer["access_token"]));
    assert_eq!(token["scp"], "Orders.Read Orders.Write");
    assert!(answer["expires_in"].parse::<i64>().unwrap() > 3000);
    assert_eq!(claims(&json!(answer["id_token"]))["at_hash"], half_hash(&answer["access_token"]));
}

#[tokio::test]
async fn tokens_from_the_browser_are_for_apps_that_are_registered_for_it_and_never_in_a_query() {
    let fixture = Fixture::start();
    let number = |response: Response| redirect_query(&response)["error_description"].clone();
    let refused = number(fixture.authorize(&[("response_type", "id_token")]).await);
    assert!(refused.starts_with("AADSTS700054:"), "{refused}");
    let refused = number(fixture.authorize(&[("response_type", "token")]).await);
    assert!(refused.starts_with("AADSTS700051:"), "{refused}");
    let refused = number(fixture.authorize(&[("response_type", "magic")]).await);
    assert!(refused.starts_with("AADSTS70005:"), "{refused}");
    let fixture = implicit();
    let query = [("response_type", "id_token"), ("response_mode", "query")];
    let refused = number(fixture.authorize(&query).await);
    assert!(refused.starts_with("AADSTS70007:"), "{refused}");
    let refused = number(fixture.authorize(&[("response_type", "id_token"), ("nonce", "")]).await);
    assert!(refused.starts_with("AADSTS900144:"), "{refused}");
}

#[tokio::test]
async fn form_post_carries_tokens_in_a_form() {
    let fixture = implicit();
    let query = [("response_type", "code id_token"), ("response_mode", "form_post")];
    let page = fixture.authorize(&query).await.text().await.unwrap();
    assert!(
        page.contains(r#"name="id_token""#) && page.contains(r#"action="http://localhost:3000/callback""#)
    );
}

/// A browser that keeps its one cookie.
struct Browser<'a> {
    fixture: &'a Fixture,
    cookie: String,
}

impl<'a> Browser<'a> {
    /// Alice signs in.
    async fn sign_in(fixture: &'a Fixture) -> (Self, Response) {
        let response = fixture.authorize(&[]).await;
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        (Self { fixture, cookie }, response)
    }

    async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let url = format!("{}/oauth2/v2.0/authorize", self.fixture.idp.authority());
        let query = self.fixture.authorize_query(changes);
        self.fixture.client.get(url).query(&query).header("cookie", &self.cookie).send().await.unwrap()
    }

    async fn logout(&self, query: &[(&str, &str)]) -> Response {
        let url = format!("{}/oauth2/v2.0/logout", self.fixture.idp.authority());
        self.fixture.client.get(url).query(query).header("cookie", &self.cookie).send().await.unwrap()
    }
}

#[tokio::test]
async fn whoever_is_signed_in_is_signed_in_silently_in_the_same_session() {
    let fixture = Fixture::start();
    let nobody = redirect_query(&fixture.authorize(&[("prompt", "none")]).await);
    assert_eq!(nobody["error"], "login_required");
    let (browser, first) = Browser::sign_in(&fixture).await;
    let session = redirect_query(&first)["session_state"].clone();
    for changes in [
        vec![("prompt", "none"), ("login_hint", "")],
        vec![("prompt", "none")],
        vec![("login_hint", "")],
        vec![
            ("prompt", "none"),
            ("client_id", "dddddddd-0000-4000-8000-00000000a002"),
            ("redirect_uri", "http://localhost:5173/"),
            ("code_challenge", CHALLENGE),
        ],
    ] {
        let again = redirect_query(&browser.authorize(&changes).await);
        assert!(again.contains_key("code"), "{changes:?}: {again:?}");
        assert_eq!(again["session_state"], session);
    }
    let other = redirect_query(
        &browser.authorize(&[("prompt", "none"), ("login_hint", "bob@contoso.example")]).await,
    );
    assert_eq!(other["error"], "login_required", "bob is not signed in here");
    let asked = browser.authorize(&[("prompt", "select_account"), ("login_hint", "")]).await;
    assert_eq!(asked.status(), 200, "the person wants to pick");
}

#[tokio::test]
async fn two_mocks_on_one_host_keep_their_sessions_apart() {
    let (one, other) = (Fixture::start(), Fixture::start());
    let (mut browser, _) = Browser::sign_in(&one).await;
    let (elsewhere, _) = Browser::sign_in(&other).await;
    let name = |cookie: &str| cookie.split_once('=').unwrap().0.to_owned();
    assert_ne!(name(&browser.cookie), name(&elsewhere.cookie), "a browser keeps both");
    browser.cookie = format!("{}; {}", elsewhere.cookie, browser.cookie);
    assert!(redirect_query(&browser.authorize(&[("prompt", "none")]).await).contains_key("code"));
}

#[tokio::test]
async fn a_session_ends_a_day_after_its_last_use_and_with_another_users_sign_in() {
    let fixture = Fixture::start();
    let silent = [("prompt", "none"), ("login_hint", "")];
    let (browser, _) = Browser::sign_in(&fixture).await;
    fixture.idp.clock().freeze_at(NOW + 86_399);
    assert!(redirect_query(&browser.authorize(&silent).await).contains_key("code"));
    fixture.idp.clock().freeze_at(NOW + 2 * 86_400);
    assert_eq!(redirect_query(&browser.authorize(&silent).await)["error"], "login_required");

    let (browser, _) = Browser::sign_in(&fixture).await;
    let bob = browser.authorize(&[("login_hint", "bob@contoso.example")]).await;
    assert!(redirect_query(&bob).contains_key("code"));
    let old = redirect_query(&browser.authorize(&silent).await);
    assert_eq!(old["error"], "login_required", "alice's cookie is worth nothing now");
}

#[tokio::test]
async fn signing_out_ends_the_session_notifies_other_applications_and_returns_to_a_registered_url() {
    let fixture = implicit();
    let (browser, first) = Browser::sign_in(&fixture).await;
    let session = redirect_query(&first)["session_state"].clone();
    let query = [("post_logout_redirect_uri", "http://localhost:3000/callback"), ("state", "s 1")];
    let response = browser.logout(&query).await;
    assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let page = response.text().await.unwrap();
    assert!(page.contains(&format!("http://localhost:3000/signed-out?x=1&#38;sid={session}")), "{page}");
    assert!(page.contains("http://localhost:3000/callback?state=s+1"), "{page}");
    let after = redirect_query(&browser.authorize(&[("prompt", "none")]).await);
    assert_eq!(after["error"], "login_required");
}

#[tokio::test]
async fn signing_out_returns_nowhere_else() {
    let fixture = Fixture::start();
    let (browser, _) = Browser::sign_in(&fixture).await;
    for wanted in ["https://evil.example/", "http://localhost:3000/callback/../x", "javascript:alert(1)"] {
        let page = browser.logout(&[("post_logout_redirect_uri", wanted)]).await.text().await.unwrap();
        assert!(!page.contains("id=\"back\""), "{wanted}");
    }
    // The hint names the application; another one's URL is not accepted.
    let hint = fixture.idp.token().client("orders-spa").id_token().sign();
    let query =
        [("post_logout_redirect_uri", "http://localhost:3000/callback"), ("id_token_hint", hint.as_str())];
    assert!(!browser.logout(&query).await.text().await.unwrap().contains("id=\"back\""));
}

#[tokio::test]
async fn a_person_is_asked_for_consent_where_the_application_wants_that_and_may_decline() {
    let fixture = Fixture::with_pages();
    let alice = fixture.idp.directory().user("alice").unwrap().oid.clone();
    let asked = [("prompt", "consent")];
    let page = fixture.click(&asked, ("mock_user", &alice)).await.text().await.unwrap();
    assert!(page.contains("Orders.Read") && page.contains(r#"name="mock_consent""#), "{page}");
    let accepted = fixture.click(&asked, ("mock_consent", &alice)).await;
    assert!(redirect_query(&accepted).contains_key("code"));
    let declined = fixture.click(&asked, ("mock_decline", "1")).await;
    assert_eq!(redirect_query(&declined)["error"], "access_denied");
}

#[tokio::test]
async fn a_domain_hint_leaves_the_accounts_of_that_domain() {
    let fixture = Fixture::start();
    let hints = [("login_hint", ""), ("domain_hint", "fabrikam.example")];
    let page = fixture.authorize(&hints).await.text().await.unwrap();
    assert!(page.contains("Carol Clark") && !page.contains("Alice Adams"), "{page}");
}
