//! One API, several authorities.

use axum::{Router, body::Body, extract::FromRef, routing::get};
use entra_validator::{
    Authority, AuthorityError, Cloud, Permissions, ResourceServer, Scoped, TokenOf, Validator, VerifiedToken,
};
use http::{Request, StatusCode};
use tower::ServiceExt as _;

use crate::{
    fixture::world,
    support::{Clock, Provider, at, remote_keys},
};

const US: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const THEM: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// A server of this provider's authority, at the world's time.
fn server(provider: &Provider) -> ResourceServer {
    let keys = remote_keys(provider.authority(), &Clock::new()).build();
    ResourceServer::with_keys(provider.validator(), keys).unwrap().clock(|| at(0))
}

fn bearing(token: &str) -> Request<Body> {
    Request::builder()
        .uri("/")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn each_token_is_judged_by_its_own_authority_and_says_by_which() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let api = server(&ours).also(server(&theirs)).unwrap();
    for provider in [&ours, &theirs] {
        let token = api.validate(&provider.world.token().sign()).await.unwrap();
        assert_eq!(*token.authority(), provider.authority());
        assert_eq!(token.claims().iss, provider.world.issuer());
    }
}

#[tokio::test]
async fn the_tokens_of_one_authority_cost_the_others_no_fetch() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let api = server(&ours).also(server(&theirs)).unwrap();
    for _ in 0..20 {
        api.validate(&theirs.world.token().sign()).await.unwrap();
    }
    assert_eq!((ours.asked().await, theirs.asked().await), ((0, 0), (1, 1)));
}

#[tokio::test]
async fn nothing_is_fetched_for_an_issuer_that_nobody_configured() {
    let (ours, theirs, stranger) =
        (Provider::honest().await, Provider::honest().await, Provider::honest().await);
    let api = server(&ours).also(server(&theirs)).unwrap();
    for kid in [stranger.world.kid(), "a-key-of-theirs"] {
        let refused = api.validate(&stranger.world.token().header("kid", kid).sign()).await.unwrap_err();
        assert_eq!(refused.code(), "auth_token_issuer_untrusted");
        assert!(refused.to_string().contains(&stranger.world.issuer()), "{refused}");
    }
    assert_eq!((ours.asked().await, theirs.asked().await, stranger.asked().await), ((0, 0), (0, 0), (0, 0)));
}

#[tokio::test]
async fn an_hour_of_honest_tokens_of_another_authority_costs_a_single_server_one_fetch() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let clock = Clock::new();
    let keys = remote_keys(ours.authority(), &clock).build();
    let one = ResourceServer::with_keys(ours.validator(), keys).unwrap().clock(|| at(0));
    let token = theirs.world.token().header("kid", "a-key-of-theirs").sign();
    for minute in 0..60 {
        clock.set(minute * 60);
        // The first finds no keys: only with them can it be said what is wrong.
        assert_eq!(one.validate(&token).await.unwrap_err().code(), "auth_token_key_unknown");
    }
    assert_eq!(ours.asked().await, (1, 1));
    // One in our name is worth a fetch, as before.
    let renamed = ours.world.token().header("kid", "a-new-key").sign();
    one.validate(&renamed).await.unwrap_err();
    assert_eq!(ours.asked().await, (1, 2));
}

#[tokio::test]
async fn an_authority_whose_issuer_its_metadata_names_fetches_a_new_key() {
    let ours = Provider::honest().await;
    let url = format!("{}{}", ours.server.uri(), ours.discovery_path());
    let authority = Authority::from_discovery_url(&url).unwrap();
    let keys = remote_keys(authority.clone(), &Clock::new()).build();
    let validator = Validator::new(authority, ours.world.audience());
    let one = ResourceServer::with_keys(validator, keys).unwrap().clock(|| at(0));
    one.validate(&ours.world.token().sign()).await.unwrap();
    one.validate(&ours.world.token().header("kid", "a-new-key").sign()).await.unwrap_err();
    assert_eq!(ours.asked().await, (1, 2));
}

