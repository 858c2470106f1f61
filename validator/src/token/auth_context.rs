//! Authentication contexts: whether the user has signed in strongly enough.

use crate::{AuthError, ClaimsChallenge, Forbidden, VerifiedToken};

impl VerifiedToken {
    /// Requires an authentication context (`acrs`), `c1` for instance.
    ///
    /// ```
    /// # fn handler(token: &entra_validator::VerifiedToken) -> Result<&'static str, entra_validator::AuthError> {
    /// token.require_auth_context("c1")?;
    /// # Ok("orders deleted") }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ClaimsChallenge`], which makes the client ask for such a token, if the client says that it understands one
    /// (`xms_cc` holds `cp1`); else [`Forbidden`]
    /// ([claims challenge](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
    pub fn require_auth_context(&self, context: &str) -> Result<(), AuthError> {
        let holds = |claim: &str, matches: &dyn Fn(&str) -> bool| {
            self.claim::<Vec<String>>(claim).is_some_and(|values| values.iter().any(|value| matches(value)))
        };
        if !context.is_empty() && holds("acrs", &|value| value == context) {
            return Ok(());
        }
        if holds("xms_cc", &|value| value.eq_ignore_ascii_case("cp1")) {
            let url = self.authority().authorization_url();
            return Err(ClaimsChallenge::auth_context(context, url.as_deref()).of(self).into());
        }
        Err(Forbidden::auth_context(context).of(self).into())
    }
}
