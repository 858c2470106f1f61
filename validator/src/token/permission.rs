//! Authorisation: what a good token is allowed to do. Not a step of validation.

use std::{error::Error, fmt, sync::Arc};

use crate::{Claims, Code, VerifiedToken};

use super::response_settings::ResponseSettings;

/// A good token lacks the permissions that a route requires: HTTP 403, `auth_token_insufficient_scopes`.
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
    settings: Option<Arc<ResponseSettings>>,
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
        Self::unless_satisfied(Kind::Scopes, alternatives, holds)
    }

    pub(crate) fn roles<S: AsRef<str>>(
        alternatives: impl IntoIterator<Item = S>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<(), Self> {
        Self::unless_satisfied(Kind::Roles, alternatives, holds)
    }

    pub(crate) fn auth_context(context: &str) -> Self {
        Self { kind: Kind::AuthContext, alternatives: vec![context.to_owned()], settings: None }
    }

    fn unless_satisfied<S: AsRef<str>>(
        kind: Kind,
        alternatives: impl IntoIterator<Item = S>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<(), Self> {
        let mut refused = Vec::new();
        for alternative in alternatives {
            let required = alternative.as_ref();
            // "All of nothing" would accept everyone.
            if !required.trim().is_empty() && required.split_whitespace().all(&holds) {
                return Ok(());
            }
            refused.push(required.to_owned());
        }
        Err(Self { kind, alternatives: refused, settings: None })
    }

    /// Adds the settings of the server that accepted this token.
    pub(crate) fn of(self, token: &VerifiedToken) -> Self {
        Self { settings: token.settings().cloned(), ..self }
    }

    #[cfg(feature = "http")]
    pub(crate) fn settings(&self) -> Option<&ResponseSettings> {
        self.settings.as_deref()
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::InsufficientScopes
    }

    /// The HTTP status, always 403.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status()
    }

    /// The `scope` of the RFC 6750 challenge: the first alternative. App roles are not scopes: a client cannot ask
    /// for them.
    pub(crate) fn scope(&self) -> Option<&str> {
        match self.kind {
            Kind::Scopes => self.alternatives.first().map(String::as_str),
            Kind::Roles | Kind::AuthContext => None,
        }
    }
}

impl VerifiedToken {
    /// Requires delegated scopes (`scp`): one of the alternatives, each a list of scopes separated by spaces that must all be
    /// present. `["Orders.Read Orders.Write", "Orders.Admin"]` means (read and write) or admin.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is satisfied. An empty list, or an empty alternative, is never satisfied.
    pub fn require_scopes<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        Forbidden::scopes(alternatives, |scope| self.claims().scopes.iter().any(|held| held == scope))
            .map_err(|forbidden| forbidden.of(self))
    }

    /// Requires app roles (`roles`), with alternatives as in [`require_scopes`](Self::require_scopes).
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is satisfied.
    pub fn require_roles<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        Forbidden::roles(alternatives, |role| self.claims().roles.iter().any(|held| held == role))
            .map_err(|forbidden| forbidden.of(self))
    }

    /// Requires permissions as flask-entra-auth does, whose "scopes" are the union of `scp`, `roles` and the list `scps`.
    ///
    /// A user who holds the scope `Admin` passes here where the app role `Admin` was meant. Use it to move from that
    /// package; then require scopes and roles apart.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if no alternative is satisfied.
    pub fn require_permissions<S: AsRef<str>>(
        &self,
        alternatives: impl IntoIterator<Item = S>,
    ) -> Result<(), Forbidden> {
        let Claims { scopes, roles, scps, .. } = self.claims();
        Forbidden::scopes(alternatives, |permission| {
            scopes.iter().chain(roles).chain(scps).any(|held| held == permission)
        })
        .map_err(|forbidden| forbidden.of(self))
    }
}

/// What a route requires of a good token, as a value: for layers.
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

    /// Whether the token satisfies it. An empty requirement is refused rather than granted.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if it does not.
    pub fn check(&self, token: &VerifiedToken) -> Result<(), Forbidden> {
        let by_scopes = token.require_scopes(&self.scopes);
        if by_scopes.is_ok() || token.require_roles(&self.roles).is_ok() {
            return Ok(());
        }
        // The response names what a client can ask for, where there is anything.
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
        write!(out, "the token does not carry the required {kind}: {}", self.alternatives.join(" | "))
    }
}

impl Error for Forbidden {}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfied(alternatives: &[&str], held: &[&str]) -> bool {
        Forbidden::scopes(alternatives, |scope| held.contains(&scope)).is_ok()
    }

    #[test]
    fn alternatives_are_joined_by_or_and_the_scopes_in_one_by_and() {
        assert!(satisfied(&["A B", "C"], &["C"]));
        assert!(satisfied(&["A B", "C"], &["B", "A"]));
        assert!(!satisfied(&["A B", "C"], &["A"]));
        assert!(!satisfied(&["A"], &["a"]), "scopes are case-sensitive (RFC 6749 §3.3)");
        assert!(!satisfied(&["Files.Read"], &["Files.ReadWrite", "xFiles.Read", "Files.Read.All"]));
    }

    #[test]
    fn an_empty_requirement_is_refused_rather_than_granted() {
        assert!(!satisfied(&[], &["A"]));
        assert!(!satisfied(&[""], &["A"]));
        assert!(!satisfied(&[" "], &["A", ""]));
    }
}