#[tokio::test]
async fn a_token_that_names_one_authority_is_not_accepted_with_the_keys_of_another() {
    let (ours, theirs) = (Provider::honest().await, Provider::silent().await);
    theirs.serve_discovery(crate::support::json_answer(&theirs.discovery())).await;
    theirs.serve_keys(crate::support::json_answer(&serde_json::json!({"keys": []}))).await;
    let api = server(&ours).also(server(&theirs)).unwrap();
    // Signed with a key that ours would trust, in the name of theirs, which publishes no key.
    let refused = api.validate(&theirs.world.token().sign()).await.unwrap_err();
    assert_eq!(refused.status(), 503);
    assert_eq!(ours.asked().await, (0, 0));
}

#[tokio::test]
async fn what_is_no_token_is_refused_as_by_one_server() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let api = server(&ours).also(server(&theirs)).unwrap();
    let unsigned = theirs.world.token().header("alg", "none").sign();
    let (junk, huge) = ("junk".to_owned(), format!("a.{}.b", "a".repeat(20_000)));
    for (token, code) in [
        (junk, "auth_token_invalid"),
        (huge, "auth_token_invalid"),
        (unsigned, "auth_token_algorithm_not_allowed"),
        (ours.world.token().claim("aud", "another").sign(), "auth_token_audience_invalid"),
    ] {
        assert_eq!(api.validate(&token).await.unwrap_err().code(), code);
    }
}

#[derive(Clone)]
struct Ours(ResourceServer);

impl AsRef<ResourceServer> for Ours {
    fn as_ref(&self) -> &ResourceServer {
        &self.0
    }
}

#[derive(Clone, FromRef)]
struct Api {
    either: ResourceServer,
    ours: Ours,
}

struct OrdersRead;

impl Permissions for OrdersRead {
    const SCOPES: &'static [&'static str] = &["Orders.Read"];
}

async fn get_from(app: &Router, path: &str, token: &str) -> StatusCode {
    let mut request = bearing(token);
    *request.uri_mut() = path.parse().unwrap();
    app.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn a_handler_takes_the_tokens_of_either_authority_or_of_one() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let one = server(&ours);
    let either = one.clone().also(server(&theirs)).unwrap();
    let app = Router::new()
        .route("/either", get(async |_: VerifiedToken| {}))
        .route("/ours", get(async |token: TokenOf<Ours>| token.into_inner().claims().iss.clone()))
        .route("/scoped", get(async |_: Scoped<OrdersRead, Ours>| {}))
        .with_state(Api { either: either.clone(), ours: Ours(one) });
    // Whether a layer has accepted the token before makes no difference.
    for app in [app.clone(), app.layer(either.layer())] {
        let (our, their) = (ours.world.token().sign(), theirs.world.token().sign());
        for (path, token, status) in [
            ("/either", &our, 200),
            ("/either", &their, 200),
            ("/ours", &our, 200),
            ("/ours", &their, 401),
            ("/scoped", &our, 200),
            ("/scoped", &their, 401),
        ] {
            assert_eq!(get_from(&app, path, token).await, status, "{path}");
        }
        let unscoped = ours.world.token().claim("scp", "Other").sign();
        assert_eq!(get_from(&app, "/scoped", &unscoped).await, 403);
    }
}

#[tokio::test]
async fn a_token_that_a_layer_of_both_accepted_is_not_validated_again_by_one() {
    let (ours, theirs) = (Provider::honest().await, Provider::honest().await);
    let one = server(&ours);
    let either = one.clone().also(server(&theirs)).unwrap();
    let app = Router::new()
        .route("/ours", get(async |_: TokenOf<Ours>| {}))
        .with_state(Api { either: either.clone(), ours: Ours(one) });
    let token = either.validate(&ours.world.token().sign()).await.unwrap();
    let mut request = Request::get("/ours").body(Body::empty()).unwrap();
    request.extensions_mut().insert(token);
    // No token in the headers: what is in the extensions must do.
    assert_eq!(app.oneshot(request).await.unwrap().status(), 200);
}

fn also(one: Authority, other: Authority) -> Result<ResourceServer, AuthorityError> {
    let server = |authority| ResourceServer::new(Validator::new(authority, "api"));
    server(one).also(server(other))
}

