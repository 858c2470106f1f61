//! What holds for every input.

use std::sync::OnceLock;

use crate::support::{NOW, at};
use entra_test_harness::Scene;
use entra_validator::{Authority, KeySet, Leeway, Validator};
use proptest::prelude::*;

struct Fixture {
    scene: Scene,
    validator: Validator,
    keys: KeySet,
    token: String,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let scene = Scene::fixed(NOW, "https://login.example");
        let authority = Authority::from_url(scene.issuer().strip_suffix("/v2.0").unwrap()).unwrap();
        Fixture {
            validator: Validator::new(authority, scene.audience()).leeway(Leeway::ZERO),
            keys: KeySet::from_jwks(scene.key_set().to_string().as_bytes()).unwrap(),
            token: scene.token().sign(),
            scene,
        }
    })
}

fn accepted(token: &str) -> bool {
    let fixture = fixture();
    fixture.validator.validate(token, &fixture.keys, at(0)).is_ok()
}

/// Characters of a token, so that a change gets past the first step more often.
fn token_char() -> impl Strategy<Value = char> {
    prop_oneof![9 => proptest::char::ranges(vec!['a'..='z', 'A'..='Z', '0'..='9', '-'..='-', '_'..='_', '.'..='.'].into()), 1 => any::<char>()]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        accepted(&text);
    }

    #[test]
    fn no_three_parts_make_it_panic(header in any::<Vec<u8>>(), payload in any::<Vec<u8>>(), signature in any::<Vec<u8>>()) {
        let token = fixture().scene.token().raw_header(header).raw_payload(payload).raw_signature(signature).sign();
        prop_assert!(!accepted(&token));
    }

    #[test]
    fn no_payload_under_an_honest_signature_makes_it_panic(payload in any::<Vec<u8>>()) {
        accepted(&fixture().scene.token().raw_payload(payload).sign());
    }

    #[test]
    fn no_key_set_makes_it_panic(document in any::<Vec<u8>>()) {
        _ = KeySet::from_jwks(&document);
    }

    #[test]
    fn a_valid_token_with_one_character_replaced_is_refused(place in any::<prop::sample::Index>(), new in token_char()) {
        let mut characters: Vec<char> = fixture().token.chars().collect();
        let place = place.index(characters.len());
        prop_assume!(characters[place] != new);
        characters[place] = new;
        prop_assert!(!accepted(&characters.into_iter().collect::<String>()));
    }

    #[test]
    fn a_valid_token_with_one_character_more_or_less_is_refused(place in any::<prop::sample::Index>(), new in token_char()) {
        let place = place.index(fixture().token.len());
        let (mut longer, mut shorter) = (fixture().token.clone(), fixture().token.clone());
        longer.insert(place, new);
        shorter.remove(place);
        prop_assert!(!accepted(&longer));
        prop_assert!(!accepted(&shorter));
    }

    #[test]
    fn a_token_is_good_from_nbf_until_exp_and_at_no_other_time(
        from in -100_000_i64..100_000,
        lasting in 1_i64..100_000,
        when in -200_000_i64..300_000,
    ) {
        let (nbf, exp) = (NOW + from, NOW + from + lasting);
        let token = fixture().scene.token().claim("nbf", nbf).claim("iat", nbf).claim("exp", exp).sign();
        let good = fixture().validator.validate(&token, &fixture().keys, at(when)).is_ok();
        prop_assert_eq!(good, (nbf..exp).contains(&(NOW + when)));
    }

    #[test]
    fn scopes_held_decide_as_the_algebra_says(
        held in proptest::collection::vec("[A-C]", 0..4),
        asked in proptest::collection::vec(proptest::collection::vec("[A-D]", 1..3), 1..4),
    ) {
        let token = fixture().scene.token().scopes(held.clone()).roles(["R"]).sign();
        let token = fixture().validator.validate(&token, &fixture().keys, at(0)).unwrap();
        let alternatives: Vec<String> = asked.iter().map(|all| all.join(" ")).collect();
        let expected = asked.iter().any(|all| all.iter().all(|scope| held.contains(scope)));
        prop_assert_eq!(token.require_scopes(&alternatives).is_ok(), expected);
        prop_assert!(token.require_roles(&alternatives).is_err());
    }
}
