//! In place of the documents of other issuers, without the feature `federation`.

use crate::token::JwkSet;

#[expect(clippy::unused_async, reason = "as the function that it stands for")]
pub(super) async fn read_keys(issuer: &str) -> Result<JwkSet, String> {
    Err(format!("{issuer} was not asked: this mock is built without the feature `federation`"))
}
