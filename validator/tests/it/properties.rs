//! What holds for every input.

use std::sync::OnceLock;

use entra_test_harness::{World, strategies};
use entra_validator::{KeySet, Leeway, Validator};
use proptest::prelude::*;

use crate::{
    fixture,
    support::{NOW, at},
};

struct Fixture {
    world: World,
    validator: Validator,
    keys: KeySet,
    token: String,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let world = fixture::world();
        Fixture {
            validator: fixture::validator(&world).leeway(Leeway::ZERO),
            keys: fixture::keys(&world),
            token: world.token().sign(),
            world,
        }
    })
}

fn accepted(token: &str) -> bool {
    let fixture = fixture();
    fixture.validator.validate(token, &fixture.keys, at(0)).is_ok()
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        accepted(&text);
    }

    #[test]
    fn no_three_parts_make_it_panic(header in any::<Vec<u8>>(), payload in any::<Vec<u8>>(), signature in any::<Vec<u8>>()) {
        let token = fixture().world.token().raw_header(header).raw_payload(payload).raw_signature(signature).sign();
        prop_assert!(!accepted(&token));
    }

    #[test]
    fn no_payload_under_an_honest_signature_makes_it_panic(payload in any::<Vec<u8>>()) {
        accepted(&fixture().world.token().raw_payload(payload).sign());
    }

    #[test]
    fn no_key_set_makes_it_panic(document in any::<Vec<u8>>()) {
        _ = KeySet::from_jwks(&document);
    }

    #[test]
    fn a_valid_token_with_any_one_change_is_refused(mutation in strategies::mutation()) {
        let (world, honest) = (&fixture().world, &fixture().token);
        let token = mutation.apply(world, honest);
        prop_assert!(token == *honest || !accepted(&token), "{token}");
    }

    #[test]
    fn whatever_entra_could_have_issued_is_let_in(claims in strategies::honest_claims(&fixture().world)) {
        let payload = serde_json::to_vec(&claims).unwrap();
        let token = fixture().world.token().raw_payload(payload).sign();
        let judged = fixture().validator.validate(&token, &fixture().keys, at(0));
        prop_assert!(judged.is_ok(), "{judged:?}");
    }

    #[test]
    fn no_header_makes_it_panic_and_none_but_a_plain_one_is_let_in(header in strategies::header()) {
        let token = fixture().world.token().raw_header(serde_json::to_vec(&header).unwrap()).sign();
        if accepted(&token) {
            prop_assert_eq!(&header["alg"], "RS256");
            prop_assert_eq!(&header["kid"], fixture().world.kid());
            prop_assert!(["cty", "crit", "b64", "zip", "enc"].iter().all(|name| !header.contains_key(*name)));
        }
    }

    #[test]
    fn no_hostile_json_is_let_in_as_header_or_payload(text in strategies::hostile_json()) {
        let world = &fixture().world;
        prop_assert!(!accepted(&world.token().raw_payload(text.clone()).sign()));
        prop_assert!(!accepted(&world.token().raw_header(text).sign()));
    }

    #[test]
    fn a_key_set_lets_no_token_in_but_those_of_its_own_sound_keys(set in strategies::key_set(&fixture().world)) {
        let Ok(keys) = KeySet::from_jwks(set.to_string().as_bytes()) else { return Ok(()) };
        let world = &fixture().world;
        let judged = |token: String| fixture().validator.validate(&token, &keys, at(0)).is_ok();
        let honest = world.key_set()["keys"][0].clone();
        if judged(fixture().token.clone()) {
            let published = set["keys"].as_array().unwrap();
            prop_assert!(published.iter().any(|jwk| jwk["kid"] == honest["kid"] && jwk["n"] == honest["n"]));
        }
        // Nobody publishes the attacker's key, whatever else is bent.
        prop_assert!(!judged(world.token().signed_by(world.attacker_key()).sign()));
        prop_assert!(!judged(world.token().signed_by(world.attacker_key()).header("kid", world.kid()).sign()));
    }

    #[test]
    fn a_token_is_good_from_nbf_until_exp_and_at_no_other_time(
        from in -100_000_i64..100_000,
        lasting in 1_i64..100_000,
        when in -200_000_i64..300_000,
    ) {
        let (nbf, exp) = (NOW + from, NOW + from + lasting);
        let token = fixture().world.token().claim("nbf", nbf).claim("iat", nbf).claim("exp", exp).sign();
        let good = fixture().validator.validate(&token, &fixture().keys, at(when)).is_ok();
        prop_assert_eq!(good, (nbf..exp).contains(&(NOW + when)));
    }

    #[test]
    fn scopes_held_decide_as_the_algebra_says(
        held in proptest::collection::vec("[A-C]", 0..4),
        asked in proptest::collection::vec(proptest::collection::vec("[A-D]", 1..3), 1..4),
    ) {
        let token = fixture().world.token().scopes(held.clone()).roles(["R"]).sign();
        let token = fixture().validator.validate(&token, &fixture().keys, at(0)).unwrap();
        let alternatives: Vec<String> = asked.iter().map(|all| all.join(" ")).collect();
        let expected = asked.iter().any(|all| all.iter().all(|scope| held.contains(scope)));
        prop_assert_eq!(token.require_scopes(&alternatives).is_ok(), expected);
        prop_assert!(token.require_roles(&alternatives).is_err());
    }
}
