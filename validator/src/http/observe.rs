//! What operators see of requests: one event and one count for every refusal. Never a token, nor anything about a person.
#![cfg_attr(
    not(all(feature = "tracing", feature = "metrics")),
    allow(
        unused_variables,
        reason = "events and counts need different things, and there may be no one to report to"
    )
)]

#[cfg(feature = "tracing")]
use crate::rejection::{Evidence, Rejection};
use crate::{AuthError, token::Signed};

/// The span of one validation. It is an argument: the current span may be the caller's, which is not ours to write to.
#[derive(Clone)]
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Span {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(feature = "tracing")]
            span: tracing::debug_span!(target: "entra_validator", "validate", kid = tracing::field::Empty),
        }
    }

    pub(crate) async fn around<F: Future>(self, validation: F) -> F::Output {
        #[cfg(feature = "tracing")]
        return tracing::Instrument::instrument(validation, self.span).await;
        #[cfg(not(feature = "tracing"))]
        validation.await
    }
}

/// A token whose signature verified: whatever else is reported about it names the key.
pub(crate) fn verified(span: &Span, signed: &Signed) {
    #[cfg(feature = "tracing")]
    span.span.record("kid", &*signed.kid);
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
        let rejection = match error {
            AuthError::Token(rejection) => Some(rejection),
            _ => None,
        };
        let Evidence { kid, expected, actual } = rejection.map(Rejection::evidence).unwrap_or_default();
        tracing::info!(
            target: "entra_validator",
            code = error.code().as_str(),
            status = error.status(),
            step = rejection.map(|rejection| rejection.step().number()),
            kid,
            expected,
            actual,
            "request refused: {error}"
        );
    }
    #[cfg(feature = "metrics")]
    metrics::counter!("entra_validator_refusals_total", "code" => error.code().as_str()).increment(1);
}
