//! Which steps of the validation a token would pass: entra-validator is asked again and again, each time with what it
//! refused mended.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use entra_mock_idp::{StepOutcome, StepReport, TokenBuilder, TokenVersion, ValidationRequest};
use entra_validator::{Authority, KeySet, Rejection, Step, Validator};
use serde_json::{Map, Value};

pub(crate) fn judge(request: &ValidationRequest<'_>) -> Result<Vec<StepReport>, String> {
    let authority = Authority::from_url(&request.authority).map_err(|error| error.to_string())?;
    if request.audience.is_empty() {
        return Err("the directory has no API: name an audience".to_owned());
    }
    let validator = match request.version {
        TokenVersion::V1 => Validator::v1(authority, request.audience).map_err(|error| error.to_string())?,
        TokenVersion::V2 => Validator::new(authority, request.audience),
    };
    let keys = KeySet::from_jwks(&request.key_set).map_err(|error| error.to_string())?;
    let (rejections, last) = rejections(request, &validator, &keys);
    let report = |step: Step| {
        let of_step: Vec<&Rejection> =
            rejections.iter().filter(|rejection| rejection.step() == step).collect();
        // The claims were signed again to get past an earlier step: what this one says is not about the token.
        let signed_again =
            step <= Step::Signature && rejections.iter().any(|rejection| rejection.step() < step);
        StepReport {
            step: step.number(),
            name: step.rule(),
            outcome: match of_step.first() {
                Some(_) => StepOutcome::Failed,
                None if signed_again || last.is_some_and(|last| step > last) => StepOutcome::NotJudged,
                None => StepOutcome::Passed,
            },
            code: of_step.first().map(|rejection| rejection.code().as_str()),
            status: of_step.first().map(|rejection| rejection.status()),
            // Every missing claim is named, not the first one only.
            detail: (!of_step.is_empty())
                .then(|| of_step.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            advice: of_step.first().map(|_| step.advice()),
        }
    };
    Ok(Step::ALL.iter().copied().map(report).collect())
}

/// Everything that is wrong, and the last step that could be judged, if not all could.
fn rejections(
    request: &ValidationRequest<'_>,
    validator: &Validator,
    keys: &KeySet,
) -> (Vec<Rejection>, Option<Step>) {
    let mut seen: Vec<Rejection> = Vec::new();
    let mut token = Cow::Borrowed(request.token);
    let mut claims = request.claims.cloned();
    let last = loop {
        let Err(rejection) = validator.validate(&token, keys, time(request.now)) else { break None };
        let (step, again) = (rejection.step(), seen.contains(&rejection));
        let mended =
            !again && claims.as_mut().is_some_and(|claims| mend(&rejection, claims, &request.good_claims));
        seen.push(rejection);
        let Some(claims) = claims.as_ref().filter(|_| mended) else { break Some(step) };
        token =
            TokenBuilder::from_claims(claims.clone(), request.signing_key.clone(), request.now).sign().into();
    };
    // What was mended may break an earlier step, which the token itself had passed.
    let mut furthest = Step::CompactForm;
    seen.dedup();
    seen.retain(|rejection| {
        let in_order = rejection.step() >= furthest;
        furthest = furthest.max(rejection.step());
        in_order
    });
    (seen, last)
}

/// Gives the claim that was refused its good value; whether that could be done. Up to the claims set, signing the claims
/// again is enough.
fn mend(rejection: &Rejection, claims: &mut Map<String, Value>, good: &Map<String, Value>) -> bool {
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
        rejection => return rejection.step() <= Step::ClaimsSet,
    };
    let Some(value) = good.get(claim) else { return false };
    claims.insert(claim.to_owned(), value.clone()).as_ref() != Some(value)
}

fn time(seconds: i64) -> SystemTime {
    let length = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 { UNIX_EPOCH.checked_sub(length) } else { UNIX_EPOCH.checked_add(length) };
    time.unwrap_or(UNIX_EPOCH)
}
