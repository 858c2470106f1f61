//! What operators see: one event and one count for every refusal and every fetch of the keys. Never a token, nor what it
//! says of a person.
#![cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    allow(unused_variables, reason = "nobody is told")
)]

use crate::KeySetError;

/// A fetch of the keys, and of the metadata before them where that was due.
pub(crate) fn fetched<T>(outcome: Result<T, KeySetError>) -> Result<T, KeySetError> {
    #[cfg(feature = "tracing")]
    match &outcome {
        Ok(_) => tracing::debug!(target: "entra_validator", "signing keys fetched"),
        Err(error) => tracing::warn!(target: "entra_validator", code = error.code(), "{error}"),
    }
    #[cfg(feature = "metrics")]
    {
        let outcome = outcome.as_ref().map_or_else(KeySetError::code, |_| "ok");
        metrics::counter!("entra_validator_key_fetches_total", "outcome" => outcome).increment(1);
    }
    outcome
}

#[cfg(all(feature = "http", feature = "remote-keys"))]
mod requests {
    use crate::{Refusal, validator::Signed};

    /// A token of a known key: whatever else is told of it names the key.
    pub(crate) fn verified(signed: &Signed) {
        #[cfg(feature = "tracing")]
        tracing::Span::current().record("kid", &*signed.kid);
    }

    /// A request that is not let in, told where that is decided.
    pub(crate) fn refused(refusal: Refusal) -> Refusal {
        tell(&refusal);
        refusal
    }

    /// What a handler asks of a good token is its own to decide: told when it is answered.
    pub(crate) fn answered(refusal: &Refusal) {
        if matches!(refusal, Refusal::Forbidden(_) | Refusal::Claims(_)) {
            tell(refusal);
        }
    }

    fn tell(refusal: &Refusal) {
        #[cfg(feature = "tracing")]
        {
            let crate::refusal::Details { step, kid, expected, actual } = refusal.details();
            tracing::info!(
                target: "entra_validator",
                code = refusal.code(),
                status = refusal.status(),
                step,
                kid,
                expected,
                actual,
                "request refused: {refusal}"
            );
        }
        #[cfg(feature = "metrics")]
        metrics::counter!("entra_validator_refusals_total", "code" => refusal.code()).increment(1);
    }
}

#[cfg(all(feature = "http", feature = "remote-keys"))]
pub(crate) use requests::{answered, refused, verified};