#[tokio::test]
async fn authorities_that_share_an_issuer_are_refused_and_others_are_not() {
    let ours = || Authority::tenant(US).unwrap();
    let flow = |name: &str| Authority::b2c("contoso", US, name).unwrap();
    let partner = || Authority::from_discovery_url("https://id.example/oidc").unwrap();
    let named = || partner().issuer("https://id.example").unwrap();
    for (one, other) in [
        (ours(), ours()),
        (ours(), Cloud::Public.any_organization()),
        (Cloud::Public.any_account(), ours()),
        (Cloud::Public.any_account(), Cloud::Public.any_organization()),
        (Cloud::Public.tenants([THEM, US]).unwrap(), ours()),
        (flow("B2C_1_a"), flow("b2c_1_A")),
        (named(), named()),
    ] {
        let error = also(one, other).unwrap_err().to_string();
        assert!(error.contains("two servers accept the issuer https://"), "{error}");
    }
    for (one, other) in [
        (ours(), Authority::tenant(THEM).unwrap()),
        (ours(), Cloud::China.any_organization()),
        (Cloud::Public.tenants([THEM]).unwrap(), ours()),
        (ours(), Authority::external_id("contoso", THEM).unwrap()),
        (ours(), flow("B2C_1_a")),
        (flow("B2C_1_a"), flow("B2C_1_b")),
        (ours(), named()),
    ] {
        also(one, other).unwrap();
    }
    let error = also(ours(), partner()).unwrap_err().to_string();
    assert!(error.contains("Authority::issuer"), "{error}");
    // The third of three, too.
    let two = also(ours(), flow("B2C_1_a")).unwrap();
    assert!(two.clone().also(ResourceServer::new(Validator::new(ours(), "api"))).is_err());
    assert!(also(named(), Authority::tenant(THEM).unwrap()).unwrap().also(two).is_ok());
}

#[test]
fn only_an_authority_without_a_known_issuer_is_given_one() {
    assert!(Authority::tenant(US).unwrap().issuer("https://id.example").is_err());
    let discovered = || Authority::from_discovery_url("https://id.example/oidc").unwrap();
    assert!(discovered().issuer("http://id.example").is_err(), "http");
    let document = |issuer: &str| format!(r#"{{"issuer":"{issuer}","jwks_uri":"https://id.example/keys"}}"#);
    let parse = |issuer: &str, authority: &Authority| {
        entra_validator::ProviderMetadata::parse(document(issuer).as_bytes(), authority).is_ok()
    };
    let named = discovered().issuer("https://id.example").unwrap();
    assert!(parse("https://id.example", &named) && !parse("https://other.example", &named));
    assert!(parse("https://other.example", &discovered()));
}

#[tokio::test]
async fn two_policies_of_one_b2c_tenant_are_told_apart() {
    let world = world();
    let keys = || std::sync::Arc::new(crate::authorities::keys_naming(&world, None));
    let flow = |policy: &str| {
        let authority = Authority::b2c("contoso", world.tenant_id(), policy).unwrap();
        let validator = Validator::new(authority, world.audience());
        ResourceServer::with_keys(validator, keys()).unwrap().clock(|| at(0))
    };
    let api = flow("B2C_1_sign_in").also(flow("B2C_1_edit")).unwrap();
    let iss = format!("https://contoso.b2clogin.com/{}/v2.0/", world.tenant_id());
    let token = world.token().claim("ver", "1.0").claim("iss", iss).without("tid");
    for claim in ["tfp", "acr"] {
        for policy in ["B2C_1_sign_in", "b2c_1_edit"] {
            let accepted = api.validate(&token.clone().claim(claim, policy).sign()).await.unwrap();
            assert!(accepted.authority().discovery_url().to_lowercase().contains(&policy.to_lowercase()));
        }
        let refused = api.validate(&token.clone().claim(claim, "B2C_1_other").sign()).await.unwrap_err();
        assert_eq!(refused.code(), "auth_token_issuer_untrusted");
    }
}
