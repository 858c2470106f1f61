//! What operators see of requests: one event and one count for every refusal. Never a token, nor anything about a person.
#![cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    allow(unused_variables, reason = "there is no one to report to")
)]

use crate::{AuthError, token::Signed};

/// A token whose signature verified: whatever else is reported of it names the key.
pub(crate) fn verified(signed: &Signed) {
    #[cfg(feature = "tracing")]
    tracing::Span::current().record("kid", &*signed.kid);
}

/// A request that was refused, reported where that is decided.
pub(crate) fn refused(error: AuthError) -> AuthError {
    report(&error);
    error
}

/// What a handler asks of a good token is for the handler to decide: reported when it is answered.
pub(crate) fn answered(error: &AuthError) {
    if matches!(error, AuthError::Forbidden(_) | AuthError::Claims(_)) {
        report(error);
    }
}

fn report(error: &AuthError) {
    #[cfg(feature = "tracing")]
    {
        let Details { step, kid, expected, actual } = Details::of(error);
        tracing::info!(
            target: "entra_validator",
            code = error.code().as_str(),
            status = error.status(),
            step,
            kid,
            expected,
            actual,
            "request refused: {error}"
        );
    }
    #[cfg(feature = "metrics")]
    metrics::counter!("entra_validator_refusals_total", "code" => error.code().as_str()).increment(1);
}

/// A refusal's parts. Text that a stranger chose is escaped and cut.
#[cfg(feature = "tracing")]
#[derive(Default)]
struct Details {
    step: Option<u8>,
    kid: Option<String>,
    expected: Option<String>,
    actual: Option<String>,
}

#[cfg(feature = "tracing")]
impl Details {
    fn of(error: &AuthError) -> Self {
        use crate::rejection::{Quoted, Rejection};

        let AuthError::Token(rejection) = error else { return Self::default() };
        let text = |value: &str| Some(Quoted(value).to_string());
        let first = |values: &[String]| values.first().and_then(|value| text(value));
        let (kid, expected, actual) = match rejection {
            Rejection::AlgorithmNotAllowed { alg } => (None, text("RS256"), text(alg)),
            Rejection::TypeNotAllowed { typ } => (None, text("JWT"), text(typ)),
            Rejection::KeyUnknown { kid } | Rejection::SignatureUntrusted { kid } => (text(kid), None, None),
            Rejection::KeyUnsuitable { kid, reason } => (text(kid), None, text(reason)),
            Rejection::ClaimMissing { claim } => (None, text(claim), None),
            Rejection::VersionNotSupported { ver } => (None, None, text(ver)),
            Rejection::TenantNotTrusted { tid } => (None, None, text(tid)),
            Rejection::IssuerUntrusted { expected, actual } => {
                (None, expected.as_deref().and_then(text), text(actual))
            }
            Rejection::KeyIssuerUntrusted { kid, limited_to } => (text(kid), text(limited_to), None),
            Rejection::AudienceInvalid { expected, actual } => (None, first(expected), first(actual)),
            Rejection::Expired { exp, now } => (None, Some(format!("after {now}")), Some(exp.to_string())),
            Rejection::Immature { nbf: from, now } | Rejection::IssuedInFuture { iat: from, now } => {
                (None, Some(format!("not after {now}")), Some(from.to_string()))
            }
            Rejection::PermissionsMissing { required } => (None, text(required), None),
            Rejection::ClientNotTrusted { client } => (None, None, text(client)),
            Rejection::TokenInvalid { .. }
            | Rejection::HeaderInvalid { .. }
            | Rejection::KidMissing
            | Rejection::ClaimsInvalid { .. }
            | Rejection::SubjectNotTrusted
            | Rejection::GuestNotAllowed => (None, None, None),
        };
        Self { step: Some(rejection.step().number()), kid, expected, actual }
    }
}
