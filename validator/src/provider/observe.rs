//! What operators see of the identity provider: one event and one count for every fetch of its keys.

use crate::KeySetError;

/// A fetch of the keys, and of the metadata before them where that was due.
pub(crate) fn fetched<T>(outcome: Result<T, KeySetError>) -> Result<T, KeySetError> {
    #[cfg(feature = "tracing")]
    match &outcome {
        Ok(_) => tracing::debug!(target: "entra_validator", "keys fetched"),
        Err(error) => tracing::warn!(target: "entra_validator", code = error.code().as_str(), "{error}"),
    }
    #[cfg(feature = "metrics")]
    {
        let outcome = outcome.as_ref().map_or_else(|error| error.code().as_str(), |_| "ok");
        metrics::counter!("entra_validator_key_fetches_total", "outcome" => outcome).increment(1);
    }
    outcome
}
