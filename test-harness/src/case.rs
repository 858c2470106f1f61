//! A case of the catalogue.

use crate::{
    Attacker, Attempt, Expect, Provider, Setting, Severity, World,
    catalogue::{Documents, Row, Sent},
};

/// One way to go wrong, or one that must be accepted: a row of the catalogue with what its group adds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Case {
    /// `group::defect`, unique and stable.
    pub id: &'static str,
    /// What the case is, in one sentence that stands alone.
    pub summary: &'static str,
    /// The verdict of a correct validator.
    pub expect: Expect,
    /// Who can send this to a real API.
    pub mounted_by: Attacker,
    /// How severe it is if the case ends otherwise.
    pub severity: Severity,
    /// How the API must be configured for the case to apply.
    pub setting: Setting,
    /// The rule, or where it was broken: a section of an RFC, a page of Entra's documentation, a CVE.
    pub references: &'static [&'static str],
    pub(crate) row: &'static Row,
}

impl Case {
    /// The part of the id before `::`.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split("::").next().unwrap_or(self.id)
    }

    /// Builds what is sent, and what the identity provider publishes meanwhile.
    #[must_use]
    pub fn forge(&self, world: &World) -> Attempt {
        let attempt = match self.row.sent {
            Sent::Token(token) => Attempt::token(token(world).sign()),
            Sent::Text(token) => Attempt::token(token(world)),
            Sent::Request(request) => request(world),
        };
        match self.row.documents {
            Documents::Honest => attempt,
            Documents::Key(jwk) => attempt.with_key_set(world.key_set_with(jwk(world))),
            Documents::KeySet(key_set) => attempt.with_key_set(key_set(world)),
            Documents::Discovery(status, body) => {
                attempt.with_provider(Provider::Discovery(status, body(world)))
            }
            Documents::Keys(status, body) => attempt.with_provider(Provider::Keys(status, body(world))),
        }
    }

    /// Whether the identity provider publishes something else for it: then the API must not hold the honest keys.
    #[must_use]
    pub fn brings_documents(&self) -> bool {
        !matches!(self.row.documents, Documents::Honest)
    }
}
