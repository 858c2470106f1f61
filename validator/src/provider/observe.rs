//! What operators see of the identity provider: one event and one count for every fetch of its keys.

use crate::KeySetError;

/// A fetch of the keys, and of the metadata before them where that was due.
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    allow(unused_variables, reason = "there is no one to report to")
)]
pub(crate) fn fetched(error: Option<&KeySetError>) {
    #[cfg(feature = "tracing")]
    match error {
        None => tracing::debug!(target: "entra_validator", "keys fetched"),
        Some(error) => tracing::warn!(target: "entra_validator", code = error.code().as_str(), "{error}"),
    }
    #[cfg(feature = "metrics")]
    {
        let outcome = error.map_or("ok", |error| error.code().as_str());
        metrics::counter!("entra_validator_key_fetches_total", "outcome" => outcome).increment(1);
    }
}
