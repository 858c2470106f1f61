//! Clients that sign an assertion with a certificate's key.

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use entra_mock_idp::Directory;
use serde_json::{Value, json};

use crate::support::{Fixture, app_mut, claims, error, error_of, json_of};

/// When the certificate is valid: in January 2027.
pub(crate) const NOW: i64 = 1_800_000_000;

/// The first published key as a client's: its certificate is registered for the daemon.
const PRIVATE: &[u8] = include_bytes!("../../keys/test-only-3.pkcs8.der");
const CERTIFICATE: &[u8] = include_bytes!("../../keys/test-only-3.cert.der");

fn pem() -> String {
    let lines: Vec<String> = STANDARD
        .encode(CERTIFICATE)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into())
        .collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn register(directory: &mut Directory) {
    let daemon = app_mut(directory, "orders-daemon");
    daemon.client_secret = None;
    daemon.certificates = vec![pem()];
}

pub(crate) fn fixture(change: impl FnOnce(&mut Directory)) -> Fixture {
    let fixture = Fixture::with(change);
    fixture.idp.clock().freeze_at(NOW);
    fixture
}

struct Assertion {
    header: Value,
    claims: Value,
    padded: bool,
}

impl Assertion {
    /// As MSAL sends it today.
    fn of(fixture: &Fixture) -> Self {
        let id = fixture.app("orders-daemon");
        Self {
            header: json!({"typ": "JWT", "alg": "PS256", "x5t#S256": URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, CERTIFICATE))}),
            claims: json!({"aud": fixture.token_url(), "iss": id, "sub": id, "jti": "1", "nbf": NOW, "exp": NOW + 600}),
            padded: false,
        }
    }

    fn sign(&self) -> String {
        let encode =
            |bytes: &[u8]| if self.padded { URL_SAFE.encode(bytes) } else { URL_SAFE_NO_PAD.encode(bytes) };
        let input = format!(
            "{}.{}",
            encode(self.header.to_string().as_bytes()),
            encode(self.claims.to_string().as_bytes())
        );
        let key = RsaKeyPair::from_pkcs8(PRIVATE).unwrap();
        let mut signature = vec![0; key.public_modulus_len()];
        let (rng, input_bytes) = (SystemRandom::new(), input.as_bytes());
        if self.header["alg"] == "PS256" {
            key.sign(&RSA_PSS_SHA256, &rng, input_bytes, &mut signature).unwrap();
        } else {
            key.sign(&RSA_PKCS1_SHA256, &rng, input_bytes, &mut signature).unwrap();
        }
        format!("{input}.{}", encode(&signature))
    }
}

pub(crate) async fn present(fixture: &Fixture, assertion: &str) -> reqwest::Response {
    let id = fixture.app("orders-daemon");
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "api://orders/.default"),
        ("client_id", id.as_str()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    fixture.token(&form, None).await
}

#[tokio::test]
async fn an_assertion_by_the_certificates_key_replaces_a_secret() {
    let fixture = fixture(register);
    let body = json_of(present(&fixture, &Assertion::of(&fixture).sign()).await).await;
    let token = claims(&body["access_token"]);
    assert_eq!(token["azpacr"], "2");
    assert_eq!(token["roles"], json!(["Orders.Read.All"]));
}

#[tokio::test]
async fn what_microsofts_clients_send_is_accepted() {
    let fixture = fixture(register);
    let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, CERTIFICATE);
    let sha256 = digest::digest(&digest::SHA256, CERTIFICATE);
    let good = || Assertion::of(&fixture);
    let mut rs256 = good();
    rs256.header = json!({"alg": "RS256", "x5t": URL_SAFE_NO_PAD.encode(sha1)});
    let mut standard_base64 = good();
    standard_base64.header["x5t#S256"] = STANDARD.encode(sha256).into();
    let mut with_chain = good();
    with_chain.header["x5c"] = json!([STANDARD.encode(CERTIFICATE) + "\n"]);
    let mut floats = good();
    floats.claims["iat"] = serde_json::from_str(&format!("{NOW}.25")).unwrap();
    floats.claims["exp"] = serde_json::from_str(&format!("{}.25", NOW + 600)).unwrap();
    floats.claims.as_object_mut().unwrap().remove("nbf");
    let mut digits = good();
    (digits.claims["nbf"], digits.claims["exp"]) = (NOW.to_string().into(), (NOW + 600).to_string().into());
    let mut by_key_id = good();
    by_key_id.header = json!({"alg": "RS256", "typ": "JWT", "kid": URL_SAFE_NO_PAD.encode(sha1)});
    let mut for_ever = good();
    (for_ever.claims["nbf"], for_ever.claims["exp"]) = (json!(-1e300), json!(1e300));
    let mut padded = good();
    padded.padded = true;
    let mut v1_endpoint = good();
    v1_endpoint.claims["aud"] = format!("{}/oauth2/token", fixture.idp.authority()).into();
    let mut by_domain = good();
    by_domain.claims["aud"] = format!("{}/contoso.example/oauth2/v2.0/token", fixture.idp.base_url()).into();
    for (name, assertion) in [
        ("RS256 with x5t", rs256),
        ("a thumbprint in standard base64", standard_base64),
        ("line breaks in x5c", with_chain),
        ("times with fractions and no nbf", floats),
        ("times as digits in a string, as MSAL.NET sends them", digits),
        ("the thumbprint in kid alone, as Terraform sends it", by_key_id),
        ("times beyond all integers", for_ever),
        ("padded parts", padded),
        ("the v1.0 endpoint as audience", v1_endpoint),
        ("the tenant's domain in the audience", by_domain),
    ] {
        let response = present(&fixture, &assertion.sign()).await;
        assert_eq!(response.status(), 200, "{name}: {}", response.text().await.unwrap());
    }
}

