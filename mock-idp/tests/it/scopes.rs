//! Scopes: how they are compared, what a token carries, and how a response spells them.

use serde_json::Value;

use crate::support::{Fixture, app_mut, claims, error, error_of, json_of, redirect_query};

/// What a code gives that was requested with this scope.
async fn redeemed(fixture: &Fixture, scope: &str) -> Value {
    let code = fixture.code(&[("scope", scope)]).await;
    json_of(fixture.redeem(&code, &[]).await).await
}

/// The forms are those of recordings of azure-sdk-for-js (2021) and of a refresh by MSAL Browser (2024).
#[tokio::test]
async fn scopes_of_graph_are_echoed_as_asked_with_those_about_the_user() {
    let fixture = Fixture::start();
    for (asked, echoed) in [
        ("User.Read", "email openid profile User.Read"),
        ("user.read openid", "email openid profile user.read"),
        ("openid profile", "email openid profile User.Read"),
        (
            "https://graph.microsoft.com/User.Read",
            "email openid profile https://graph.microsoft.com/User.Read",
        ),
        (
            "https://graph.microsoft.com/.default",
            "email openid profile https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default",
        ),
        (
            "00000003-0000-0000-c000-000000000000/.default offline_access",
            "email openid profile 00000003-0000-0000-c000-000000000000/User.Read \
             00000003-0000-0000-c000-000000000000/.default",
        ),
    ] {
        let body = redeemed(&fixture, asked).await;
        assert_eq!(body["scope"], echoed, "{asked}");
        let scp = claims(&body["access_token"])["scp"].as_str().unwrap().to_owned();
        let mut scp: Vec<_> = scp.split(' ').collect();
        scp.sort_unstable();
        assert_eq!(scp, ["User.Read", "email", "openid", "profile"], "{asked}");
    }
}

#[tokio::test]
async fn a_token_carries_all_scopes_of_the_resource_that_were_consented_to() {
    let fixture = Fixture::start();
    let body = redeemed(&fixture, "api://orders/Orders.Write openid").await;
    assert_eq!(claims(&body["access_token"])["scp"], "Orders.Read Orders.Write");
    assert_eq!(body["scope"], "api://orders/Orders.Read api://orders/Orders.Write");
}

#[tokio::test]
async fn scopes_are_compared_without_case() {
    let fixture = Fixture::start();
    let body = redeemed(&fixture, "api://orders/orders.write").await;
    assert_eq!(claims(&body["access_token"])["scp"], "Orders.Read Orders.Write");
    assert_eq!(body["scope"], "api://orders/Orders.Read api://orders/orders.write");
}

#[tokio::test]
async fn offline_access_counts_in_the_authorization_request_or_in_the_token_request() {
    let fixture = Fixture::start();
    for (first, second, refreshed) in [
        ("", "", false),
        (" offline_access", "", true),
        ("", " offline_access", true),
        ("", " https://graph.microsoft.com/offline_access", true),
    ] {
        let code = fixture.code(&[("scope", &format!("api://orders/Orders.Read{first}"))]).await;
        let scope = format!("api://orders/Orders.Read{second}");
        let body = json_of(fixture.redeem(&code, &[("scope", &scope)]).await).await;
        assert_eq!(body.get("refresh_token").is_some(), refreshed, "{first}, {second}");
    }
}

#[tokio::test]
async fn a_sign_in_may_name_scopes_of_several_resources_and_a_token_request_of_one() {
    let fixture = Fixture::start();
    let both = "api://orders/Orders.Read https://graph.microsoft.com/User.Read openid offline_access";
    let body = redeemed(&fixture, both).await;
    assert_eq!(claims(&body["access_token"])["aud"], fixture.app("orders-api"), "the first decides");
    let code = fixture.code(&[("scope", both)]).await;
    let graph = json_of(fixture.redeem(&code, &[("scope", "User.Read")]).await).await;
    assert_eq!(graph["scope"], "email openid profile User.Read");
    let code = fixture.code(&[("scope", both)]).await;
    let refused = error_of(fixture.redeem(&code, &[("scope", both)]).await).await;
    assert_eq!(refused, error(400, "invalid_request", 28000));
    let defaults = "api://orders/.default https://graph.microsoft.com/.default";
    let code = fixture.code(&[("scope", both)]).await;
    let refused = error_of(fixture.redeem(&code, &[("scope", defaults)]).await).await;
    assert_eq!(refused, error(400, "invalid_scope", 70011));
    let mixed = "api://orders/.default User.Read";
    let refused = redirect_query(&fixture.authorize(&[("scope", mixed)]).await);
    assert!(refused["error_description"].starts_with("AADSTS70011:"), "{refused:?}");
}

