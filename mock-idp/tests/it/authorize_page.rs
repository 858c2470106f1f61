//! The authorize page: who is asked, who is sent where, and what is shown.

use crate::support::{Fixture, redirect_query};
use entra_mock_idp::MockIdp;

/// The page that a person sees.
async fn page(fixture: &Fixture, changes: &[(&str, &str)]) -> String {
    let response = fixture.authorize(changes).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_person_picks_an_account_of_the_tenant() {
    let fixture = Fixture::start();
    let page = page(&fixture, &[("login_hint", "")]).await;
    for user in &fixture.idp.directory().users {
        assert!(page.contains(&user.oid) && page.contains(&user.display_name()), "{}", user.name);
    }
    assert!(page.contains("Test only"));
    assert!(page.contains(r#"name="state" value="the-state""#));
    let bob = fixture.idp.directory().user("bob").unwrap().oid.clone();
    let response = fixture.click(&[("login_hint", "")], ("mock_user", &bob)).await;
    assert_eq!(response.status(), 302);
    let query = redirect_query(&response);
    assert_eq!(query["state"], "the-state");
    assert!(query.contains_key("code") && query.contains_key("session_state"));
}

#[tokio::test]
async fn what_the_client_sends_is_shown_as_text() {
    let fixture = Fixture::start();
    let markup = "\"><script>alert(1)</script>";
    let page = page(&fixture, &[("state", markup), ("login_hint", markup)]).await;
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("There is no account"));
}

#[tokio::test]
async fn cancelling_returns_access_denied() {
    let fixture = Fixture::start();
    let query = redirect_query(&fixture.click(&[], ("mock_cancel", "1")).await);
    assert_eq!((query["error"].as_str(), query["state"].as_str()), ("access_denied", "the-state"));
    assert_eq!((query["error_subcode"].as_str(), query.get("error_description")), ("cancel", None));
}

#[tokio::test]
async fn a_login_hint_alone_puts_the_account_first_on_the_page_as_in_entra() {
    let fixture = Fixture::with_pages();
    let directory = fixture.idp.directory();
    for prompt in ["", "select_account", "login", "consent"] {
        let page = page(&fixture, &[("prompt", prompt), ("login_hint", "bob@contoso.example")]).await;
        let first = page.split("<button").nth(1).unwrap();
        assert!(first.contains("Bob Baker") && first.contains("autofocus"), "{prompt}: {page}");
        assert!(page.contains("Alice Adams"), "{prompt}");
        assert!(!page.contains("There is no account"));
    }
    let silent = redirect_query(&fixture.authorize(&[("prompt", "none")]).await);
    assert_eq!(silent["error"], "login_required");
    let alice = &directory.user("alice").unwrap().oid;
    assert!(redirect_query(&fixture.click(&[], ("mock_user", alice)).await).contains_key("code"));
}

#[tokio::test]
async fn with_sign_in_by_hint_whoever_is_hinted_at_answers_every_page_and_a_person_the_others() {
    let fixture = Fixture::start();
    for prompt in ["", "select_account", "login", "consent"] {
        assert_eq!(fixture.authorize(&[("prompt", prompt)]).await.status(), 302, "{prompt}");
        page(&fixture, &[("prompt", prompt), ("login_hint", "")]).await;
    }
    assert!(page(&fixture, &[("login_hint", "mallory")]).await.contains("There is no account"));
    let silent = redirect_query(&fixture.authorize(&[("prompt", "none")]).await);
    assert_eq!(silent["error"], "login_required", "there is no page to answer");
}

#[tokio::test]
async fn nobody_signs_in_by_a_link_or_by_another_sites_form() {
    let fixture = Fixture::with_pages();
    let alice = fixture.idp.directory().user("alice").unwrap().oid.clone();
    for button in ["mock_user", "mock_consent", "mock_cancel"] {
        let page = page(&fixture, &[(button, &alice)]).await;
        assert_eq!(page.matches("name=\"mock_consent\"").count(), 0, "{page}");
        assert!(!page.contains(&format!("type=\"hidden\" name=\"{button}\"")), "{page}");
        for (origin, expected) in [
            ("https://evil.example".to_owned(), 200),
            ("null".to_owned(), 200),
            (fixture.idp.base_url(), 302),
        ] {
            let url = format!("{}/oauth2/v2.0/authorize", fixture.idp.authority());
            let form = fixture.authorize_query(&[(button, &alice)]);
            let response = fixture.client.post(url).form(&form).header("origin", &origin).send().await;
            assert_eq!(response.unwrap().status(), expected, "{button} {origin}");
        }
    }
}

#[tokio::test]
async fn silent_sign_in_fails_without_a_page() {
    let fixture = Fixture::start();
    let query = redirect_query(&fixture.authorize(&[("prompt", "none")]).await);
    assert_eq!(query["error"], "login_required");
}

#[tokio::test]
async fn the_answer_travels_as_the_client_asks() {
    let fixture = Fixture::start();
    let response = fixture.authorize(&[("response_mode", "fragment")]).await;
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("http://localhost:3000/callback#code="), "{location}");
    let form = page(&fixture, &[("response_mode", "form_post")]).await;
    assert!(
        form.contains(r#"action="http://localhost:3000/callback""#) && form.contains(r#"name="code""#),
        "{form}"
    );
    let query = redirect_query(&fixture.authorize(&[("response_mode", "carrier_pigeon")]).await);
    assert_eq!(query["error"], "invalid_request");
}

#[tokio::test]
async fn nobody_is_sent_to_a_doubtful_redirect_uri() {
    let fixture = Fixture::start();
    for changes in [
        ("client_id", "99999999-0000-4000-8000-000000000000"),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", "http://localhost:3000/Callback"),
        ("redirect_uri", "http://localhost:3000/callback?x=1"),
        ("redirect_uri", ""),
        ("client_id", ""),
    ] {
        let response = fixture.authorize(&[changes]).await;
        assert_eq!(response.status(), 400, "{changes:?}");
        assert!(response.headers().get("location").is_none());
        assert!(response.text().await.unwrap().contains("AADSTS"));
    }
}

#[tokio::test]
async fn a_loopback_address_may_have_any_port() {
    let fixture = Fixture::start();
    let response = fixture.authorize(&[("redirect_uri", "http://localhost:65000/callback")]).await;
    assert!(
        response.headers()["location"].to_str().unwrap().starts_with("http://localhost:65000/callback?code=")
    );
}

#[tokio::test]
async fn errors_are_sent_back_to_a_valid_redirect_uri() {
    let fixture = Fixture::start();
    let spa = fixture.app("orders-spa");
    for (changes, expected) in [
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("scope", "")], "invalid_request"),
        (vec![("scope", "api://orders/Orders.Rule")], "invalid_scope"),
        (vec![("scope", "api://nothing/X")], "invalid_resource"),
        (vec![("prompt", "maybe")], "invalid_request"),
        (vec![("code_challenge_method", "S512")], "invalid_request"),
        (
            vec![
                ("client_id", spa.as_str()),
                ("redirect_uri", "http://localhost:5173/"),
                ("code_challenge", ""),
            ],
            "invalid_request",
        ),
    ] {
        let query = redirect_query(&fixture.authorize(&changes).await);
        assert_eq!(
            (query["error"].as_str(), query["state"].as_str()),
            (expected, "the-state"),
            "{changes:?}"
        );
    }
}

#[tokio::test]
async fn with_sign_in_no_page_is_shown() {
    let fixture = Fixture::of(MockIdp::builder().sign_in("bob"));
    let response = fixture.authorize(&[("login_hint", ""), ("prompt", "select_account")]).await;
    assert_eq!(response.status(), 302);
    assert!(MockIdp::builder().sign_in("nobody").start().is_err());
}

#[tokio::test]
async fn an_address_that_is_not_registered_and_a_page_without_pkce_have_their_own_numbers() {
    let fixture = Fixture::start();
    let page = fixture.authorize(&[("redirect_uri", "https://evil.example/")]).await;
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS50011:"));
    let spa = fixture.app("orders-spa");
    let changes =
        [("client_id", spa.as_str()), ("redirect_uri", "http://localhost:5173/"), ("code_challenge", "")];
    let refused = redirect_query(&fixture.authorize(&changes).await);
    assert!(refused["error_description"].starts_with("AADSTS9002325:"), "{refused:?}");
    let nobody = redirect_query(&fixture.authorize(&[("prompt", "none")]).await);
    assert!(nobody["error_description"].starts_with("AADSTS50058:"), "{nobody:?}");
}