#[tokio::test]
async fn every_defect_of_an_assertion_has_its_own_number() {
    let fixture = fixture(register);
    let good = || Assertion::of(&fixture);
    let mut unknown_certificate = good();
    unknown_certificate.header["x5t#S256"] = "AAAA".into();
    let mut unnamed = good();
    unnamed.header.as_object_mut().unwrap().remove("x5t#S256");
    let mut other_key = good();
    other_key.header = json!({"alg": "PS256", "kid": "AAAA"});
    let mut other_algorithm = good();
    other_algorithm.header["alg"] = "RS512".into();
    let mut other_subject = good();
    other_subject.claims["sub"] = fixture.app("orders-web").into();
    let mut other_audience = good();
    other_audience.claims["aud"] = "https://login.microsoftonline.com/common/oauth2/v2.0/token".into();
    let mut expired = good();
    expired.claims["exp"] = (NOW - 301).into();
    let mut early = good();
    early.claims["nbf"] = (NOW + 301).into();
    let mut endless = good();
    endless.claims.as_object_mut().unwrap().remove("exp");
    let mut stranger = good();
    stranger.claims["iss"] = "https://issuer.example".into();
    for (name, assertion, number) in [
        ("unknown certificate", unknown_certificate.sign(), 700027),
        ("no thumbprint", unnamed.sign(), 5002723),
        ("another key id", other_key.sign(), 700027),
        ("another algorithm", other_algorithm.sign(), 700027),
        ("a signature over other claims", splice(&good().sign(), &expired.sign()), 700027),
        ("another subject", other_subject.sign(), 700021),
        ("another audience", other_audience.sign(), 700023),
        ("expired", expired.sign(), 700024),
        ("not yet valid", early.sign(), 700024),
        ("without an end", endless.sign(), 700024),
        ("an issuer that nobody trusts", stranger.sign(), 700211),
        ("no token", "junk".to_owned(), 50027),
    ] {
        let refused = error_of(present(&fixture, &assertion).await).await;
        assert_eq!(refused, error(401, "invalid_client", number), "{name}");
    }
}

/// The signature of one under the claims of another.
fn splice(signed: &str, claims: &str) -> String {
    let (input, _) = claims.rsplit_once('.').unwrap();
    let (_, signature) = signed.rsplit_once('.').unwrap();
    format!("{input}.{signature}")
}

#[tokio::test]
async fn a_certificate_is_good_for_its_time_by_the_mocks_clock() {
    let fixture = fixture(register);
    // The published certificate is valid from 23 November 2026 to 20 November 2036.
    let (begin, end) = (1_795_469_257, 2_110_829_257);
    for (now, expected) in [(begin - 1, 1000502), (begin, 200), (end, 200), (end + 1, 1000502)] {
        fixture.idp.clock().freeze_at(now);
        let mut assertion = Assertion::of(&fixture);
        (assertion.claims["nbf"], assertion.claims["exp"]) = (json!(now), json!(now + 600));
        let response = present(&fixture, &assertion.sign()).await;
        if expected == 200 {
            assert_eq!(response.status(), 200, "{now}");
        } else {
            assert_eq!(error_of(response).await, error(401, "invalid_client", expected), "{now}");
        }
    }
}

#[tokio::test]
async fn every_thumbprint_of_the_header_must_be_the_certificates() {
    let fixture = fixture(register);
    let sha1 = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, CERTIFICATE));
    for (x5t, wrong) in [(json!(sha1), false), (json!("AAAA"), true), (json!(7), true)] {
        let mut assertion = Assertion::of(&fixture);
        assertion.header["x5t"] = x5t;
        let both = present(&fixture, &assertion.sign()).await;
        assertion.header["x5t"] = json!(sha1);
        if wrong {
            assert_eq!(error_of(both).await, error(401, "invalid_client", 700027));
            assertion.header["x5t#S256"] = json!("AAAA");
            let other = error_of(present(&fixture, &assertion.sign()).await).await;
            assert_eq!(other, error(401, "invalid_client", 700027));
        } else {
            assert_eq!(both.status(), 200);
        }
    }
}

#[tokio::test]
async fn an_app_that_has_a_certificate_alone_has_no_secret() {
    let fixture = fixture(register);
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "api://orders/.default"),
        ("client_secret", "guess"),
    ];
    let refused = error_of(fixture.token_as("orders-daemon", &form).await).await;
    assert_eq!(refused, error(401, "invalid_client", 7000215));
}
