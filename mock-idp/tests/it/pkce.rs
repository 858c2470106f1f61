//! Proof Key for Code Exchange: what a challenge and a verifier may be.

use crate::support::{CHALLENGE, Fixture, VERIFIER, error, error_of, redirect_query};

#[tokio::test]
async fn a_challenge_has_the_length_and_the_characters_of_the_standard() {
    let fixture = Fixture::start();
    let (long, longest) = ("a".repeat(129), "a".repeat(128));
    let padded = format!("{CHALLENGE}=");
    for (challenge, method, good) in [
        ("x", "S256", false),
        ("x", "plain", false),
        (&CHALLENGE[1..], "S256", false),
        (padded.as_str(), "S256", false),
        (longest.as_str(), "S256", false),
        (&"+".repeat(43), "S256", false),
        (&"+".repeat(43), "plain", false),
        (long.as_str(), "plain", false),
        (longest.as_str(), "plain", true),
        (&"-._~".repeat(11), "plain", true),
        (CHALLENGE, "S256", true),
    ] {
        let changes = [("code_challenge", challenge), ("code_challenge_method", method)];
        let query = redirect_query(&fixture.authorize(&changes).await);
        assert_eq!(query.contains_key("code"), good, "{challenge} {method}");
        if !good {
            assert_eq!(query["error"], "invalid_request");
            assert!(query["error_description"].starts_with("AADSTS501491:"), "{query:?}");
        }
    }
}

#[tokio::test]
async fn a_method_exists_and_has_a_challenge() {
    let fixture = Fixture::start();
    for changes in [[("code_challenge_method", "S512")], [("code_challenge", "")]] {
        let query = redirect_query(&fixture.authorize(&changes).await);
        assert!(query["error_description"].starts_with("AADSTS50149:"), "{query:?}");
    }
}

#[tokio::test]
async fn a_verifier_that_nobody_announced_is_refused_and_so_is_one_that_is_malformed() {
    let fixture = Fixture::start();
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = fixture.code(&without).await;
    let refused = error(400, "invalid_grant", 501481);
    assert_eq!(error_of(fixture.redeem(&code, &[]).await).await, refused);
    assert_eq!(fixture.redeem(&code, &[("code_verifier", "")]).await.status(), 200);

    let code = fixture.code(&[]).await;
    for verifier in ["short", &"a".repeat(129), &VERIFIER.replace('-', "+")] {
        assert_eq!(error_of(fixture.redeem(&code, &[("code_verifier", verifier)]).await).await, refused);
    }
    assert_eq!(fixture.redeem(&code, &[]).await.status(), 200);
}
