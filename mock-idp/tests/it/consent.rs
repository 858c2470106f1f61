//! Consent: who is asked, what is remembered, and what happens without it.

use std::collections::BTreeMap;

use entra_mock_idp::{Directory, MockIdp, SignIn, UserConsent};
use reqwest::Response;
use serde_json::json;

use crate::support::{
    FABRIKAM, Fixture, NOW, app_mut, claims, error, error_of, json_of, redirect_query, user_mut,
};

const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
const MAIL: (&str, &str) = ("scope", "Mail.Read openid offline_access");

/// A person answers the pages.
fn with_pages(change: impl FnOnce(&mut Directory)) -> Fixture {
    let mut directory = Directory::builtin();
    user_mut(&mut directory, "bob").directory_roles = vec![GLOBAL_ADMIN.to_owned()];
    change(&mut directory);
    Fixture::of(MockIdp::builder().frozen_at(NOW).directory(directory))
}

fn oid(fixture: &Fixture, name: &str) -> String {
    fixture.idp.directory().user(name).unwrap().oid.clone()
}

async fn text(response: Response) -> String {
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

fn asks_for_consent(page: &str) -> bool {
    page.contains(r#"name="mock_consent""#)
}

/// A refresh token for Microsoft Graph, whose scopes alice has consented to.
async fn consented(fixture: &Fixture) -> String {
    let agreed = fixture.click(&[MAIL], ("mock_consent", &oid(fixture, "alice"))).await;
    let code = redirect_query(&agreed).remove("code").unwrap();
    json_of(fixture.redeem(&code, &[]).await).await["refresh_token"].as_str().unwrap().to_owned()
}

async fn refresh(fixture: &Fixture, token: &str) -> Response {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    fixture.token_as("orders-web", &form).await
}

#[tokio::test]
async fn a_person_consents_once_for_each_app_and_is_asked_for_what_is_new() {
    let fixture = with_pages(|_| {});
    let alice = oid(&fixture, "alice");
    let page = text(fixture.click(&[MAIL], ("mock_user", &alice)).await).await;
    assert!(asks_for_consent(&page) && page.contains("https://graph.microsoft.com/Mail.Read"), "{page}");
    consented(&fixture).await;
    let again = fixture.click(&[MAIL], ("mock_user", &alice)).await;
    let code = redirect_query(&again).remove("code").unwrap();
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(body["scope"], "email openid profile User.Read Mail.Read");
    let more = [("scope", "Mail.Read Files.Read")];
    let page = text(fixture.click(&more, ("mock_user", &alice)).await).await;
    assert!(page.contains("Files.Read") && !page.contains("com/Mail.Read"), "{page}");
    let page = text(fixture.click(&[MAIL], ("mock_user", &oid(&fixture, "dave"))).await).await;
    assert!(asks_for_consent(&page), "consent is the person's own");
}

#[tokio::test]
async fn consent_is_asked_for_every_resource_of_a_sign_in() {
    let fixture = with_pages(|_| {});
    let both = [("scope", "api://orders/Orders.Read https://graph.microsoft.com/Mail.Read offline_access")];
    let alice = oid(&fixture, "alice");
    let page = text(fixture.click(&both, ("mock_user", &alice)).await).await;
    assert!(page.contains("com/Mail.Read") && !page.contains("<code>api://orders/"), "{page}");
    let agreed = fixture.click(&both, ("mock_consent", &alice)).await;
    let code = redirect_query(&agreed).remove("code").unwrap();
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    assert_eq!(claims(&body["access_token"])["aud"], fixture.app("orders-api"));
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", body["refresh_token"].as_str().unwrap()),
        ("scope", "https://graph.microsoft.com/Mail.Read"),
    ];
    assert_eq!(fixture.token_as("orders-web", &form).await.status(), 200);
}

/// The two forms of AzureAD/microsoft-authentication-library-common-for-android's fixtures and of the documentation.
#[tokio::test]
async fn who_declines_is_told_apart_from_who_turns_back() {
    let fixture = with_pages(|_| {});
    let declined = redirect_query(&fixture.click(&[MAIL], ("mock_decline", "1")).await);
    assert_eq!(declined["error"], "access_denied");
    let description = &declined["error_description"];
    assert!(description.starts_with("AADSTS65004:") && description.contains(" Trace ID: "), "{description}");
    let cancelled = redirect_query(&fixture.click(&[MAIL], ("mock_cancel", "1")).await);
    let mut members: Vec<_> = cancelled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    members.sort_unstable();
    assert_eq!(members, [("error", "access_denied"), ("error_subcode", "cancel"), ("state", "the-state")]);
}

#[tokio::test]
async fn silently_nobody_is_asked_and_nothing_is_consented_to() {
    let fixture = Fixture::of(MockIdp::builder().frozen_at(NOW).sign_in("alice"));
    let silent = redirect_query(&fixture.authorize(&[MAIL, ("prompt", "none")]).await);
    assert_eq!(silent["error"], "interaction_required");
    assert!(silent["error_description"].starts_with("AADSTS65001:"), "{silent:?}");
}

#[tokio::test]
async fn with_automatic_sign_in_consent_is_automatic_unless_the_directory_wants_the_page() {
    let fixture = Fixture::start();
    assert!(redirect_query(&fixture.authorize(&[MAIL]).await).contains_key("code"));
    let fixture = Fixture::with(|directory| directory.tenants[0].user_consent = UserConsent::Asked);
    assert!(asks_for_consent(&text(fixture.authorize(&[MAIL]).await).await));
    assert!(redirect_query(&fixture.authorize(&[]).await).contains_key("code"), "the directory consents");
}

#[tokio::test]
async fn where_only_an_administrator_consents_others_are_told_so_and_turn_back() {
    let mail = BTreeMap::from([("https://graph.microsoft.com".to_owned(), vec!["mail.read".to_owned()])]);
    for (name, who, scopes) in [
        ("by the tenant", UserConsent::AdminsOnly, BTreeMap::new()),
        ("by the scope", UserConsent::Allowed, mail),
    ] {
        let fixture = with_pages(|directory| {
            directory.tenants[0].user_consent = who;
            directory.tenants[0].admin_consent = scopes;
        });
        for button in ["mock_user", "mock_consent"] {
            let page = text(fixture.click(&[MAIL], (button, &oid(&fixture, "alice"))).await).await;
            assert!(page.contains("AADSTS90094:") && page.contains("mock_cancel"), "{name}: {page}");
            assert!(!page.contains("mock_decline"), "nothing was there to decline: {page}");
        }
        let bob = oid(&fixture, "bob");
        assert!(asks_for_consent(&text(fixture.click(&[MAIL], ("mock_user", &bob)).await).await), "{name}");
        assert!(redirect_query(&fixture.click(&[MAIL], ("mock_consent", &bob)).await).contains_key("code"));
    }
}

#[tokio::test]
async fn an_administrator_consents_for_everyone_at_either_endpoint_with_the_documented_answers() {
    let fixture = with_pages(|directory| directory.tenants[0].user_consent = UserConsent::AdminsOnly);
    let (alice, bob) = (oid(&fixture, "alice"), oid(&fixture, "bob"));
    let tenant = fixture.idp.tenant_id();
    let ask = async |path: &str, scope: &str, (button, value): (&str, &str)| {
        let id = fixture.app("orders-web");
        let mut form = vec![
            ("client_id", id.as_str()),
            ("redirect_uri", "http://localhost:3000/callback"),
            ("state", "the-state"),
            (button, value),
        ];
        form.extend((!scope.is_empty()).then_some(("scope", scope)));
        fixture.post(&format!("/{tenant}{path}"), &form).await
    };
    let scope = "https://graph.microsoft.com/Mail.Read";
    let page = text(ask("/v2.0/adminconsent", scope, ("mock_user", &bob)).await).await;
    assert!(asks_for_consent(&page) && page.contains(scope), "{page}");
    let page = text(ask("/v2.0/adminconsent", scope, ("mock_consent", &alice)).await).await;
    assert!(page.contains("AADSTS90094:"), "alice is no administrator: {page}");
    let declined = redirect_query(&ask("/v2.0/adminconsent", scope, ("mock_decline", "1")).await);
    assert_eq!(
        (declined["admin_consent"].as_str(), declined["error"].as_str()),
        ("True", "consent_required")
    );
    assert!(declined["error_description"].starts_with("AADSTS65004:"), "{declined:?}");
    assert_eq!(declined["state"], "the-state");

    let agreed = redirect_query(&ask("/v2.0/adminconsent", scope, ("mock_consent", &bob)).await);
    let expected = [("admin_consent", "True"), ("tenant", &tenant), ("scope", scope), ("state", "the-state")];
    assert_eq!(agreed.len(), expected.len());
    assert!(expected.iter().all(|(name, value)| agreed[*name] == *value), "{agreed:?}");
    let signed_in = redirect_query(&fixture.click(&[MAIL], ("mock_user", &alice)).await);
    assert!(signed_in.contains_key("code"), "everyone has the consent");

    let agreed = redirect_query(&ask("/adminconsent", "", ("mock_consent", &bob)).await);
    assert_eq!((agreed["admin_consent"].as_str(), agreed.get("scope")), ("True", None));
    for (scope, number) in [("api://none/.default", "AADSTS500011:"), ("api://orders/None", "AADSTS70011:")] {
        let page = ask("/v2.0/adminconsent", scope, ("mock_consent", &bob)).await.text().await.unwrap();
        assert!(page.contains(number), "{scope}: {page}");
    }
    let page = ask("/v2.0/adminconsent", "", ("mock_consent", &bob)).await;
    assert!(page.text().await.unwrap().contains("AADSTS900144:"), "the scope is missing");
    let stranger = [("client_id", "99999999-0000-4000-8000-000000000000")];
    let page = fixture.post(&format!("/{tenant}/adminconsent"), &stranger).await;
    assert!(page.text().await.unwrap().contains("AADSTS700016:"));
}

#[tokio::test]
async fn a_revoked_consent_refuses_refresh_tokens_and_asks_again() {
    let fixture = with_pages(|_| {});
    let token = consented(&fixture).await;
    assert_eq!(refresh(&fixture, &token).await.status(), 200);
    let url = format!("{}/_mock/consents", fixture.idp.base_url());
    let revoke = |query: [(&'static str, &'static str); 1]| fixture.client.delete(&url).query(&query).send();
    assert_eq!(revoke([("client", "orders-web")]).await.unwrap().status(), 204);
    let body = json_of(refresh(&fixture, &token).await).await;
    assert_eq!((&body["error_codes"], &body["suberror"]), (&json!([65001]), &json!("consent_required")));
    let alice = oid(&fixture, "alice");
    let page = text(fixture.click(&[], ("mock_user", &alice)).await).await;
    assert!(asks_for_consent(&page), "that of the directory is revoked, too");
    consented(&fixture).await;
    assert_eq!(refresh(&fixture, &token).await.status(), 200);
    fixture.idp.revoke_consent("orders-web");
    fixture.idp.reset();
    assert!(redirect_query(&fixture.click(&[], ("mock_user", &alice)).await).contains_key("code"));
    for (query, expected) in [([("client", "nobody")], "_mock/directory"), ([("app", "x")], "client")] {
        let refused = revoke(query).await.unwrap();
        assert_eq!(refused.status(), 400);
        assert!(refused.text().await.unwrap().contains(expected));
    }
}

const ERIN: &str = "cccccccc-0000-4000-8000-0000000000e1";

/// Somebody at home in fabrikam.
fn add_erin(directory: &mut Directory) {
    let mut erin = user_mut(directory, "alice").clone();
    (erin.name, erin.upn) = ("erin".into(), "erin@fabrikam.example".into());
    (erin.oid, erin.tenant) = (ERIN.into(), "fabrikam".into());
    (erin.email, erin.groups) = (None, Vec::new());
    directory.users.push(erin);
}

#[tokio::test]
async fn what_an_administrator_consents_to_for_everyone_stays_in_the_tenant() {
    let fixture = with_pages(|directory| {
        app_mut(directory, "orders-web").sign_in_audience = entra_mock_idp::SignInAudience::MultipleOrgs;
        add_erin(directory);
    });
    let (id, bob) = (fixture.app("orders-web"), oid(&fixture, "bob"));
    let form = [
        ("client_id", id.as_str()),
        ("redirect_uri", "http://localhost:3000/callback"),
        MAIL,
        ("mock_consent", bob.as_str()),
    ];
    let consented = fixture.post(&format!("/{}/v2.0/adminconsent", fixture.idp.tenant_id()), &form).await;
    assert_eq!(redirect_query(&consented)["admin_consent"], "True");
    let mut form = fixture.authorize_query(&[MAIL]);
    form.push(("mock_user".to_owned(), ERIN.to_owned()));
    let url = format!("{}/{FABRIKAM}/oauth2/v2.0/authorize", fixture.idp.base_url());
    let page = text(fixture.client.post(url).form(&form).send().await.unwrap()).await;
    assert!(asks_for_consent(&page), "{page}");
}

#[tokio::test]
async fn an_app_of_many_tenants_is_in_another_one_once_somebody_there_consents() {
    let fixture = with_pages(|directory| {
        let web = app_mut(directory, "orders-web");
        web.sign_in_audience = entra_mock_idp::SignInAudience::MultipleOrgs;
        web.installed_in = Some(Vec::new());
        app_mut(directory, "orders-api").sign_in_audience = entra_mock_idp::SignInAudience::MultipleOrgs;
        add_erin(directory);
    });
    let (id, secret) = (fixture.app("orders-web"), fixture.secret("orders-web"));
    let daemon = async |tenant: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        fixture.post(&format!("/{tenant}/oauth2/v2.0/token"), &form).await
    };
    assert_eq!(daemon(&fixture.idp.tenant_id()).await.status(), 200);
    assert_eq!(error_of(daemon(FABRIKAM).await).await, error(400, "unauthorized_client", 700016));
    let sign_in = async |button: &str| {
        let mut form = fixture.authorize_query(&[]);
        form.push((button.to_owned(), ERIN.to_owned()));
        let url = format!("{}/{FABRIKAM}/oauth2/v2.0/authorize", fixture.idp.base_url());
        fixture.client.post(url).form(&form).send().await.unwrap()
    };
    let page = text(sign_in("mock_user").await).await;
    assert!(asks_for_consent(&page) && page.contains("api://orders/Orders.Read"), "{page}");
    assert!(redirect_query(&sign_in("mock_consent").await).contains_key("code"));
    assert_eq!(daemon(FABRIKAM).await.status(), 200);
    assert!(redirect_query(&sign_in("mock_user").await).contains_key("code"), "nobody is asked again");
}

