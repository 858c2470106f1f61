//! One API, several authorities.

use std::{iter, mem};

use crate::{Authority, AuthorityError, KeySet, Rejection, token::unverified_claim};

use super::resource_server::ResourceServer;

impl ResourceServer {
    /// Also accepts the tokens of another server's authority: employees of one, customers of another. The token's `iss`
    /// decides which of them judges it, and that one alone: nothing is fetched for an issuer that none of them has. Of two B2C
    /// policies with one issuer, `tfp` decides. Both are looked for in the first 1.5 KiB of the claims.
    ///
    /// Each keeps its own validator, keys, cache and response settings, so set them before; a request without a token gets
    /// this server's response. [`VerifiedToken::authority`](crate::VerifiedToken::authority) tells whose token it is.
    ///
    /// ```
    /// use entra_validator::{Authority, Forbidden, ResourceServer, Validator, VerifiedToken};
    ///
    /// let employees = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// let customers = Authority::external_id("contoso", "aaaaaaaa-0000-4000-8000-000000000001")?;
    /// let server = ResourceServer::new(Validator::for_app(employees, "6e74172b-be56-4843-9ff4-e66a39bb12e3")).also(
    ///     ResourceServer::new(Validator::for_app(customers.clone(), "dddddddd-0000-4000-8000-00000000a001")),
    /// )?;
    ///
    /// let is_customer = |token: &VerifiedToken| *token.authority() == customers;
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if both accept an issuer, so that one of them would never be asked, or if an authority that was made
    /// from a discovery URL does not name its [issuer](Authority::issuer).
    pub fn also(mut self, mut other: Self) -> Result<Self, AuthorityError> {
        let of_other = mem::take(&mut other.parts_mut().others);
        for added in iter::once(&other).chain(&of_other) {
            for ours in iter::once(&self).chain(&self.0.others) {
                if let Some(issuer) = ours.authority().shared_issuer(added.authority())? {
                    return Err(AuthorityError(format!(
                        "two servers accept the issuer {issuer}: one authority has one server"
                    )));
                }
            }
        }
        let others = &mut self.parts_mut().others;
        others.push(other);
        others.extend(of_other);
        Ok(self)
    }

    /// The one whose authority the token names. A token that names nobody's is refused, and nothing is fetched for it.
    pub(super) fn server_for(&self, token: &str) -> Result<&Self, Rejection> {
        if self.0.others.is_empty() {
            return Ok(self);
        }
        let Some(iss) = unverified_claim(token, "iss") else { return Ok(self) };
        let named = |policy: Option<&str>| {
            let mut all = iter::once(self).chain(&self.0.others);
            all.find(|server| server.authority().may_issue(&iss, policy))
        };
        let Some(first) = named(None) else { return Err(self.nobodys(token, iss)) };
        if first.authority().policy().is_none() {
            return Ok(first);
        }
        let policy = unverified_claim(token, "tfp").or_else(|| unverified_claim(token, "acr"));
        Ok(named(policy.as_deref()).unwrap_or(first))
    }

    /// What is wrong with a token that names no authority of ours: its form, as for any other, or its issuer.
    fn nobodys(&self, token: &str, actual: String) -> Rejection {
        match self.0.validator.read(token, &KeySet::empty()) {
            Err(rejection) if !matches!(rejection, Rejection::KeyUnknown { .. }) => rejection,
            _ => Rejection::IssuerUntrusted { expected: self.authority().usual_issuer(), actual },
        }
    }

    /// Whether the token does not name another authority, so that its key is worth a fetch: honest tokens of others cost this
    /// one's provider nothing.
    pub(super) fn may_have_issued(&self, token: &str) -> bool {
        unverified_claim(token, "iss").is_none_or(|iss| self.authority().may_issue(&iss, None))
    }

    fn authority(&self) -> &Authority {
        self.0.validator.authority()
    }
}
