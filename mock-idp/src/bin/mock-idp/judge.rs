//! Which steps of validation a token would pass: asked of entra-validator, again and again, each time with what it
//! refused put right.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use entra_mock_idp::{StepOutcome, StepReport, TokenBuilder, TokenVersion, ValidationRequest};
use entra_validator::{Authority, KeySet, Rejection, Validator};
use serde_json::{Map, Value};

/// The last step before the claims: what fails up to here is put right by signing the claims anew.
const SIGNATURE: u8 = 7;

/// What each step asks for, and what to do about a token that fails it.
const STEPS: [(&str, &str); 18] = [
    ("Three canonical base64url parts", "Send the token as it was issued: nothing added, nothing cut."),
    (
        "A header that is strict JSON and asks for nothing unknown",
        "Take the token from the identity provider.",
    ),
    ("The algorithm is RS256", "Entra signs with RS256 alone: whoever else offers a token made it."),
    ("The type is JWT", "Send the access token, not another kind of token."),
    ("The key is published", "Fetch the key set anew: the key may be newer, or withdrawn by a rotation."),
    ("The key suits RS256", "Look at the key set: the key is of another type, use or size."),
    (
        "The signature is by that key",
        "Take a fresh token: this one was changed on its way, or made by somebody else.",
    ),
    (
        "The claims are strict JSON, of the right types, and all there",
        "Send an access token as it was issued: an ID token lacks claims.",
    ),
    ("The version is what the API asks for", "Set requestedAccessTokenVersion in the API's registration."),
    (
        "The tenant is served here",
        "Sign in to the tenant that the API serves, or let the API serve this one.",
    ),
    ("The issuer is that tenant's", "Configure the API with the authority that the client signs in to."),
    ("The audience is this API", "Ask for a scope of this API: api://.../.default, not one of another API."),
    ("It has not expired", "Get a new token; if this one is new, compare the clocks."),
    ("It is valid already", "Compare the clocks: it is not valid yet by this one."),
    ("It was not issued in the future", "Compare the clocks: it was issued later than this one tells."),
    ("It carries a scope or an app role", "Ask for a scope, or assign an app role to the client."),
    ("The client may come in", "Let the API allow this client, or drop its allow-list."),
    ("The subject may come in", "Let the API allow this user or app, or drop its allow-list."),
];

pub(crate) fn judge(trial: &ValidationRequest<'_>) -> Result<Vec<StepReport>, String> {
    let authority = Authority::from_url(&trial.authority).map_err(|error| error.to_string())?;
    if trial.audience.is_empty() {
        return Err("the directory has no API: name an audience".to_owned());
    }
    let validator = match trial.version {
        TokenVersion::V1 => Validator::v1(authority, trial.audience),
        TokenVersion::V2 => Validator::new(authority, trial.audience),
    };
    let keys = KeySet::from_jwks(&trial.key_set).map_err(|error| error.to_string())?;
    let (rejections, end) = rejections(trial, &validator, &keys);
    let steps = (1..).zip(STEPS).map(|(number, (name, advice))| {
        let rejection = rejections.iter().find(|rejection| rejection.step() == number);
        let signed_anew = rejections.iter().any(|rejection| rejection.step() < number) && number <= SIGNATURE;
        StepReport {
            step: number,
            name,
            outcome: match rejection {
                Some(_) => StepOutcome::Failed,
                None if signed_anew || number > end => StepOutcome::NotJudged,
                None => StepOutcome::Passed,
            },
            code: rejection.map(Rejection::code),
            status: rejection.map(Rejection::status),
            detail: rejection.map(|_| details(&rejections, number)),
            advice: rejection.map(|_| advice),
        }
    });
    Ok(steps.collect())
}

/// Every missing claim is told of, not the first alone.
fn details(rejections: &[Rejection], step: u8) -> String {
    let of_step = rejections.iter().filter(|rejection| rejection.step() == step);
    of_step.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// All that is wrong, and the last step that could be judged.
fn rejections(trial: &ValidationRequest<'_>, validator: &Validator, keys: &KeySet) -> (Vec<Rejection>, u8) {
    let mut seen: Vec<Rejection> = Vec::new();
    let mut token = Cow::Borrowed(trial.token);
    let mut claims = trial.claims.cloned();
    let end = loop {
        let Err(rejection) = validator.validate(&token, keys, time(trial.now)) else { break 18 };
        let (step, again) = (rejection.step(), seen.contains(&rejection));
        let right =
            !again && claims.as_mut().is_some_and(|claims| put_right(&rejection, claims, &trial.good_claims));
        seen.push(rejection);
        let Some(claims) = claims.as_ref().filter(|_| right) else { break step };
        token = TokenBuilder::from_claims(claims.clone(), trial.signing_key.clone()).sign().into();
    };
    // What was put right may break an earlier step, which the token itself had passed.
    let mut furthest = 0;
    seen.dedup();
    seen.retain(|rejection| {
        let told = rejection.step() >= furthest;
        furthest = furthest.max(rejection.step());
        told
    });
    (seen, end)
}

/// Whether it could be done.
fn put_right(rejection: &Rejection, claims: &mut Map<String, Value>, good: &Map<String, Value>) -> bool {
    let claim = match rejection {
        Rejection::ClaimMissing { claim } => claim.as_str(),
        Rejection::VersionNotSupported { .. } => "ver",
        Rejection::TenantNotTrusted { .. } => "tid",
        Rejection::IssuerUntrusted { .. } => "iss",
        Rejection::AudienceInvalid { .. } => "aud",
        Rejection::Expired { .. } => "exp",
        Rejection::Immature { .. } => "nbf",
        Rejection::IssuedInFuture { .. } => "iat",
        Rejection::PermissionsMissing { .. } => "roles",
        rejection => return rejection.step() <= SIGNATURE + 1,
    };
    let Some(value) = good.get(claim) else { return false };
    claims.insert(claim.to_owned(), value.clone()).as_ref() != Some(value)
}

fn time(seconds: i64) -> SystemTime {
    let length = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { UNIX_EPOCH.checked_sub(length) } else { UNIX_EPOCH.checked_add(length) };
    time.unwrap_or(UNIX_EPOCH)
}
