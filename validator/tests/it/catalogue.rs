//! Every case of the catalogue, against the validator.

use std::time::{Duration, UNIX_EPOCH};

use entra_test_harness::{Attacker, Attempt, Case, Expect, Provider, Setting, Severity, World, catalogue};
use entra_validator::{
    AuthError, Authority, KeySet, RemoteKeySet, ResourceServer, Validator, VerifiedToken, bearer_token,
};
use http::{HeaderMap, HeaderValue};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

const NOW: i64 = 1_767_225_600;

/// Where both verdicts are right, this validator accepts these and refuses all others.
const ACCEPTED_BY_CHOICE: [&str; 14] = [
    "audience::ours-and-another",
    "authorization::header-and-query",
    "control::clock-skew",
    "control::embedded-key-of-the-signer",
    "control::far-future",
    "control::header-without-typ",
    "control::issued-long-ago",
    "control::nonce-in-the-header",
    "control::thirty-deep",
    "control::two-spaces",
    "kid::embedded-malformed",
    "key::with-private-parts",
    "permission::app-roles-of-a-user",
    "typ::lower-case",
];

/// Accepted, or refused with a code.
type Outcome = Result<(), String>;

#[tokio::test]
async fn every_case_of_the_catalogue_ends_as_expected() {
    let mut wrong = Vec::new();
    for case in catalogue() {
        let outcome = judged(case).await;
        let right = match (case.expect, &outcome) {
            (Expect::Accept, Ok(())) => true,
            (Expect::Either { .. }, _) if ACCEPTED_BY_CHOICE.contains(&case.id) => outcome.is_ok(),
            (Expect::Refuse(code) | Expect::Either { code, .. }, Err(actual)) => actual == code,
            (Expect::Refuse(_) | Expect::Either { .. }, Ok(())) | (Expect::Accept, Err(_)) => false,
        };
        if !right {
            wrong.push(format!("{}: expected {:?}, but {outcome:?}", case.id, case.expect));
        }
    }
    assert!(wrong.is_empty(), "{} cases failed:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is right in a v2.0 token is right in a v1.0 one, and what is wrong is wrong.
#[test]
fn the_catalogue_also_holds_for_an_api_of_v1_tokens() {
    let world = World::fixed(NOW, "https://login.example").version_one();
    let authority = Authority::from_url(&world.authority()).unwrap();
    let validator = Validator::v1(authority, world.audience()).unwrap();
    let mut wrong = Vec::new();
    for case in catalogue().filter(|case| case.setting == Setting::Plain) {
        let attempt = case.forge(&world);
        if attempt.provider != Provider::Honest {
            continue;
        }
        let accepted = judge(&validator, &world, &attempt).is_ok();
        let right = match case.expect {
            Expect::Accept => accepted,
            Expect::Refuse(_) => !accepted,
            Expect::Either { .. } => true,
        };
        if !right {
            wrong.push(case.id);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_manual_names_every_case_that_matters_and_none_that_is_not_there() {
    let manual = include_str!("../../src/manual.md");
    let named: Vec<&str> =
        manual.split('`').filter(|word| word.contains("::") && !word.contains(' ')).collect();
    let named: Vec<&str> = named.into_iter().filter(|word| !word.contains("Rejection")).collect();
    let stands_for = |pattern: &str, id: &str| match pattern.strip_suffix('*') {
        Some(beginning) => id.starts_with(beginning),
        None => id == pattern,
    };
    for pattern in &named {
        assert!(
            catalogue().any(|case| stands_for(pattern, case.id)),
            "validator/src/manual.md names {pattern}, which is not in the catalogue"
        );
    }
    for case in catalogue() {
        let anyones = matches!(case.mounted_by, Attacker::Anyone | Attacker::TokenHolder);
        let matters = anyones && case.severity >= Severity::High && case.expect != Expect::Accept;
        assert!(
            !matters || named.iter().any(|pattern| stands_for(pattern, case.id)),
            "validator/src/manual.md does not name {}: add it where its step is explained",
            case.id
        );
    }
}

async fn judged(case: &Case) -> Outcome {
    let server = MockServer::start().await;
    let world = World::fixed(NOW, &server.uri());
    let attempt = case.forge(&world);
    let outcome = match attempt.provider {
        Provider::Honest => judged_in_process(case, &world, &attempt),
        _ => judged_over_http(case, &world, &attempt, &server).await,
    };
    // Dropping many mock servers in one task without a pause can hang it for ever.
    tokio::task::yield_now().await;
    outcome.map_err(|refusal| refusal.code().to_string())
}

/// Pure: the keys are an argument.
fn judged_in_process(case: &Case, world: &World, attempt: &Attempt) -> Result<(), AuthError> {
    let token = judge(&validator(case, world), world, attempt)?;
    match case.setting {
        Setting::RequiredScope => token.require_scopes([world.scope()])?,
        Setting::RequiredRole => token.require_roles([world.role()])?,
        _ => {}
    }
    Ok(())
}

fn judge(validator: &Validator, world: &World, attempt: &Attempt) -> Result<VerifiedToken, AuthError> {
    let headers = headers(attempt);
    let token = bearer_token(&headers)?;
    let document = attempt.key_set.clone().unwrap_or_else(|| world.key_set()).to_string();
    let keys = KeySet::from_jwks(document.as_bytes())?.with_cloud_instance_name("microsoftonline.com");
    let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    Ok(validator.validate(token, &keys, now)?)
}

/// The keys are fetched from an identity provider that misbehaves.
async fn judged_over_http(
    case: &Case,
    world: &World,
    attempt: &Attempt,
    server: &MockServer,
) -> Result<(), AuthError> {
    let (discovery, keys) = match &attempt.provider {
        Provider::Discovery(status, body) => ((*status, body.clone()), (200, world.key_set().to_string())),
        Provider::Keys(status, body) => {
            ((200, world.discovery_document(&world.issuer())), (*status, body.clone()))
        }
        other => panic!("{other:?} is not served here yet"),
    };
    let tenant = world.tenant_id();
    for (place, (status, body)) in [
        (format!("/{tenant}/v2.0/.well-known/openid-configuration"), discovery),
        (format!("/{tenant}/discovery/v2.0/keys"), keys),
    ] {
        let answer = ResponseTemplate::new(status).set_body_string(body);
        Mock::given(method("GET")).and(path(place)).respond_with(answer).mount(server).await;
    }
    let validator = validator(case, world);
    let keys = RemoteKeySet::new(validator.authority().clone());
    let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    let api = ResourceServer::with_keys(validator, keys).unwrap().clock(move || now);
    api.authenticate(&headers(attempt)).await.map(|_| ())
}

fn validator(case: &Case, world: &World) -> Validator {
    let authority = world.authority();
    let authority = match case.setting {
        Setting::AnyOrganization => authority.replace(world.tenant_id(), "organizations"),
        _ => authority,
    };
    let authority = Authority::from_url(&authority).expect("the world's authority is on loopback");
    let validator = Validator::new(authority, world.audience());
    match case.setting {
        Setting::AllowedClient => validator.allow_clients([world.allowed_client()]),
        Setting::AllowedSubject => validator.allow_subjects([world.allowed_subject()]),
        _ => validator,
    }
}

pub(crate) fn headers(attempt: &Attempt) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in &attempt.authorization {
        headers.append("authorization", HeaderValue::from_bytes(value).expect("a header that can be sent"));
    }
    headers
}