#[tokio::test]
async fn whoever_approves_a_device_consents_to_what_it_asks_for() {
    let fixture = with_pages(|_| {});
    let tenant = fixture.idp.tenant_id();
    let id = fixture.app("orders-spa");
    let form = [("client_id", id.as_str()), MAIL];
    let device = json_of(fixture.post(&format!("/{tenant}/oauth2/v2.0/devicecode"), &form).await).await;
    let (user_code, code) = (device["user_code"].as_str().unwrap(), device["device_code"].as_str().unwrap());
    let alice = oid(&fixture, "alice");
    let click = [("user_code", user_code), ("mock_user", alice.as_str())];
    text(fixture.post(&format!("/{tenant}/oauth2/v2.0/devicelogin"), &click).await).await;
    let form = [("grant_type", "device_code"), ("client_id", &id), ("device_code", code)];
    let body = json_of(fixture.token(&form, None).await).await;
    assert_eq!(body["scope"], "email openid profile User.Read Mail.Read");
}

/// AzureAD/microsoft-authentication-library-for-js#1937: a session from before the second factor was required.
#[tokio::test]
async fn a_second_factor_that_was_never_given_needs_a_person() {
    let fixture = with_pages(|_| {});
    let alice = oid(&fixture, "alice");
    let cookie_of = |response: &Response| {
        response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let silent = async |cookie: &str| {
        let url = format!("{}/oauth2/v2.0/authorize", fixture.idp.authority());
        let query = fixture.authorize_query(&[("prompt", "none")]);
        redirect_query(&fixture.client.get(url).query(&query).header("cookie", cookie).send().await.unwrap())
    };
    let before = cookie_of(&fixture.click(&[], ("mock_user", &alice)).await);
    assert!(silent(&before).await.contains_key("code"));
    let mut directory = (*fixture.idp.directory()).clone();
    user_mut(&mut directory, "alice").sign_in = SignIn::MfaRequired;
    fixture.idp.set_directory(directory);
    let refused = silent(&before).await;
    assert_eq!(refused["error"], "interaction_required");
    assert!(refused["error_description"].starts_with("AADSTS50076:"), "{refused:?}");
    let after = cookie_of(&fixture.click(&[], ("mock_user", &alice)).await);
    assert!(silent(&after).await.contains_key("code"), "the person gave it at the page");
}
