//! What the directory says about tokens: optional claims, lifetimes, assignments, other tenants, and claims on demand.

use entra_mock_idp::SignInAudience;
use serde_json::json;

use crate::support::{Fixture, app_mut, claims, error, error_of, json_of, redirect_query, user_mut};

const DAEMON: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "api://orders/.default")];

#[tokio::test]
async fn an_api_gets_the_optional_claims_that_it_asks_for() {
    let fixture = Fixture::with(|directory| {
        let api = app_mut(directory, "orders-api");
        let asked = ["idtyp", "acct", "given_name", "family_name", "upn", "auth_time", "xms_cc", "sid"];
        api.optional_claims.access_token = asked.map(str::to_owned).into();
        app_mut(directory, "orders-web").optional_claims.id_token = vec!["acct".into(), "login_hint".into()];
        user_mut(directory, "alice").directory_roles = vec!["62e90394-69f5-4237-9190-012177145e10".into()];
    });
    let app = json_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
    assert_eq!(claims(&app["access_token"])["idtyp"], "app");
    let body = json_of(fixture.redeem(&fixture.code(&[]).await, &[]).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!(
        (&token["idtyp"], &token["acct"], &token["given_name"]),
        (&json!("user"), &json!(0), &json!("Alice"))
    );
    assert_eq!(token["wids"], json!(["62e90394-69f5-4237-9190-012177145e10"]));
    assert!(token["auth_time"].is_i64() && token.get("xms_cc").is_none());
    let id_token = claims(&body["id_token"]);
    assert_eq!(id_token["acct"], 0);
    assert!(id_token["login_hint"].is_string());
}

#[tokio::test]
async fn a_claims_request_brings_the_context_and_the_capability_into_the_token() {
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-api").optional_claims.access_token = vec!["xms_cc".into()];
    });
    let wanted =
        json!({"access_token": {"acrs": {"essential": true, "value": "c1"}, "xms_cc": {"values": ["cp1"]}}});
    let code = fixture.code(&[]).await;
    let body = json_of(fixture.redeem(&code, &[("claims", &wanted.to_string())]).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!((&token["acrs"], &token["xms_cc"]), (&json!(["c1"]), &json!(["cp1"])));
    let code = fixture.code(&[]).await;
    let refused = error_of(fixture.redeem(&code, &[("claims", "{")]).await).await;
    assert_eq!(refused, error(400, "invalid_request", 9002313));
}

