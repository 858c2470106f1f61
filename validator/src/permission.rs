//! Authorisation: what a good token is allowed to do. Not a step of validation.

use std::{error::Error, fmt};

use crate::VerifiedToken;

/// A good token lacks the permissions that a route asks for: HTTP 403, `auth_token_insufficient_scopes`.
///
/// ```
/// # fn handler(token: &entra_validator::VerifiedToken) -> Result<&'static str, entra_validator::Forbidden> {
/// // A user who consented to it, or a daemon that was given the role.
/// token.require_scopes(["Orders.Read"]).or_else(|_| token.require_roles(["Orders.Read.All"]))?;
/// # Ok("orders") }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbidden {
    kind: Kind,
    alternatives: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scopes,
    Roles,
    AuthContext,
}

impl Forbidden {
    pub(crate) fn scopes<S: AsRef<str>>(
        alternatives: impl IntoIterator<Item = S>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<(), Self> {
        Self::unless_met(Kind::Scopes, alternatives, holds)
    }

    pub(crate) fn roles<S: AsRef<str>>(
        alternatives: impl IntoIterator<Item = S>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<(), Self> {
        Self::unless_met(Kind::Roles, alternatives, holds)
    }

    pub(crate) fn auth_context(context: &str) -> Self {
        Self { kind: Kind::AuthContext, alternatives: vec![context.to_owned()] }
    }

    fn unless_met<S: AsRef<str>>(
        kind: Kind,
        alternatives: impl IntoIterator<Item = S>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<(), Self> {
        let mut refused = Vec::new();
        for alternative in alternatives {
            let wanted = alternative.as_ref();
            // "All of nothing" would let everyone in.
            if !wanted.trim().is_empty() && wanted.split_whitespace().all(&holds) {
                return Ok(());
            }
            refused.push(wanted.to_owned());
        }
        Err(Self { kind, alternatives: refused })
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "auth_token_insufficient_scopes"
    }

    /// The HTTP status, always 403.
    #[must_use]
    pub fn status(&self) -> u16 {
        403
    }

    /// The `scope` of the RFC 6750 challenge: the first alternative. App roles are no scopes, a client cannot ask for
    /// them.
    pub(crate) fn scope(&self) -> Option<&str> {
        match self.kind {
            Kind::Scopes => self.alternatives.first().map(String::as_str),
            Kind::Roles | Kind::AuthContext => None,
        }
    }
}

/// What a route asks of a good token, as a value: for layers.
///
/// ```
/// use entra_validator::Requirement;
///
/// // A user who consented to it, or a daemon that was given the role.
/// let requirement = Requirement::scopes(["Orders.Read"]).or_roles(["Orders.Read.All"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requirement {
    scopes: Vec<String>,
    roles: Vec<String>,
}

impl Requirement {
    /// One of these alternatives of delegated scopes, as in [`VerifiedToken::require_scopes`].
    #[must_use]
    pub fn scopes<S: Into<String>>(alternatives: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: alternatives.into_iter().map(Into::into).collect(), roles: Vec::new() }
    }

    /// One of these alternatives of app roles, as in [`VerifiedToken::require_roles`].
    #[must_use]
    pub fn roles<S: Into<String>>(alternatives: impl IntoIterator<Item = S>) -> Self {
        Self::default().or_roles(alternatives)
    }

    /// Or one of these alternatives of app roles.
    #[must_use]
    pub fn or_roles<S: Into<String>>(mut self, alternatives: impl IntoIterator<Item = S>) -> Self {
        self.roles.extend(alternatives.into_iter().map(Into::into));
        self
    }

    /// Whether the token meets it.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// use entra_validator::Requirement;
    ///
    /// let token = server.validate(&idp.token().sign()).await?;
    /// assert!(Requirement::scopes(["Orders.Read"]).or_roles(["Orders.Read.All"]).check(&token).is_ok());
    /// assert!(Requirement::default().check(&token).is_err(), "nothing asked for is refused rather than granted");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if it does not.
    pub fn check(&self, token: &VerifiedToken) -> Result<(), Forbidden> {
        let by_scopes = token.require_scopes(&self.scopes);
        if by_scopes.is_ok() || token.require_roles(&self.roles).is_ok() {
            return Ok(());
        }
        // The answer names what a client can ask for, where there is anything.
        if self.scopes.is_empty() { token.require_roles(&self.roles) } else { by_scopes }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Scopes => "scopes",
            Kind::Roles => "app roles",
            Kind::AuthContext => "authentication context",
        };
        write!(out, "the token does not carry the {kind} asked for: {}", self.alternatives.join(" | "))
    }
}

impl Error for Forbidden {}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(alternatives: &[&str], held: &[&str]) -> bool {
        Forbidden::scopes(alternatives, |scope| held.contains(&scope)).is_ok()
    }

    #[test]
    fn alternatives_are_joined_by_or_and_the_scopes_in_one_by_and() {
        assert!(met(&["A B", "C"], &["C"]));
        assert!(met(&["A B", "C"], &["B", "A"]));
        assert!(!met(&["A B", "C"], &["A"]));
        assert!(!met(&["A"], &["a"]), "scopes are case-sensitive (RFC 6749 §3.3)");
        assert!(!met(&["Files.Read"], &["Files.ReadWrite", "xFiles.Read", "Files.Read.All"]));
    }

    #[test]
    fn nothing_asked_for_is_refused_rather_than_granted() {
        assert!(!met(&[], &["A"]));
        assert!(!met(&[""], &["A"]));
        assert!(!met(&[" "], &["A", ""]));
    }
}
