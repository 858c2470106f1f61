//! Tokens for Microsoft Graph are of a form that only Microsoft Graph can verify.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_mock_idp::SigningKey;
use serde_json::{Value, json};

use crate::support::{Fixture, claims, header, json_of};

async fn token(fixture: &Fixture, scope: &str) -> String {
    let code = fixture.code(&[("scope", scope)]).await;
    let body = json_of(fixture.redeem(&code, &[]).await).await;
    body["access_token"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

fn verifies(input: &str, signature: &str) -> bool {
    let key = SigningKey::published(0);
    key.sign(input.as_bytes()) == URL_SAFE_NO_PAD.decode(signature).unwrap()
}

#[tokio::test]
async fn a_graph_token_is_version_one_and_its_signature_is_invalid_to_everybody_else() {
    let fixture = Fixture::start();
    let token = token(&fixture, "User.Read openid").await;
    let claims = claims(&json!(token));
    assert_eq!(claims["ver"], "1.0");
    assert_eq!(claims["iss"], format!("{}/{}/", fixture.idp.base_url(), fixture.idp.tenant_id()));
    assert_eq!(claims["appid"], fixture.app("orders-web"));

    let (input, signature) = token.rsplit_once('.').unwrap();
    assert!(!verifies(input, signature), "the commonest mistake fails where it fails with Entra");
    // What those who verify one nevertheless have found out.
    let (head, payload) = input.split_once('.').unwrap();
    let head = String::from_utf8(URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    let nonce = header(&json!(token))["nonce"].as_str().unwrap().to_owned();
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, nonce.as_bytes()));
    let head = URL_SAFE_NO_PAD.encode(head.replace(&nonce, &hash));
    assert!(verifies(&format!("{head}.{payload}"), signature));
    assert!(verifies_of(&fixture).await, "an API's own token is an ordinary one");
}

async fn verifies_of(fixture: &Fixture) -> bool {
    let token = token(fixture, "api://orders/Orders.Read").await;
    let (input, signature) = token.rsplit_once('.').unwrap();
    assert!(header(&json!(token)).get("nonce").is_none());
    verifies(input, signature)
}

#[tokio::test]
async fn a_graph_token_is_for_the_name_by_which_graph_was_asked_for() {
    let fixture = Fixture::start();
    let aud = async |scope: &str| claims(&json!(token(&fixture, scope).await))["aud"].clone();
    assert_eq!(aud("User.Read").await, "00000003-0000-0000-c000-000000000000");
    assert_eq!(aud("https://graph.microsoft.com/User.Read").await, "https://graph.microsoft.com");
    assert_eq!(aud("https://graph.microsoft.com//.default").await, "https://graph.microsoft.com/");
}

#[tokio::test]
async fn the_mock_knows_its_own_graph_tokens_and_no_changed_one() {
    let fixture = Fixture::start();
    let token = token(&fixture, "User.Read openid").await;
    let me = async |token: &str| {
        let url = format!("{}/v1.0/me", fixture.idp.base_url());
        fixture.client.get(url).bearer_auth(token).send().await.unwrap().status()
    };
    assert_eq!(me(&token).await, 200);
    let (head, rest) = token.split_once('.').unwrap();
    let head = String::from_utf8(URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    let changed = head.replace("\"nonce\":\"", "\"nonce\":\"x");
    assert_eq!(me(&format!("{}.{rest}", URL_SAFE_NO_PAD.encode(changed))).await, 401);

    let decoded = fixture.client.post(format!("{}/_mock/decode", fixture.idp.base_url()));
    let decoded: Value = json_of(decoded.json(&json!({"token": token})).send().await.unwrap()).await;
    assert_eq!(decoded["signature"]["state"], "valid");
    assert!(decoded["signature"]["words"].as_str().unwrap().contains("Microsoft Graph"), "{decoded}");
}

#[tokio::test]
async fn members_stand_in_entras_order() {
    let fixture = Fixture::start();
    let text = |token: &str, part: usize| {
        let part = token.split('.').nth(part).unwrap().to_owned();
        String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let graph = token(&fixture, "User.Read").await;
    assert!(graph.starts_with("eyJ0eXAiOiJKV1QiLCJub25jZSI6"), "{graph}");
    let api = fixture.idp.token().user("alice").sign();
    assert!(text(&api, 0).starts_with(r#"{"typ":"JWT","alg":"RS256","kid":""#));
    let positions: Vec<_> =
        ["aud", "iss", "iat", "nbf", "exp", "aio", "azp", "oid", "rh", "scp", "tid", "ver"]
            .iter()
            .map(|name| text(&api, 1).find(&format!("\"{name}\":")).unwrap())
            .collect();
    assert!(positions.is_sorted(), "{}", text(&api, 1));
}
