//! `openidconnect`: discovery, PKCE, the ID token verified, and userinfo, whose `sub` it holds against the ID token's.

use entra_mock_idp::MockIdp;
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
    core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims},
};
use url::Url;

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let url = parts.uri.to_string();
    let response = browser().request(parts.method, url).headers(parts.headers).body(body).send().await?;
    let mut builder = http::Response::builder().status(response.status());
    *builder.headers_mut().expect("a status is valid") = response.headers().clone();
    Ok(builder.body(response.bytes().await?.to_vec()).expect("headers of a response are valid"))
}

#[tokio::test]
async fn a_sign_in_with_pkce_ends_at_userinfo() {
    let idp = MockIdp::builder().sign_in("alice").start().unwrap();
    let directory = idp.directory();
    let web = directory.app("orders-web").unwrap();
    let issuer = IssuerUrl::new(idp.issuer()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &send).await.unwrap();
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(web.client_id.clone()),
        web.client_secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(web.redirect_uris[0].uri.clone()).unwrap());

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let back = browser().get(url).send().await.unwrap();
    let back = Url::parse(back.headers()["location"].to_str().unwrap()).unwrap();
    let parameter = |name: &str| back.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert_eq!(parameter("state"), *state.secret());

    let request = client.exchange_code(AuthorizationCode::new(parameter("code"))).unwrap();
    let tokens = request.set_pkce_verifier(verifier).request_async(&send).await.unwrap();
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&client.id_token_verifier(), &nonce).unwrap();
    let subject = claims.subject().clone();
    let request = client.user_info(tokens.access_token().clone(), Some(subject)).unwrap();
    let userinfo: CoreUserInfoClaims = request.request_async(&send).await.unwrap();
    assert_eq!(userinfo.email().unwrap().as_str(), "alice@contoso.example");
}
