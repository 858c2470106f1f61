//! An API tested with strategies instead of examples: what Entra could have issued is accepted, and a token with any one change
//! is refused. Copy this for an API of your own, and put it into `api`.

use std::sync::OnceLock;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use entra_mock_idp::MockIdp;
use entra_test_harness::{World, strategies};
use proptest::prelude::*;
use protected_api::{Settings, app};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

struct Fixture {
    idp: MockIdp,
    api: Router,
    runtime: Runtime,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let idp = MockIdp::start_blocking();
        let authority = idp.authority();
        let settings = Settings::from_lookup(|name| (name == "AUTHORITY").then(|| authority.clone()));
        Fixture { idp, api: app(settings.unwrap().server), runtime: Runtime::new().unwrap() }
    })
}

fn answer(token: &str) -> StatusCode {
    let request = Request::get("/restricted").header(header::AUTHORIZATION, format!("Bearer {token}"));
    // A text that no header can hold never reaches the API.
    let Ok(request) = request.body(Body::empty()) else { return StatusCode::BAD_REQUEST };
    fixture().runtime.block_on(fixture().api.clone().oneshot(request)).unwrap().status()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_entra_could_have_issued_is_accepted(claims in strategies::honest_claims(&World::of(&fixture().idp))) {
        let payload = serde_json::to_vec(&claims).unwrap();
        let token = fixture().idp.token().raw_payload(payload).sign();
        prop_assert_eq!(answer(&token), StatusCode::OK);
    }

    #[test]
    fn a_token_with_any_one_change_is_refused(mutation in strategies::mutation()) {
        let world = World::of(&fixture().idp);
        let honest = world.token().sign();
        prop_assert_eq!(answer(&honest), StatusCode::OK);
        let token = mutation.apply(&world, &honest);
        let status = answer(&token);
        prop_assert!(token == honest || status.is_client_error(), "{status}: {token}");
    }

    #[test]
    fn hostile_json_under_an_honest_signature_is_refused_and_never_an_error_of_ours(
        text in strategies::hostile_json(),
    ) {
        let token = fixture().idp.token().raw_payload(text).sign();
        prop_assert_eq!(answer(&token), StatusCode::UNAUTHORIZED);
    }
}