/// `orders-api` as a client of itself.
fn own_api() -> Fixture {
    Fixture::with(|directory| {
        let redirects = app_mut(directory, "orders-web").redirect_uris.clone();
        let api = app_mut(directory, "orders-api");
        api.redirect_uris = redirects;
        api.identifier_uri = Some(format!("api://{}", api.client_id));
        api.delegated.clear();
        for app in &mut directory.apps {
            for list in [&mut app.delegated, &mut app.assigned_roles] {
                list.remove("api://orders");
            }
        }
    })
}

/// modelcontextprotocol/typescript-sdk#2718, DuendeArchive/IdentityModel#528, AzureAD/microsoft-authentication-library-for-js#5198.
#[tokio::test]
async fn an_app_that_is_its_own_api_signs_in_and_must_name_a_scope_of_itself_to_refresh() {
    let fixture = own_api();
    let id = fixture.app("orders-api");
    let secret = fixture.secret("orders-api");
    let uri = format!("api://{id}/Orders.Read");
    let changes = [("client_id", id.as_str()), ("client_secret", secret.as_str())];
    let scope = format!("{uri} openid offline_access");
    let code = fixture.code(&[("client_id", &id), ("scope", &scope)]).await;
    let body = json_of(fixture.redeem(&code, &changes).await).await;
    assert_eq!(
        (&body["scope"], &claims(&body["access_token"])["aud"]),
        (&uri.clone().into(), &id.clone().into())
    );
    let token = body["refresh_token"].as_str().unwrap();
    let refresh = async |scope: &str| {
        let grant = ("grant_type", "refresh_token");
        let mut form = vec![grant, ("refresh_token", token)];
        form.extend((!scope.is_empty()).then_some(("scope", scope)));
        fixture.token_as("orders-api", &form).await
    };
    for unnamed in ["", "openid profile offline_access"] {
        assert_eq!(error_of(refresh(unnamed).await).await, error(400, "invalid_request", 90009), "{unnamed}");
    }
    for named in [&uri, &format!("{id}/Orders.Read"), &format!("openid {uri}")] {
        assert_eq!(refresh(named).await.status(), 200, "{named}");
    }
    assert_eq!(refresh("User.Read").await.status(), 400, "nobody consented to Microsoft Graph");
}

#[tokio::test]
async fn an_app_that_names_itself_by_its_guid_refreshes_without_naming_a_scope() {
    let fixture = own_api();
    let (id, secret) = (fixture.app("orders-api"), fixture.secret("orders-api"));
    let scope = format!("{id}/Orders.Read offline_access");
    let code = fixture.code(&[("client_id", &id), ("scope", &scope)]).await;
    let body = json_of(fixture.redeem(&code, &[("client_id", &id), ("client_secret", &secret)]).await).await;
    let token = body["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(fixture.token_as("orders-api", &form).await.status(), 200);
}

/// What the page answers is in the fragment of the implicit flow, too.
#[tokio::test]
async fn the_implicit_flow_spells_scopes_as_the_token_endpoint_does() {
    let fixture = Fixture::with(|directory| app_mut(directory, "orders-web").implicit_access_tokens = true);
    let response =
        fixture.authorize(&[("response_type", "token"), ("scope", "api://orders/Orders.Read openid")]).await;
    let query = redirect_query(&response);
    assert_eq!(query["scope"], "api://orders/Orders.Read api://orders/Orders.Write");
}
