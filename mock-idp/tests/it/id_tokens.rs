//! An ID token says who somebody is: to the client, as an access token does to an API.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::{Directory, TokenVersion};
use serde_json::{Value, json};

use crate::support::{Fixture, app_mut, claims, json_of, names, redirect_query, user_mut};

const ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// The web application has groups in its tokens and an app role of its own, which alice has.
fn web_with_roles_and_groups(directory: &mut Directory) {
    let web = app_mut(directory, "orders-web");
    web.group_claims = true;
    web.app_roles = vec!["Admin".to_owned()];
    let client_id = web.client_id.clone();
    let alice = user_mut(directory, "alice");
    alice.assigned_roles.insert(client_id, vec!["Admin".to_owned()]);
    alice.directory_roles = vec![ADMINISTRATOR.to_owned()];
}

async fn id_token(fixture: &Fixture, changes: &[(&str, &str)]) -> Value {
    let code = fixture.code(changes).await;
    claims(&json_of(fixture.redeem(&code, &[]).await).await["id_token"])
}

#[tokio::test]
async fn an_id_token_has_the_groups_directory_roles_and_app_roles_that_its_client_asks_for() {
    let fixture = Fixture::with(web_with_roles_and_groups);
    let token = id_token(&fixture, &[]).await;
    assert_eq!(token["groups"].as_array().unwrap().len(), 2);
    assert_eq!(token["roles"], json!(["Admin"]));
    assert_eq!(token["wids"], json!([ADMINISTRATOR]));

    let silent = id_token(&Fixture::start(), &[]).await;
    for claim in ["groups", "roles", "wids"] {
        assert!(silent.get(claim).is_none(), "{claim}");
    }
    let optional = Fixture::with(|directory| {
        app_mut(directory, "orders-web").optional_claims.id_token = vec!["groups".to_owned()];
    });
    assert_eq!(id_token(&optional, &[]).await["groups"].as_array().unwrap().len(), 2);
    assert!(
        claims(&json!(optional.idp.token().user("alice").client("orders-web").audience("orders-web").sign()))
            .get("groups")
            .is_none()
    );
}

#[tokio::test]
async fn more_groups_than_fit_are_linked_to_and_in_a_fragment_only_said_to_be_there() {
    let fixture = Fixture::with(|directory| {
        web_with_roles_and_groups(directory);
        app_mut(directory, "orders-web").implicit_id_tokens = true;
        user_mut(directory, "bob").generated_groups = 6;
    });
    let dave = id_token(&fixture, &[("login_hint", "dave@contoso.example")]).await;
    assert_eq!(dave["_claim_names"], json!({"groups": "src1"}));
    assert!(dave.get("groups").is_none());

    let in_fragment = async |user: &str| {
        let changes = [
            ("response_type", "id_token"),
            ("scope", "openid profile"),
            ("code_challenge", ""),
            ("code_challenge_method", ""),
            ("login_hint", user),
        ];
        let response = fixture.authorize(&changes).await;
        claims(&json!(redirect_query(&response)["id_token"]))
    };
    for user in ["bob@contoso.example", "dave@contoso.example"] {
        let token = in_fragment(user).await;
        assert_eq!(token["hasgroups"], true, "{user}");
        assert!(token.get("groups").or(token.get("_claim_names")).is_none(), "{user}");
    }
    let alice = in_fragment("alice@contoso.example").await;
    assert_eq!((alice["groups"].as_array().unwrap().len(), alice.get("hasgroups")), (2, None));
}

#[tokio::test]
async fn a_member_is_known_by_the_user_principal_name_and_a_guest_by_the_address_at_home() {
    let fixture = Fixture::with(|directory| {
        user_mut(directory, "alice").email = Some("a.adams@mail.example".to_owned());
    });
    let id = |user: &str, version| {
        claims(&json!(fixture.idp.token().user(user).id_token().version(version).sign()))
    };
    assert_eq!(id("alice", TokenVersion::V2)["preferred_username"], "alice@contoso.example");
    assert_eq!(id("carol", TokenVersion::V2)["preferred_username"], "carol@fabrikam.example");
    let alice = id("alice", TokenVersion::V1);
    assert_eq!((&alice["upn"], &alice["unique_name"]), (&alice["upn"], &json!("alice@contoso.example")));
    let carol = id("carol", TokenVersion::V1);
    assert_eq!((carol.get("upn"), &carol["unique_name"]), (None, &json!("carol@fabrikam.example")));
    for (claim, value) in [("given_name", "Carol"), ("family_name", "Clark"), ("ipaddr", "127.0.0.1")] {
        assert_eq!(carol[claim], value);
    }
}

#[tokio::test]
async fn a_guests_client_info_has_the_object_id_at_home() {
    let at_home = "cccccccc-0000-4000-8000-0000000000f2";
    let with_home = Fixture::with(|directory| {
        let mut user = directory.user("bob").unwrap().clone();
        (user.name, user.oid, user.email) = ("carol-at-home".to_owned(), at_home.to_owned(), None);
        (user.tenant, user.upn) = ("fabrikam".to_owned(), "carol@fabrikam.example".to_owned());
        directory.users.push(user);
    });
    let client_info = async |fixture: &Fixture| -> Value {
        let code = fixture.code(&[("login_hint", "carol@fabrikam.example"), ("client_info", "1")]).await;
        let body = json_of(fixture.redeem(&code, &[("client_info", "1")]).await).await;
        let info = URL_SAFE_NO_PAD.decode(body["client_info"].as_str().unwrap()).unwrap();
        serde_json::from_slice(&info).unwrap()
    };
    let fixture = Fixture::start();
    let guest = fixture.idp.directory().user("carol").unwrap().oid.clone();
    let without_home = client_info(&fixture).await;
    assert_ne!(without_home["uid"], guest);
    assert_eq!(without_home, client_info(&fixture).await, "the same at every sign-in");
    assert_eq!(client_info(&with_home).await["uid"], at_home);
}

#[tokio::test]
async fn who_must_have_a_second_factor_signed_in_with_one() {
    let fixture = Fixture::with(|directory| {
        user_mut(directory, "bob").sign_in = entra_mock_idp::SignIn::MfaRequired;
    });
    let methods = |user: &str| {
        claims(&json!(fixture.idp.token().user(user).version(TokenVersion::V1).sign()))["amr"].clone()
    };
    assert_eq!((methods("alice"), methods("bob")), (json!(["pwd"]), json!(["pwd", "mfa"])));
}

#[tokio::test]
async fn an_id_token_of_the_default_directory_names_no_more_than_entras_does() {
    let token = id_token(&Fixture::start(), &[]).await;
    let expected = [
        "aio",
        "aud",
        "exp",
        "iat",
        "iss",
        "name",
        "nbf",
        "nonce",
        "oid",
        "preferred_username",
        "rh",
        "sid",
        "sub",
        "tid",
        "uti",
        "ver",
    ];
    assert_eq!(names(&token), expected);
}
