//! One API, several authorities.

use std::{iter, mem};

use crate::{Authority, AuthorityError, token::Unverified};

use super::resource_server::ResourceServer;

impl ResourceServer {
    /// Also accepts the tokens of another server's authority: employees of one, customers of another. The token's `iss`
    /// decides which of them judges it, and that one alone: nothing is fetched for an issuer that none of them has. Of two B2C
    /// policies with one issuer, `tfp` decides.
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
        let of_other = mem::take(&mut other.others);
        for added in iter::once(&other).chain(&*of_other) {
            for ours in iter::once(&self).chain(&*self.others) {
                if let Some(issuer) = ours.authority().shared_issuer(added.authority())? {
                    return Err(AuthorityError(format!(
                        "two servers accept the issuer {issuer}: one authority has one server"
                    )));
                }
            }
        }
        self.others = self.others.iter().chain(iter::once(&other)).chain(&*of_other).cloned().collect();
        Ok(self)
    }

    /// The one whose authority the token names. A token that is nobody's is refused by this one, which fetches nothing for it.
    pub(super) fn server_for(&self, token: &str) -> &Self {
        let all = || iter::once(self).chain(&*self.others);
        let longest = all().map(|server| server.validator.longest_token()).max();
        if self.others.is_empty() || Some(token.len()) > longest {
            return self;
        }
        let said = Unverified::read(token);
        let named = said.and_then(|said| all().find(|server| server.authority().may_issue(&said)));
        named.unwrap_or(self)
    }

    /// Whether the token names this authority, so that its key is worth a fetch: an honest token of another authority
    /// costs this one's provider nothing.
    pub(super) fn may_have_issued(&self, token: &str) -> bool {
        Unverified::read(token).is_some_and(|said| self.authority().may_issue(&said))
    }

    fn authority(&self) -> &Authority {
        self.validator.authority()
    }
}