#[tokio::test]
async fn claims_on_demand_reach_the_tokens_of_a_real_flow_by_user_by_app_and_by_request() {
    let fixture = Fixture::with(|directory| {
        let alice = user_mut(directory, "alice");
        alice.mock_claims.insert("email_verified".into(), json!(true));
        alice.mock_without.push("rh".into());
        app_mut(directory, "orders-web").mock_claims.insert("of_client".into(), json!([1, null]));
        let api = app_mut(directory, "orders-api");
        api.mock_claims.insert("of_api".into(), json!("x"));
        api.mock_claims.insert("who".into(), json!("api"));
    });
    let code = fixture.code(&[]).await;
    let on_demand = [("mock_claims", r#"{"who":"request","ver":null}"#), ("mock_without", "nbf uti")];
    let body = json_of(fixture.redeem(&code, &on_demand).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!(token["email_verified"], true);
    assert_eq!((&token["of_client"], &token["of_api"]), (&json!([1, null]), &json!("x")));
    assert_eq!((&token["who"], &token["ver"]), (&json!("request"), &json!(null)));
    for gone in ["rh", "nbf", "uti"] {
        assert!(token.get(gone).is_none(), "{gone}");
    }
    let id_token = claims(&body["id_token"]);
    assert!(id_token["email_verified"] == true && id_token.get("of_api").is_none());
    let code = fixture.code(&[]).await;
    let refused = error_of(fixture.redeem(&code, &[("mock_claims", "[1]")]).await).await;
    assert_eq!(refused, error(400, "invalid_request", 9002313));
}

#[tokio::test]
async fn an_end_on_demand_may_be_any_number() {
    let fixture = Fixture::with(|_| ());
    for end in [i64::MIN, i64::MAX] {
        let on_demand = format!(r#"{{"exp":{end}}}"#);
        let form = [DAEMON[0], DAEMON[1], ("mock_claims", on_demand.as_str())];
        let body = json_of(fixture.token_as("orders-daemon", &form).await).await;
        assert_eq!(claims(&body["access_token"])["exp"], end);
    }
}

#[tokio::test]
async fn a_clock_at_the_end_of_time_still_dates_tokens() {
    let fixture = Fixture::with(|_| ());
    for time in [i64::MIN, i64::MAX] {
        fixture.idp.clock().freeze_at(time);
        let body = json_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
        assert!((3599..5400).contains(&body["expires_in"].as_i64().unwrap()), "{body}");
        let far = fixture.idp.token().expires_in(time).try_sign().unwrap();
        assert!(far.claims["exp"].is_i64());
    }
}

#[tokio::test]
async fn an_apis_own_token_lifetime_holds() {
    let fixture = Fixture::with(|directory| app_mut(directory, "orders-api").token_lifetime = Some(600));
    let body = json_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
    assert_eq!(body["expires_in"], 599);
    let token = claims(&body["access_token"]);
    assert_eq!(
        token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap(),
        900,
        "dated back by five minutes"
    );
}

#[tokio::test]
async fn an_api_that_demands_an_assignment_gives_tokens_to_the_assigned_only() {
    let demanding = |assign: bool| {
        Fixture::with(|directory| {
            app_mut(directory, "orders-api").assignment_required = true;
            if assign {
                let roles = vec!["Orders.Read.All".to_owned()];
                user_mut(directory, "alice").assigned_roles.insert("api://orders".into(), roles);
            } else {
                app_mut(directory, "orders-daemon").assigned_roles.clear();
            }
        })
    };
    let fixture = demanding(true);
    assert!(fixture.token_as("orders-daemon", &DAEMON).await.status().is_success());
    let body = json_of(fixture.redeem(&fixture.code(&[]).await, &[]).await).await;
    assert_eq!(claims(&body["access_token"])["roles"], json!(["Orders.Read.All"]));
    let fixture = demanding(false);
    let refused = error_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
    assert_eq!(refused, error(400, "invalid_grant", 501051));
    let query = redirect_query(&fixture.authorize(&[]).await);
    assert!(query["error_description"].starts_with("AADSTS50105:"), "{query:?}");
}

#[tokio::test]
async fn a_multi_tenant_app_is_known_in_every_tenant_and_a_single_tenant_app_in_its_own() {
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-api").sign_in_audience = SignInAudience::MultipleOrgs;
        app_mut(directory, "orders-daemon").sign_in_audience = SignInAudience::MultipleOrgs;
    });
    let (id, secret) = (fixture.app("orders-daemon"), fixture.secret("orders-daemon"));
    let mut form = vec![("client_id", id.as_str()), ("client_secret", secret.as_str())];
    form.extend(DAEMON);
    let path = format!("/{}/oauth2/v2.0/token", crate::support::FABRIKAM);
    let body = json_of(fixture.post(&path, &form).await).await;
    assert_eq!(claims(&body["access_token"])["tid"], crate::support::FABRIKAM);
    let single = Fixture::start();
    assert_eq!(error_of(single.post(&path, &form).await).await, error(400, "unauthorized_client", 700016));
}

#[tokio::test]
async fn disabled_apps_and_expired_secrets_have_their_own_numbers() {
    let fixture = Fixture::with(|directory| app_mut(directory, "orders-daemon").enabled = false);
    let refused = error_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
    assert_eq!(refused, error(400, "unauthorized_client", 7000112));
    let fixture = Fixture::with(|directory| {
        app_mut(directory, "orders-daemon").secret_expires_at = Some(crate::support::NOW);
    });
    let refused = error_of(fixture.token_as("orders-daemon", &DAEMON).await).await;
    assert_eq!(refused, error(401, "invalid_client", 7000222));
}

#[tokio::test]
async fn common_is_for_apps_of_many_tenants() {
    let fixture = Fixture::start();
    let id = fixture.app("orders-spa");
    let form = [("client_id", id.as_str()), ("scope", "openid")];
    let refused = error_of(fixture.post("/common/oauth2/v2.0/devicecode", &form).await).await;
    assert_eq!(refused, error(400, "invalid_request", 50194));
    let many = Fixture::with(|directory| {
        app_mut(directory, "orders-spa").sign_in_audience = SignInAudience::MultipleOrgs;
    });
    assert!(many.post("/common/oauth2/v2.0/devicecode", &form).await.status().is_success());
}

#[tokio::test]
async fn an_app_that_asks_for_itself_names_itself_by_its_id() {
    let fixture = Fixture::with(|directory| {
        let web = app_mut(directory, "orders-web");
        web.identifier_uri = Some("api://web".into());
        web.scopes = vec!["Use".into()];
        web.delegated.insert("api://web".into(), vec!["Use".into()]);
    });
    let refused = redirect_query(&fixture.authorize(&[("scope", "api://web/Use")]).await);
    assert!(refused["error_description"].starts_with("AADSTS90009:"), "{refused:?}");
    let by_id = format!("{}/Use", fixture.app("orders-web"));
    assert!(redirect_query(&fixture.authorize(&[("scope", &by_id)]).await).contains_key("code"));
}

#[tokio::test]
async fn the_resource_parameter_is_let_through_where_it_says_what_the_scopes_say() {
    let fixture = Fixture::start();
    let with = |resource: &'static str| [DAEMON[0], DAEMON[1], ("resource", resource)];
    for same in ["api://orders", "dddddddd-0000-4000-8000-00000000a001"] {
        assert!(fixture.token_as("orders-daemon", &with(same)).await.status().is_success(), "{same}");
    }
    let refused =
        error_of(fixture.token_as("orders-daemon", &with("https://graph.microsoft.com")).await).await;
    assert_eq!(refused, error(400, "invalid_target", 9010010));
}

#[test]
fn a_directory_that_no_file_could_hold_starts_no_mock_and_replaces_none() {
    use std::error::Error as _;

    use entra_mock_idp::{App, Directory, MockIdp, StartError, Tenant, User};
    let mut twice = Directory::builtin();
    twice.apps[1].client_id = twice.apps[0].client_id.clone();
    let mut nobodys = Directory::new(Tenant::new("contoso", "contoso.example"));
    nobodys.users.push(User::new("erin", "fabrikam", "erin@fabrikam.example"));
    let mut nowhere = Directory::builtin();
    nowhere.tenants.clear();
    for (directory, reason) in
        [(twice, "used twice"), (nobodys, "is not a tenant"), (nowhere, "there is no [[tenants]]")]
    {
        let error = MockIdp::builder().directory(directory.clone()).start().unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(matches!(error, StartError::Directory(_)) && error.source().is_some());
        let idp = MockIdp::start_blocking();
        let set = std::panic::AssertUnwindSafe(|| idp.set_directory(directory));
        assert!(std::panic::catch_unwind(set).is_err());
        assert_eq!(*idp.directory(), Directory::builtin());
    }
    let mut built = Directory::new(Tenant::new("contoso", "contoso.example"));
    built.apps.extend([
        App::api("a", "contoso", "api://a"),
        App::public("b", "contoso"),
        App::confidential("c", "contoso"),
        App::daemon("d", "contoso"),
    ]);
    built.users.push(User::new("erin", "contoso", "erin@contoso.example"));
    assert_eq!(built.check(), Ok(()));
    let again = Directory::from_json(&serde_json::to_string(&built).unwrap()).unwrap();
    assert_eq!(again, built, "a file can hold it");
}

#[test]
fn a_mock_that_cannot_start_says_why() {
    use entra_mock_idp::{MockIdp, StartError};
    let running = MockIdp::start_blocking();
    let error = MockIdp::builder().listen(running.address()).start().unwrap_err();
    assert!(matches!(&error, StartError::Listen { address, source }
        if *address == running.address() && source.kind() == std::io::ErrorKind::AddrInUse));
    let error = MockIdp::builder().sign_in("nobody").start().unwrap_err();
    assert!(error.to_string().contains("\"nobody\""), "{error}");
    assert!(matches!(
        MockIdp::builder().control_token("no spaces").start(),
        Err(StartError::ControlToken(_))
    ));
}

#[test]
fn a_mock_prints_its_url_and_no_secret() {
    let idp = entra_mock_idp::MockIdp::start_blocking();
    let printed = format!("{idp:?}");
    assert!(printed.contains(&idp.base_url()) && !printed.contains("for-tests-only"), "{printed}");
    assert!(printed.len() < 100);
}

#[test]
fn apps_and_users_are_found_by_name_and_a_wrong_name_lists_the_right_ones() {
    let idp = entra_mock_idp::MockIdp::start_blocking();
    let directory = idp.directory();
    assert_eq!(idp.app("orders-api").client_id(), directory.app("orders-api").unwrap().client_id);
    assert_eq!(idp.app("orders-daemon").secret(), "orders-daemon-secret-for-tests-only");
    assert_eq!(idp.user("alice").oid(), directory.user("alice@contoso.example").unwrap().oid);
    for (name, wrong) in [
        ("orders-daemon", Box::new(|| drop(idp.app("order-daemon"))) as Box<dyn Fn()>),
        ("alice", Box::new(|| drop(idp.user("alise")))),
        ("no client_secret", Box::new(|| _ = idp.app("orders-spa").secret().len())),
    ] {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(wrong)).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains(name), "{message}");
    }
}
